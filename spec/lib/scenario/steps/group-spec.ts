import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { filter } from 'rxjs';
import { isElpisError } from '../../../../lib/core/errors.js';
import { group } from '../../../../lib/scenario/steps/group.js';
import { loop } from '../../../../lib/scenario/steps/loops.js';
import { get } from '../../../../lib/scenario/steps/request.js';
import { pause } from '../../../../lib/scenario/steps/waits.js';
import { draw, play } from '../draw.js';

describe('group', () => {
  it('prefixes the names inside, and has a sample from its start to its end', () => {
    assert.deepEqual(
      draw((flow) =>
        flow.pipe(
          get('a', '/a'),
          group('g', (inside) => inside.pipe(get('b', '/b'), pause(10))),
          get('c', '/c'),
        ),
      ),
      [
        'ms     0   2    4    14  16',
        's      |-----------------|',
        's/a    o---200',
        's/g        |---------|',
        's/g/b      o----200',
        'pause           ~~~~~',
        's/c                  o---200',
      ],
    );
  });

  it('can be nested', () => {
    const { samples } = play(group('a', group('b', get('c', '/now'))));
    assert.deepEqual(
      samples.map(({ tag, scope }) => [tag, scope]),
      [
        ['s/a/b/c', ''],
        ['s/a/b', 'group'],
        ['s/a', 'group'],
        ['s', 'scenario'],
      ],
    );
  });

  it('a failure inside is a failure of every group around it', () => {
    const { samples } = play(group('a', group('b', get('c', '/dead'))));
    assert.deepEqual(
      samples.map(({ tag, error }) => [tag, error]),
      [
        ['s/a/b/c', 'connection reset'],
        ['s/a/b', 'connection reset'],
        ['s/a', 'connection reset'],
        ['s', 'connection reset'],
      ],
    );
  });

  it('is intended at the end of the pause before it', () => {
    const { samples } = play((flow) => flow.pipe(pause(5), group('g', get('a', '/now'))));
    assert.deepEqual(
      samples.map(({ tag, intended }) => [tag, intended]),
      [
        ['s/g/a', 5],
        ['s/g', 5],
        ['s', 0],
      ],
    );
  });

  it('a group that emits no session has its sample too', () => {
    const { samples, requests } = play((flow) =>
      flow.pipe(
        group(
          'g',
          filter(() => false),
        ),
        get('a', '/a'),
      ),
    );
    assert.deepEqual([samples.map(({ tag }) => tag), requests.length], [['s/g', 's'], 0]);
  });

  it('may be played again and again', () => {
    const { samples } = play(loop(3, group('g', get('a', '/a'))));
    assert.equal(samples.filter(({ tag }) => tag === 's/g').length, 3);
  });

  it('cannot have the name of a request at the same level', () => {
    const { error } = play((flow) => flow.pipe(get('a', '/a'), group('a', get('b', '/b'))));
    assert.ok(isElpisError(error, 'ELPIS_CONFIG'));
    assert.equal((error as Error).message, 'scenario: "s/a" names a request and a group');
    assert.throws(() => group('a/b', get('b', '/b')), /name of a group is "a\/b"/);
  });

  it('an error inside is thrown when the group is defined', () => {
    assert.throws(() => play(group('g', (inside) => inside.pipe(get('', '/')))), /name of a request is ""/);
  });
});
