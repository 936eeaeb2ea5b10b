import { map, type Observable, type OperatorFunction, of } from 'rxjs';
import { constant, jittered, line, mixed, once, poissonArrivals, trace } from '../../lib/builtins/components.js';
import { pool } from '../../lib/config/code/defineConfig.js';
import type { Plan, Tick } from '../../lib/core/plan.js';
import type { Schedule } from '../../lib/core/schedule.js';
import { timesPlan } from '../../lib/plans/timesPlan.js';
import { ratePlan } from '../../lib/schedules/ratePlan.js';
import { tracePlan } from '../../lib/schedules/trace.js';
import { clip } from '../../operators/ticks/clip.js';
import { concatTicks } from '../../operators/ticks/concatTicks.js';
import { jitter } from '../../operators/ticks/jitter.js';
import { mergeTicks } from '../../operators/ticks/mergeTicks.js';
import { poisson } from '../../operators/ticks/poisson.js';
import { repeatTicks } from '../../operators/ticks/repeatTicks.js';
import { scaleRate } from '../../operators/ticks/scaleRate.js';
import { shiftBy } from '../../operators/ticks/shiftBy.js';
import { stretch } from '../../operators/ticks/stretch.js';
import { ticks } from '../../operators/ticks/ticks.js';

// Compiled, never run: the types of the operators of plans, and of plans in code, as a user meets them.
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(..._proof: Same<A, B> extends true ? [] : [never]): void => undefined;

type Change = (source: Observable<Tick>) => Schedule;
same<ReturnType<typeof scaleRate>, Change>();
same<ReturnType<typeof stretch>, Change>();
same<ReturnType<typeof shiftBy>, Change>();
same<ReturnType<typeof repeatTicks>, Change>();
same<ReturnType<typeof clip>, Change>();
same<ReturnType<typeof jitter>, Change>();
same<ReturnType<typeof poisson>, Change>();
same<ReturnType<typeof concatTicks>, Schedule>();
same<ReturnType<typeof mergeTicks>, Schedule>();
same<ReturnType<typeof ratePlan>, Plan>();

// They are operators; what `pipe` answers is typed as an Observable, and taken as a schedule again.
export const asOperator: OperatorFunction<Tick, Tick> = jitter(5);
const base = line({ from: 1, to: 10, duration: '10s' });
export const piped: Observable<Tick> = base.pipe(
  scaleRate(2),
  stretch(0.5),
  shiftBy(10),
  repeatTicks(3),
  clip(0, 5),
  jitter(1),
  poisson(),
);
export const joined: Schedule = mergeTicks(piped, concatTicks(base, once({ times: 1 })));
export const applied: Plan = poisson({ seed: 7 })(base).plan;
export const pooled = (): unknown =>
  pool({
    gun: { type: 'http', target: 'h:1' },
    ammo: { type: 'dummy' },
    result: { type: 'discard' },
    rps: piped,
    startup: once({ times: 1 }),
  });

export const plans: readonly Plan[] = [
  ratePlan((seconds) => 5 * seconds, { durationMs: 1000 }),
  ratePlan(() => 5, { durationMs: 1000, pieces: 10 }),
  timesPlan(new Float64Array([0, 1])),
  timesPlan([0, 1], 5),
  tracePlan({ file: 'a', format: 'access' }),
  tracePlan({ file: 'a', format: 'csv', column: 'at', unit: 'ms', speed: 2, passes: 3, resolutionMs: 1 }),
];
export const playing: readonly Schedule[] = [
  ...plans.map((plan) => ticks(plan)),
  mixed({ nested: [base, { type: 'once', times: 1 }] }),
  poissonArrivals({ nested: constant({ ops: 1, duration: '1s' }), seed: 1 }),
  jittered({ nested: [base, base], amount: '5ms' }),
  trace({ file: 'a', format: 'phout', speed: 2, resolution: '1s' }),
];

// @ts-expect-error: a factor is a number
scaleRate('2');
// @ts-expect-error: what is scaled has a factor
scaleRate();
// @ts-expect-error: milliseconds are a number
shiftBy('5s');
// @ts-expect-error: a seed is a number
poisson({ seed: 'a' });
// @ts-expect-error: only ticks are moved
of('a').pipe(jitter(5));
// @ts-expect-error: only ticks are joined
concatTicks(base.pipe(map(({ index }) => index)));
// @ts-expect-error: a rate is a number
ratePlan((seconds) => String(seconds), { durationMs: 1 });
// @ts-expect-error: a rate has a time
ratePlan(() => 5);
// @ts-expect-error: there is no such format
tracePlan({ file: 'a', format: 'nginx' });
// @ts-expect-error: a trace has a format
tracePlan({ file: 'a' });
