import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { group } from '../../../../lib/scenario/steps/group.js';
import { raceTimeout } from '../../../../lib/scenario/steps/raceTimeout.js';
import { get } from '../../../../lib/scenario/steps/request.js';
import { draw, play } from '../draw.js';

describe('raceTimeout', () => {
  it('a step within the limit passes', () => {
    assert.deepEqual(
      draw((flow) => flow.pipe(raceTimeout(5, get('a', '/a')), get('b', '/slow'))),
      ['ms   0   2    8', 's    |--------|', 's/a  o---200', 's/b      o----200'],
    );
  });

  it('a slower step is aborted, recorded, and fails', () => {
    assert.deepEqual(
      draw((flow) => flow.pipe(raceTimeout(5, get('a', '/slow')), get('b', '/b'))),
      ['ms   0   5', 's    |---#timed out after 5ms', 's/a  o---#aborted'],
    );
    const { samples } = play(raceTimeout(5, get('a', '/slow')));
    assert.deepEqual(
      samples.map(({ tag, netCode }) => [tag, netCode]),
      [
        ['s/a', 999],
        ['s', 110],
      ],
    );
  });

  it('another step can be played instead', () => {
    assert.deepEqual(
      draw((flow) => flow.pipe(raceTimeout(5, get('a', '/slow'), get('b', '/b')), get('c', '/c'))),
      [
        'ms   0   5         7    9',
        's    |------------------|',
        's/a  o---#aborted',
        's/b      o---------200',
        's/c                o----200',
      ],
    );
  });

  it('a failure before the limit is the failure', () => {
    assert.equal(play(raceTimeout(5, get('a', '/dead'), get('b', '/b'))).samples.at(-1)?.error, 'connection reset');
  });

  it('a request that never ends is ended, in a group too', () => {
    const { samples } = play(
      group(
        'g',
        raceTimeout(() => 5, get('a', '/never')),
      ),
    );
    assert.deepEqual(
      samples.map(({ tag, error }) => [tag, error]),
      [
        ['s/g/a', 'aborted'],
        ['s/g', 'timed out after 5ms'],
        ['s', 'timed out after 5ms'],
      ],
    );
  });

  it('refuses an invalid time', () => {
    assert.throws(() => raceTimeout(0, get('a', '/a')), /raceTimeout: 0 ms, expected a number above 0/);
    assert.throws(() => raceTimeout(Number.NaN, get('a', '/a')), /raceTimeout: ms is NaN/);
    const { samples } = play(raceTimeout(() => Number.NaN, get('a', '/a')));
    assert.equal(samples.at(-1)?.error, 'check: raceTimeout: not above 0');
  });
});
