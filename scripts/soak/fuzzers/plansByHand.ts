import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DONE } from '../../../lib/core/cursor.js';
import type { Plan, Tick } from '../../../lib/core/plan.js';
import { clipPlan } from '../../../lib/plans/clipPlan.js';
import { compositePlan } from '../../../lib/plans/compositePlan.js';
import { mergePlans } from '../../../lib/plans/mergePlans.js';
import { repeatPlan } from '../../../lib/plans/repeatPlan.js';
import { scalePlan } from '../../../lib/plans/scalePlan.js';
import { pausePlan, shiftPlan } from '../../../lib/plans/shiftPlan.js';
import { stretchPlan } from '../../../lib/plans/stretchPlan.js';
import { timesPlan } from '../../../lib/plans/timesPlan.js';
import { PlanCursor } from '../../../lib/pull/planSchedule.js';
import { constPlan } from '../../../lib/schedules/const.js';
import { oncePlan } from '../../../lib/schedules/once.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { fuzzer } from '../fuzzer.js';

const MS = 1e6;

/** A plan, and beside it all its operations, found without its arithmetic. */
interface Listed {
  readonly text: string;
  readonly plan: Plan;
  readonly times: readonly number[];
  readonly length: number;
  readonly [fc.toStringMethod]: () => string;
}

const listed = (text: string, plan: Plan, times: readonly number[], length: number): Listed => ({
  text,
  plan,
  times,
  length,
  [fc.toStringMethod]: () => text,
});

const sorted = (times: readonly number[]): number[] => [...times].sort((a, b) => a - b);
const texts = (parts: readonly Listed[]): string => parts.map(({ text }) => text).join(', ');
const plansOf = (parts: readonly Listed[]): Plan[] => parts.map(({ plan }) => plan);

const leaf: fc.Arbitrary<Listed> = fc.oneof(
  fc
    .nat(20)
    .map((n) => listed(`once(${n})`, n === 0 ? pausePlan(0) : oncePlan({ times: n }), Array<number>(n).fill(0), 0)),
  fc.nat(900).map((ms) => listed(`pause(${ms})`, pausePlan(ms * MS), [], ms * MS)),
  fc.tuple(fc.constantFrom(1, 2, 5, 10, 20, 25, 50, 100), fc.nat(20)).map(([gap, n]) => {
    const plan = constPlan({ ops: 1000 / gap, duration: n * gap * MS });
    return listed(
      `every(${gap}) x ${n}`,
      plan,
      Array.from({ length: n }, (_, i) => i * gap * MS),
      n * gap * MS,
    );
  }),
  fc.array(fc.nat(800), { minLength: 1, maxLength: 20 }).map((at) => {
    const times = sorted(at).map((ms) => ms * MS);
    return listed(`times(${sorted(at)})`, timesPlan(times), times, times.at(-1) as number);
  }),
);

function oneAfterAnother(parts: readonly Listed[]): Listed {
  let length = 0;
  const times: number[] = [];
  for (const part of parts) {
    for (const at of part.times) times.push(at + length);
    length += part.length;
  }
  return listed(`composite(${texts(parts)})`, compositePlan(plansOf(parts)), times, length);
}

const atOnce = (parts: readonly Listed[]): Listed =>
  listed(
    `merge(${texts(parts)})`,
    mergePlans(plansOf(parts)),
    sorted(parts.flatMap(({ times }) => times)),
    Math.max(0, ...parts.map(({ length }) => length)),
  );

function repeated(part: Listed, n: number): Listed {
  const { times, length } = oneAfterAnother(Array<Listed>(n).fill(part));
  return listed(`repeat(${part.text}, ${n})`, repeatPlan(part.plan, n), times, length);
}

const shifted = (part: Listed, ms: number): Listed =>
  listed(
    `shift(${part.text}, ${ms})`,
    shiftPlan(part.plan, ms),
    part.times.map((at) => at + ms * MS),
    part.length + ms * MS,
  );

function clipped(part: Listed, from: number, more: number): Listed {
  const [begin, end] = [from * MS, (from + more) * MS];
  return listed(
    `clip(${part.text}, ${from}, ${from + more})`,
    clipPlan(part.plan, from, from + more),
    part.times.filter((at) => at >= begin && at < end).map((at) => at - begin),
    Math.max(0, Math.min(end, part.length) - begin),
  );
}

const stretchedTwice = (part: Listed): Listed =>
  listed(
    `stretch(${part.text}, 2)`,
    stretchPlan(part.plan, 2),
    part.times.map((at) => at * 2),
    part.length * 2,
  );

const everySecond = (part: Listed): Listed =>
  listed(
    `scale(${part.text}, 0.5)`,
    scalePlan(part.plan, 0.5),
    part.times.filter((_, i) => i % 2 === 0 && i + 1 < part.times.length),
    part.length,
  );

const { any: listedPlans } = fc.letrec<{ any: Listed; changed: Listed }>((tie) => ({
  any: fc.oneof({ depthSize: 'small', withCrossShrink: true }, leaf, tie('changed')),
  changed: fc.oneof(
    fc.array(tie('any'), { maxLength: 4 }).map(oneAfterAnother),
    fc.array(tie('any'), { maxLength: 4 }).map(atOnce),
    fc.tuple(tie('any'), fc.nat(4)).map(([part, n]) => repeated(part, n)),
    fc.tuple(tie('any'), fc.nat(900)).map(([part, ms]) => shifted(part, ms)),
    fc.tuple(tie('any'), fc.nat(900), fc.nat(900)).map(([part, from, more]) => clipped(part, from, more)),
    tie('any').map(stretchedTwice),
    tie('any').map(everySecond),
  ),
}));

function play(plan: Plan, index: number, of: number): Tick[] {
  const cursor = new PlanCursor(plan, new VirtualClock(), { share: { index, of } });
  const seen: Tick[] = [];
  for (let tick = cursor.poll(); tick !== DONE; tick = cursor.poll()) seen.push(tick as Tick);
  return seen;
}

/** Plans made of others, against lists of all their operations. */
export const plansByHand = fuzzer({
  name: 'plans/by-hand',
  holds: 'counts, times and shares of composed plans are those of a list of all operations',
  runs: 300,
  input: fc.tuple(listedPlans, fc.array(fc.nat(1000), { maxLength: 6 }), fc.integer({ min: 1, max: 4 })),
  check: ([{ plan, times, length }, places, of]) => {
    assert.equal(plan.count, times.length);
    assert.equal(plan.durationNs, length);
    // First in any order, since a plan may remember where it was.
    for (const place of places) {
      const index = Math.floor((place / 1001) * times.length);
      if (times.length > 0) assert.equal(plan.atNs(index), times[index], `operation ${index}`);
      const until = Math.floor((place / 1000) * (length + 2));
      assert.equal(plan.countAt(until), times.filter((at) => at < until).length, `countAt ${until}`);
    }
    assert.deepEqual(
      times.map((_, index) => plan.atNs(index)),
      times,
    );
    if (times.length > 2000) return;
    const shares = Array.from({ length: of }, (_, index) => play(plan, index, of)).flat();
    assert.deepEqual(
      shares.sort((a, b) => a.index - b.index).map(({ index, at }) => [index, at]),
      times.map((at, index) => [index, at / MS]),
    );
  },
});
