import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { status } from '../../../../lib/scenario/checks.js';
import { check } from '../../../../lib/scenario/steps/check.js';
import { get } from '../../../../lib/scenario/steps/request.js';
import { retry } from '../../../../lib/scenario/steps/retry.js';
import { draw, play } from '../draw.js';

const scripts = { 'GET /job': ['-x', '-x', '-r'], 'GET /down': '-#' };

describe('retry', () => {
  it('plays a step again until it does not fail', () => {
    assert.deepEqual(
      draw(
        (flow) =>
          flow.pipe(
            retry({ tries: 3 }, (one) => one.pipe(get('a', '/job'), check({ ok: status(200) }))),
            get('b', '/b'),
          ),
        {
          scripts,
        },
      ).slice(0, 2),
      ['ms   0   1                 2                 3    5', 's    |--------------------------------------------|'],
    );
  });

  it('each try begins again and has its samples; only the last failure is that of the scenario', () => {
    const { samples } = play(retry({ tries: 2 }, get('a', '/down')), { scripts });
    assert.deepEqual(
      samples.map(({ tag, started, error }) => [tag, started, error]),
      [
        ['s/a', 0, 'connection reset'],
        ['s/a', 1, 'connection reset'],
        ['s', 0, 'connection reset'],
      ],
    );
  });

  it('waits longer before each try', () => {
    const { requests, pauses } = play(retry({ tries: 4, delayMs: 10, factor: 3 }, get('a', '/down')), { scripts });
    assert.deepEqual(
      requests.map(({ at }) => at),
      [0, 11, 42, 133],
    );
    assert.deepEqual(
      pauses.map(({ from, until }) => until - from),
      [10, 30, 90],
    );
  });

  it('does not retry an error of the run', () => {
    const { requests, error } = play(
      retry({ tries: 3 }, (one) =>
        one.pipe(
          get('a', '/a'),
          check({
            broken: () => {
              throw new RangeError('mine');
            },
          }),
        ),
      ),
    );
    assert.deepEqual([requests.length, String(error)], [1, 'ElpisError: s: check "broken" failed: mine']);
  });

  it('without an end continues until it is ended; its waits grow up to an hour', () => {
    const step = retry({ tries: Number.POSITIVE_INFINITY, delayMs: 1000, factor: 60 }, get('a', '/down'));
    const { pauses, requests } = play(step, { scripts, untilMs: 5 * 3_600_000 });
    assert.deepEqual(
      pauses.map(({ from, until }) => until - from),
      [1000, 60_000, 3_600_000, 3_600_000, 3_600_000, 3_600_000, 3_600_000].slice(0, requests.length),
    );
  });

  it('without an end, of a step that takes no time, ends in virtual time', () => {
    const { samples } = play(retry({ tries: Number.POSITIVE_INFINITY }, get('a', '/now')), {
      scripts: { 'GET /now': '#' },
    });
    assert.deepEqual(
      [samples.length > 1000, samples.length < 1100, samples.at(-1)?.error],
      [true, true, 'connection reset'],
    );
  });

  it('refuses invalid options', () => {
    const none = get('a', '/');
    assert.throws(() => retry({ tries: 0 }, none), /retry: tries is 0, expected a number of at least 1/);
    assert.throws(() => retry({ tries: Number.NaN }, none), /retry: tries is NaN, expected a number of at least 1/);
    assert.throws(
      () => retry({ tries: 2, delayMs: -1 }, none),
      /retry: delayMs is -1, expected a number of at least 0/,
    );
    assert.throws(() => retry({ tries: 2, factor: -1 }, none), /retry: factor is -1, expected a number of at least 0/);
  });
});
