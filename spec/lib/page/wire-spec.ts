import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { eventsFromWire, eventsToWire } from '../../../lib/page/model/eventWire.js';
import { fromWire, toWire } from '../../../lib/page/model/wire.js';
import { compositePlan } from '../../../lib/plans/compositePlan.js';
import { constPlan } from '../../../lib/schedules/const.js';
import { linePlan } from '../../../lib/schedules/line.js';
import { stagesOf } from '../../../lib/view/planPosition.js';
import { START } from '../view/sampleEvents.js';

const buckets = fc
  .uniqueArray(fc.nat(1e9), { maxLength: 20 })
  .map((values) => Float64Array.from(values.sort((a, b) => a - b).flatMap((value, i) => [value, i + 1])));
const leaf = fc.oneof(
  fc.string(),
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.constant(Number.POSITIVE_INFINITY),
  buckets,
);
const value = fc.letrec<{ readonly value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('$map', '$object', '$buckets', '__proto__')), tie('value'), {
      noNullPrototype: true,
    }),
    fc.array(fc.tuple(fc.string(), tie('value')), { maxLength: 4 }).map((entries) => new Map(entries)),
  ),
})).value;

describe('the text form of what a page shows', () => {
  it('keeps maps, buckets of histograms, numbers that JSON does not have, and keys that look like its own marks', () => {
    fc.assert(fc.property(value, (any) => assert.deepEqual(fromWire(toWire(any)), any)));
  });

  it('leaves out functions and undefined values, and writes an error as its message', () => {
    const written = { a: undefined, b: () => 1, c: new Error('broken'), d: 10n };
    assert.deepEqual(fromWire(toWire(written)), { c: 'broken', d: '10' });
  });

  it('throws for text that is not JSON', () => assert.throws(() => fromWire('{'), SyntaxError));

  it('keeps the counts, the rates and the stages of a plan', () => {
    const plan = compositePlan([
      linePlan({ from: 0, to: 100, duration: 10e9 }),
      constPlan({ ops: 100, duration: 5e9 }),
    ]);
    const [event] = eventsFromWire(
      eventsToWire([
        {
          type: 'run-started',
          at: START,
          threads: 2,
          pools: [{ id: 'a', plan, instances: plan, rpsPerInstance: false }],
        },
      ]),
    );
    assert.equal(event?.type, 'run-started');
    const read = event.pools[0]?.plan;
    assert.ok(read !== undefined);
    assert.deepEqual([read.count, read.durationNs], [plan.count, plan.durationNs]);
    assert.deepEqual(
      [1e9, 5e9, 12e9].map((at) => Math.round(read.rateAt(at))),
      [10, 50, 100],
    );
    const stages = stagesOf(read).map(({ fromMs, toMs, fromPerSecond, toPerSecond }) =>
      [fromMs, toMs, fromPerSecond, toPerSecond].map(Math.round),
    );
    assert.deepEqual(stages, [
      [0, 10_000, 0, 100],
      [10_000, 15_000, 100, 100],
    ]);
  });
});
