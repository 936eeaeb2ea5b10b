import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loop } from '../../../../lib/scenario/steps/loops.js';
import { get } from '../../../../lib/scenario/steps/request.js';
import { pacing, pause } from '../../../../lib/scenario/steps/waits.js';
import { draw, play } from '../draw.js';

describe('pause', () => {
  it('waits', () => {
    assert.deepEqual(
      draw((flow) => flow.pipe(get('a', '/a'), pause(1000), get('b', '/b'))),
      [
        'ms     0   2    1002 1004',
        's      |-------------|',
        's/a    o---200',
        'pause      ~~~~~',
        's/b             o----200',
      ],
    );
  });

  it('by a function of the session; 0 and less is no pause', () => {
    const { pauses, samples } = play((flow) =>
      flow.pipe(
        pause(() => 7),
        pause(0),
        pause(-5),
        get('a', '/a'),
      ),
    );
    assert.deepEqual([pauses, samples[0]?.started], [[{ from: 0, until: 7 }], 7]);
  });

  it('with jitter it is evenly distributed, and the same for the same seed and index', () => {
    const lengths = (seed: number, index = 0): number[] =>
      play(loop(400, pause(100, { jitter: 0.25 })), { seed, index }).pauses.map(({ from, until }) => until - from);
    const all = lengths(1);
    assert.ok(Math.min(...all) >= 75 && Math.min(...all) < 77, 'from 75');
    assert.ok(Math.max(...all) <= 125 && Math.max(...all) > 123, 'to 125');
    assert.ok(Math.abs(all.reduce((sum, ms) => sum + ms) / 400 - 100) < 3, 'around 100');
    assert.deepEqual(lengths(1), all);
    assert.notDeepEqual(lengths(2), all);
    assert.notDeepEqual(lengths(1, 1), all);
  });

  it('with a length from a response that is not a number, is a failed check', () => {
    const { samples, error } = play((flow) =>
      flow.pipe(
        pause(() => Number('Wed, 21 Oct')),
        pause(1),
      ),
    );
    assert.deepEqual(
      [samples.map((sample) => [sample.netCode, sample.error]), error],
      [[[998, 'check: pause: not a number']], undefined],
    );
  });

  it('refuses an invalid length', () => {
    assert.throws(() => pause(1, { jitter: 1.1 }), /jitter is 1.1, expected a number from 0 to 1/);
    assert.throws(() => pause(1, { jitter: -0.1 }), /jitter is -0.1/);
    assert.throws(() => pause(Number.NaN), /pause: ms is NaN, expected a number or a function/);
    assert.throws(() => pause(Number.POSITIVE_INFINITY), /pause: Infinity ms/);
  });
});

describe('pacing', () => {
  it('starts turns at this distance, independent of their length', () => {
    assert.deepEqual(draw(loop(3, (turn) => turn.pipe(pacing(10), get('a', '/a')))), [
      'ms     0   2    10  12   20  22',
      's      |---------------------|',
      's/a    o---200  o---200  o---200',
      'pause      ~~~~~    ~~~~~',
    ]);
  });

  it('does not catch up: after a turn that took too long the distance counts from its end', () => {
    const { requests } = play(
      loop(4, (turn) => turn.pipe(pacing(10), get('a', '/turn'))),
      {
        scripts: { 'GET /turn': ['25ms r', '-r'] },
      },
    );
    assert.deepEqual(
      requests.map(({ at }) => at),
      [0, 25, 35, 45],
    );
  });

  it('continues from run to run', () => {
    const { requests } = play((flow) => flow.pipe(pacing(10), get('a', '/a')), { runs: 3 });
    assert.deepEqual(
      requests.map(({ at }) => at),
      [0, 10, 20],
    );
  });

  it('is intended at the planned moment', () => {
    const { samples } = play(loop(2, (turn) => turn.pipe(pacing(10), get('a', '/a'))));
    assert.deepEqual(
      samples.slice(0, 2).map(({ intended }) => intended),
      [0, 10],
    );
  });

  it('refuses an invalid length', () => {
    for (const ms of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
      assert.throws(() => pacing(ms), /expected a number above 0/);
  });
});
