import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { filter, map } from 'rxjs';
import { status } from '../../../../lib/scenario/checks.js';
import type { Flow } from '../../../../lib/scenario/session.js';
import { check } from '../../../../lib/scenario/steps/check.js';
import { loop, whileTrue } from '../../../../lib/scenario/steps/loops.js';
import { get } from '../../../../lib/scenario/steps/request.js';
import { retry } from '../../../../lib/scenario/steps/retry.js';
import { draw, play } from '../draw.js';

const count = (flow: Flow<{ n: number }>) => flow.pipe(map((session) => session.with({ n: session.vars.n + 1 })));

describe('loop', () => {
  it('plays a step the given number of times, one after another', () => {
    assert.deepEqual(
      draw((flow) => flow.pipe(loop(2, get('a', '/a')), get('b', '/b'))),
      ['ms   0   2       4    6', 's    |----------------|', 's/a  o---200 o---200', 's/b              o----200'],
    );
  });

  it('each turn begins with the variables of the turn before', () => {
    const { requests } = play((flow) =>
      flow.pipe(
        map((session) => session.with({ n: 0 })),
        loop(
          ({ n }) => n + 3,
          (turn) =>
            turn.pipe(
              get('a', ({ n }) => `/${n}`),
              count,
            ),
        ),
        get('end', ({ n }) => `/${n}`),
      ),
    );
    assert.deepEqual(
      requests.map(({ request }) => request.target),
      ['/0', '/1', '/2', '/3'],
    );
  });

  for (const [times, turns] of [
    [0, 0],
    [-1, 0],
    [1.5, 1],
    [2, 2],
  ] as const) {
    it(`${times} times are ${turns} turns`, () =>
      assert.equal(play(loop(times, get('a', '/a'))).requests.length, turns));
  }

  it('many turns that take no time do not overflow the stack', () => {
    const { samples, error } = play((flow) =>
      flow.pipe(
        map((session) => session.with({ n: 0 })),
        loop(100_000, count),
        get('end', ({ n }) => `/${n}`),
      ),
    );
    assert.deepEqual([error, samples.length], [undefined, 2]);
  });

  it('a failure ends it', () => {
    const { requests, samples } = play(loop(3, (turn) => turn.pipe(get('a', '/bad'), check({ ok: status(200) }))));
    assert.deepEqual([requests.length, samples.at(-1)?.error], [1, 'check: ok']);
  });

  it('a turn that emits no session ends the flow', () => {
    const { requests, samples } = play((flow) =>
      flow.pipe(
        loop(3, (turn) =>
          turn.pipe(
            get('a', '/a'),
            filter(() => false),
          ),
        ),
        get('b', '/b'),
      ),
    );
    assert.deepEqual([requests.length, samples.length], [1, 2]);
  });

  it('NaN turns are an error', () => assert.throws(() => loop(Number.NaN, get('a', '/a')), /loop: times is NaN/));

  it('a number of turns from a response that is not a number is a failed check', () => {
    const { samples, requests } = play(loop(() => Number('many'), get('a', '/a')));
    assert.deepEqual([requests.length, samples.at(-1)?.error], [0, 'check: loop: not a number']);
  });

  it('without an end continues until it is ended', () => {
    const { requests } = play(loop(Number.POSITIVE_INFINITY, get('a', '/a')), { untilMs: 100 });
    assert.equal(requests.length, 51);
  });

  it('without an end and without a wait fails by name', () => {
    const { samples } = play((flow) =>
      flow.pipe(
        map((session) => session.with({ n: 0 })),
        loop(Number.POSITIVE_INFINITY, count),
      ),
    );
    assert.equal(samples.at(-1)?.error, 'check: 100000 turns without a wait');
  });
});

describe('whileTrue', () => {
  it('checks the condition before each turn', () => {
    const { requests } = play((flow) =>
      flow.pipe(
        map((session) => session.with({ n: 0 })),
        whileTrue(
          ({ n }) => n < 2,
          (turn) =>
            turn.pipe(
              get('a', ({ n }) => `/${n}`),
              count,
            ),
        ),
        whileTrue(() => false, get('none', '/')),
        get('b', ({ n }) => `/end/${n}`),
      ),
    );
    assert.deepEqual(
      requests.map(({ request }) => request.target),
      ['/0', '/1', '/end/2'],
    );
  });

  it('gets the last response', () => {
    const { requests } = play(
      (flow) =>
        flow.pipe(
          get('a', '/job'),
          whileTrue((_, { response }) => response?.status === 202, get('a', '/job')),
        ),
      { scripts: { 'GET /job': ['-w', '-w', '-d'] }, responses: { w: { status: 202 }, d: { status: 200 } } },
    );
    assert.equal(requests.length, 3);
  });

  it('more turns than are allowed fail by name', () => {
    const { requests, samples } = play(whileTrue(() => true, get('a', '/a'), { most: 3 }));
    assert.deepEqual([requests.length, samples.at(-1)?.error], [3, 'check: at most 3 turns']);
  });

  it('that failed in a retry marks nothing when a later try succeeds', () => {
    let tries = 0;
    const step = retry({ tries: 2 }, (one) => one.pipe(whileTrue(() => tries++ < 2, get('a', '/a'), { most: 1 })));
    assert.deepEqual(
      play(step).samples.map(({ error }) => error),
      ['', ''],
    );
  });

  it('refuses an invalid number of turns', () =>
    assert.throws(() => whileTrue(() => true, get('a', '/a'), { most: Number.NaN }), /whileTrue: most is NaN/));

  it('an exception of the condition ends the run', () => {
    const { error } = play(
      whileTrue(
        () => {
          throw new RangeError('mine');
        },
        get('a', '/a'),
      ),
    );
    assert.match(String(error), /mine/);
  });
});
