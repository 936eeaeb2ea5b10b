import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isElpisError } from '../../../../lib/core/errors.js';
import type { HttpRequest } from '../../../../lib/protocols/http.js';
import { scenario } from '../../../../lib/scenario/scenario.js';
import { get, post } from '../../../../lib/scenario/steps/request.js';
import { pause } from '../../../../lib/scenario/steps/waits.js';
import { answerScript } from '../../../../lib/testing/scenario/answerScript.js';
import { playScenario } from '../../../../lib/testing/scenario/playScenario.js';
import { scriptedTransport } from '../../../../lib/testing/scenario/scriptedTransport.js';
import { VirtualClock } from '../../../../lib/time/virtualClock.js';

describe('answerScript', () => {
  const rows: [marbles: string, afterMs: number, letter: string | undefined][] = [
    ['r', 0, 'r'],
    ['--r', 2, 'r'],
    ['- - r ', 2, 'r'],
    ['250ms r', 250, 'r'],
    ['1.5s -#', 1501, '#'],
    ['2m a', 120_000, 'a'],
    ['---', 3, undefined],
    ['', 0, undefined],
  ];
  for (const [marbles, afterMs, letter] of rows) {
    it(`${JSON.stringify(marbles)} is ${letter ?? 'nothing'} after ${afterMs} ms`, () =>
      assert.deepEqual(answerScript(marbles), letter === undefined ? { afterMs } : { afterMs, letter }));
  }
  for (const marbles of ['ab', '--r-', '5', '5x r', '(a)', 'r|']) {
    it(`refuses ${marbles}`, () =>
      assert.throws(
        () => answerScript(marbles),
        (error) => isElpisError(error, 'ELPIS_CONFIG') && /cannot be read/.test(error.message),
      ));
  }
});

describe('scriptedTransport', () => {
  const sent = (path: string, scripts: Record<string, string | string[]>) =>
    playScenario(scenario('s', get('a', path)), scriptedTransport(scripts, { x: { status: 404 } })).samples[0]?.status;

  it('finds the first script that fits: with the query, without it, by *', () => {
    const scripts = { 'GET /a?q=1': 'r', 'GET /a': 'x', 'GET /b/*/c': 'r', '* /d*': 'x' };
    assert.deepEqual(
      ['/a?q=1', '/a?q=2', '/b/1/c', '/d', '/d/e?f'].map((path) => sent(path, scripts)),
      [200, 404, 200, 404, 404],
    );
  });

  it('what nothing is scripted for is an error of the run, which names what there is', () => {
    const { error } = playScenario(scenario('s', get('a', '/c')), scriptedTransport({ 'GET /a': 'r', 'POST /*': 'r' }));
    assert.match(String(error), /nothing is scripted for GET \/c; there are: GET \/a, POST \/\*/);
  });

  it('responds as scripted, or by a function of the request; failures by name', () => {
    const transport = scriptedTransport(
      { 'POST /a': 'e', 'POST /b': 't', 'POST /c': 'd' },
      {
        e: ({ body }: HttpRequest) => ({ body: body ?? '' }),
        t: { failure: 'timeout' },
        d: { json: { a: 1 }, headers: { 'Content-Type': 'a/b', X: ['1', '2'] } },
      },
    );
    const texts: unknown[] = [];
    const step = scenario('s', (flow) =>
      flow.pipe(post('a', '/a', { body: 'echo' }), post('c', '/c'), post('b', '/b')),
    );
    const { samples } = playScenario(step, transport);
    texts.push(...samples.map(({ tag, netCode, error }) => [tag, netCode, error]));
    assert.deepEqual(texts, [
      ['s/a', 0, ''],
      ['s/c', 0, ''],
      ['s/b', 110, 'timeout'],
      ['s', 110, 'timeout'],
    ]);
  });

  it('begins anew for every play, and remembers what it was sent', () => {
    const transport = scriptedTransport({ 'GET /a': ['-#', '-r'] });
    const step = scenario('s', get('a', '/a'));
    assert.deepEqual(
      [playScenario(step, transport).samples[0]?.error, playScenario(step, transport).samples[0]?.error],
      ['connection reset', 'connection reset'],
    );
    const own = transport.on(new VirtualClock());
    assert.deepEqual([own.requests, own.aborted], [[], 0]);
  });
});

describe('playScenario', () => {
  it('plays several runs, one after another', () => {
    const walk = scenario('walk', (flow) => flow.pipe(get('a', '/a'), pause(5)));
    const { drawing } = playScenario(walk, scriptedTransport({ 'GET /a': '--r' }), { runs: 2 });
    assert.equal(
      drawing,
      [
        'ms      0   2    7     9    14',
        'walk    |--------| |--------|',
        'walk/a  o---200  o-----200',
        'pause       ~~~~~      ~~~~~',
      ].join('\n'),
    );
  });

  it('stops at the limit', () => {
    const { drawing, samples } = playScenario(scenario('s', get('a', '/a')), scriptedTransport({ 'GET /a': '10s r' }), {
      untilMs: 5000,
    });
    assert.deepEqual([drawing, samples], ['ms   0\ns/a  o--->', []]);
  });

  it('hands the ammo over', () => {
    const byAmmo = scenario(
      's',
      get('a', (_, { ammo }) => `/${(ammo as { readonly row: string }).row}`),
    );
    assert.equal(
      playScenario(byAmmo, scriptedTransport({ '* *': 'r' }), { ammo: { row: 'x' } }).requests[0]?.request.target,
      '/x',
    );
  });
});
