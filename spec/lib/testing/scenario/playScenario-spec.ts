import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { catchError, concatMap, from, map, of } from 'rxjs';
import { isElpisError } from '../../../../lib/core/errors.js';
import type { HttpRequest } from '../../../../lib/protocols/http.js';
import { scenario } from '../../../../lib/scenario/scenario.js';
import { scenarioGuns } from '../../../../lib/scenario/scenarioGun.js';
import { get, post } from '../../../../lib/scenario/steps/request.js';
import { pause } from '../../../../lib/scenario/steps/waits.js';
import { playScenario } from '../../../../lib/testing/scenario/playScenario.js';
import { responseMarbles } from '../../../../lib/testing/scenario/responseMarbles.js';
import { ScenarioPlayError } from '../../../../lib/testing/scenario/scenarioPlay.js';
import { scriptedTransport } from '../../../../lib/testing/scenario/scriptedTransport.js';
import { seededRandom } from '../../../../lib/time/seededRandom.js';
import { VirtualClock } from '../../../../lib/time/virtualClock.js';

describe('responseMarbles', () => {
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
      assert.deepEqual(responseMarbles(marbles), letter === undefined ? { afterMs } : { afterMs, letter }));
  }
  for (const marbles of ['ab', '--r-', '5', '5x r', '(a)', 'r|']) {
    it(`refuses ${marbles}`, () =>
      assert.throws(
        () => responseMarbles(marbles),
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

  it('a request without a script ends the run, with an error that names the scripts', () => {
    const transport = scriptedTransport({ 'GET /a': 'r', 'POST /*': 'r' }, {}, new VirtualClock());
    const gun = scenarioGuns<HttpRequest>({
      transports: transport,
      deps: { scheduler: new VirtualClock(), random: seededRandom(1), share: { index: 0, of: 1 } },
    }).create({ instance: 0 });
    const played = scenario('s', get('a', '/c?x'));
    const ammo = { protocol: 'scenario', id: 1, tag: 's', scenario: played } as const;
    let error: unknown;
    from(gun.shoot(ammo, { index: 0, at: 0, ammo, instance: 0, started: 0, slotWait: 0 })).subscribe({
      error: (thrown: unknown) => {
        error = thrown;
      },
    });
    assert.ok(isElpisError(error, 'ELPIS_SHOT'));
    assert.match(String(error), /GET \/c\?x has no script; there are scripts for GET \/a, POST \/\*/);
    assert.equal(transport.unscripted.length, 1);
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

  it('begins again for every play, and records the requests', () => {
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

  /** The error of `playScenario`. */
  const thrown = (play: () => unknown): ScenarioPlayError => {
    try {
      play();
    } catch (error) {
      if (error instanceof ScenarioPlayError) return error;
      throw error;
    }
    return assert.fail('it should have thrown');
  };

  it('throws for a request without a script, with the drawing, although the scenario continues', () => {
    const walk = scenario('walk', (flow) =>
      flow.pipe(
        get('a', '/a'),
        concatMap((session) =>
          of(session).pipe(
            get('b', '/b?x=1'),
            catchError(() => of(session)),
          ),
        ),
        get('c', '/a'),
      ),
    );
    const error = thrown(() => playScenario(walk, scriptedTransport({ 'GET /a': '--r' })));
    assert.equal(
      error.message,
      [
        'GET /b?x=1 has no script; there are scripts for GET /a',
        '',
        '  ms      0   2           4',
        '  walk    |---------------|',
        '  walk/a  o---200',
        '  walk/b      #no script',
        '  walk/c      o-----------200',
        '',
      ].join('\n'),
    );
    assert.deepEqual(
      error.play.requests.map(({ scripted }) => scripted),
      [true, false, true],
    );
  });

  it('throws for an error of the run, with its cause and the drawing up to the error', () => {
    const broken = scenario('s', (flow) =>
      flow.pipe(
        get('a', '/a'),
        map((): never => {
          throw new TypeError('x is not a function');
        }),
      ),
    );
    const error = thrown(() => playScenario(broken, scriptedTransport({ 'GET /a': '--r' })));
    assert.match(
      error.message,
      /^the scenario "s" ends the run: .*x is not a function.*\n\n {2}ms +0 +2\n {2}s\/a +o---200\n$/,
    );
    assert.ok(isElpisError(error.cause, 'ELPIS_SHOT'));
  });

  const scales: [title: string, pauses: number[], scale: string][] = [
    ['whole milliseconds for what is far apart', [1402.839_451_681_822_5, 1000], 'ms     0   1403 2403'],
    ['decimals for what is near', [1402.839_451_681_822_5, 0.5, 2], 'ms     0   1402.8 1403.3 1405.3'],
    ['the half of a millisecond that a script says', [2.5], 'ms     0   2.5'],
    ['at most 3 decimals', [0.001_234, 0.001], 'ms     0   0.001 0.002'],
    [
      'one column for moments that differ by the rounding of floats',
      [0.1, 0.2, 0.000_000_000_1],
      'ms     0   0.1  0.3',
    ],
  ];
  for (const [title, lengths, scale] of scales)
    it(`shows ${title}`, () => {
      const waits = scenario('s', (flow) => lengths.reduce<typeof flow>((each, ms) => each.pipe(pause(ms)), flow));
      const { drawing } = playScenario(waits, scriptedTransport({}));
      assert.equal(drawing.split('\n')[0], scale);
    });

  it('passes the ammo to the scenario', () => {
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
