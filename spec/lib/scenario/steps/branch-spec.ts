import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { branch } from '../../../../lib/scenario/steps/branch.js';
import { get } from '../../../../lib/scenario/steps/request.js';
import { weightedChoice } from '../../../../lib/scenario/steps/weightedChoice.js';
import { play } from '../draw.js';

const tags = (...args: Parameters<typeof play>): string[] => play(...args).requests.map(({ tag }) => tag);

describe('branch', () => {
  it('plays one of two steps', () => {
    assert.deepEqual(
      tags((flow) =>
        flow.pipe(
          branch(() => true, get('a', '/a'), get('b', '/b')),
          get('c', '/c'),
        ),
      ),
      ['s/a', 's/c'],
    );
    assert.deepEqual(
      tags((flow) =>
        flow.pipe(
          branch(() => false, get('a', '/a'), get('b', '/b')),
          get('c', '/c'),
        ),
      ),
      ['s/b', 's/c'],
    );
  });

  it('without a second step the session passes', () => {
    assert.deepEqual(
      tags((flow) =>
        flow.pipe(
          branch(() => false, get('a', '/a')),
          get('c', '/c'),
        ),
      ),
      ['s/c'],
    );
  });

  it('gets the session', () => {
    const step = branch((_, { index }) => index === 1, get('one', '/'), get('other', '/'));
    assert.deepEqual(tags(step, { runs: 3 }), ['s/other', 's/one', 's/other']);
  });

  it('an exception of the condition ends the run', () => {
    const { error } = play(
      branch(
        () => {
          throw new RangeError('mine');
        },
        get('a', '/a'),
      ),
    );
    assert.match(String(error), /mine/);
  });
});

describe('weightedChoice', () => {
  const step = weightedChoice([
    { weight: 3, step: get('a', '/now') },
    { weight: 1, step: get('b', '/now') },
  ]);

  it('draws by weight', () => {
    const drawn = tags(step, { runs: 4000 });
    const share = drawn.filter((tag) => tag === 's/a').length / 4000;
    assert.ok(Math.abs(share - 0.75) < 0.03, String(share));
  });

  it('the draw depends on the seed and the index only', () => {
    const all = tags(step, { runs: 50 });
    assert.deepEqual(tags(step, { runs: 50 }), all);
    assert.deepEqual(tags(step, { runs: 20, index: 30 }), all.slice(30));
    assert.notDeepEqual(tags(step, { runs: 50, seed: 2 }), all);
  });

  it('refuses an empty list and wrong weights', () => {
    assert.throws(() => weightedChoice([]), /the list of choices is empty/);
    for (const weight of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
      assert.throws(() => weightedChoice([{ weight, step: get('a', '/') }]), /expected a number above 0/);
  });
});
