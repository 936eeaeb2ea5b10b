import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { filter, map } from 'rxjs';
import { group } from '../../../../lib/scenario/steps/group.js';
import { parallel } from '../../../../lib/scenario/steps/parallel.js';
import { get } from '../../../../lib/scenario/steps/request.js';
import { pause } from '../../../../lib/scenario/steps/waits.js';
import { draw, play } from '../draw.js';

describe('parallel', () => {
  it('begins all at once and goes on when all are over', () => {
    assert.deepEqual(
      draw((flow) => flow.pipe(parallel(get('a', '/slow'), get('b', '/b')), get('c', '/c'))),
      ['ms   0   2    6    8', 's    |-------------|', 's/a  o--------200', 's/b  o---200', 's/c           o----200'],
    );
  });

  it('leaves the variables of all; of the same name the later in the list', () => {
    const { requests } = play((flow) =>
      flow.pipe(
        parallel(
          (one) =>
            one.pipe(
              pause(5),
              map((session) => session.with({ a: 1, both: 'one' })),
            ),
          (two) => two.pipe(map((session) => session.with({ b: 2, both: 'two' }))),
        ),
        get('end', ({ a, b, both }) => `/${a}${b}${both}`),
      ),
    );
    assert.equal(requests[0]?.request.target, '/12two');
  });

  it('the first failure ends the others, which are recorded as aborted, and the scenario', () => {
    assert.deepEqual(
      draw((flow) => flow.pipe(parallel(get('a', '/slow'), get('b', '/dead')), get('c', '/c'))),
      ['ms   0   1', 's    |---#connection reset', 's/a  o---#aborted', 's/b  o---#connection reset'],
    );
  });

  it('a failure that needs no time keeps the rest from beginning', () => {
    const { requests } = play(parallel(get('a', '/gone'), get('b', '/b')), { scripts: { 'GET /gone': '#' } });
    assert.deepEqual(
      requests.map(({ tag }) => tag),
      ['s/a'],
    );
  });

  it('responses that need no time are all seen', () => {
    const { samples } = play((flow) => flow.pipe(parallel(get('a', '/now'), get('b', '/now')), get('c', '/c')));
    assert.deepEqual(
      samples.map(({ tag }) => tag),
      ['s/a', 's/b', 's/c', 's'],
    );
  });

  it('when one lets no session out, none goes on', () => {
    const { requests } = play((flow) =>
      flow.pipe(
        parallel(
          get('a', '/a'),
          filter(() => false),
        ),
        get('b', '/b'),
      ),
    );
    assert.deepEqual(
      requests.map(({ tag }) => tag),
      ['s/a'],
    );
  });

  it('groups that are ended by the failure of another have no sample', () => {
    const { samples } = play(parallel(group('g', get('a', '/slow')), get('b', '/dead')));
    assert.deepEqual(
      samples.map(({ tag, error }) => [tag, error]),
      [
        ['s/g/a', 'aborted'],
        ['s/b', 'connection reset'],
        ['s', 'connection reset'],
      ],
    );
  });
});
