import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isElpisError } from '../../../../lib/core/errors.js';
import { status } from '../../../../lib/scenario/checks.js';
import { check } from '../../../../lib/scenario/steps/check.js';
import { group } from '../../../../lib/scenario/steps/group.js';
import { counter, gauge, rate, trend } from '../../../../lib/scenario/steps/metrics.js';
import { get } from '../../../../lib/scenario/steps/request.js';
import { pause } from '../../../../lib/scenario/steps/waits.js';
import { play } from '../draw.js';

const metricsByTag = (samples: ReturnType<typeof play>['samples']) =>
  samples.filter(({ metrics }) => metrics.length > 0).map(({ tag, metrics }) => [tag, metrics]);

describe('counter, gauge, rate and trend', () => {
  it('are in the sample of the request that they stand behind', () => {
    const { samples } = play((flow) =>
      flow.pipe(
        get('a', '/a'),
        counter('orders'),
        counter('items', () => 3),
        gauge('queue', 5),
        rate('cached', (_, { response }) => response?.status === 304),
        trend('ms', () => 1.5),
      ),
    );
    assert.deepEqual(metricsByTag(samples), [
      [
        's/a',
        [
          { kind: 'counter', name: 'orders', value: 1 },
          { kind: 'counter', name: 'items', value: 3 },
          { kind: 'gauge', name: 'queue', value: 5 },
          { kind: 'rate', name: 'cached', passed: false },
          { kind: 'trend', name: 'ms', value: 1.5 },
        ],
      ],
    ]);
  });

  it('before a request, and after a step that takes time, are in that of the group or the scenario', () => {
    const { samples } = play((flow) =>
      flow.pipe(
        counter('first'),
        group('g', (inside) => inside.pipe(get('a', '/a'), pause(5), counter('later'))),
      ),
    );
    assert.deepEqual(metricsByTag(samples), [
      ['s/g', [{ kind: 'counter', name: 'later', value: 1 }]],
      ['s', [{ kind: 'counter', name: 'first', value: 1 }]],
    ]);
  });

  it('let values pass that are no numbers: the summary counts them as refused', () => {
    const { samples } = play((flow) => flow.pipe(trend('ms', () => Number('abc'))));
    assert.deepEqual(metricsByTag(samples), [['s', [{ kind: 'trend', name: 'ms', value: Number.NaN }]]]);
  });

  it('an exception of the function ends the run, with the name of the metric', () => {
    const { error } = play((flow) =>
      flow.pipe(
        counter('orders', () => {
          throw new TypeError('broken');
        }),
      ),
    );
    assert.ok(isElpisError(error, 'ELPIS_SHOT'));
    assert.match(String(error), /s: counter "orders" failed/);
  });

  it('refuse a name that cannot be shown', () =>
    assert.throws(
      () => gauge('a/b', 1),
      (error) => isElpisError(error, 'ELPIS_CONFIG'),
    ));
});

describe('check', () => {
  it('is in the sample with each of its tests, passed or not', () => {
    const { samples } = play((flow) =>
      flow.pipe(get('a', '/a'), check({ found: status(200), empty: () => false }, { otherwise: 'continue' })),
    );
    assert.deepEqual(metricsByTag(samples), [
      [
        's/a',
        [
          { kind: 'check', name: 'found', passed: true },
          { kind: 'check', name: 'empty', passed: false },
        ],
      ],
    ]);
  });

  it('without a response has not passed', () => {
    const { samples } = play((flow) =>
      flow.pipe(get('a', '/dead', { otherwise: 'continue' }), check({ found: status(200) }, { otherwise: 'continue' })),
    );
    assert.deepEqual(metricsByTag(samples), [['s/a', [{ kind: 'check', name: 'found', passed: false }]]]);
  });
});
