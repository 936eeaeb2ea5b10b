import {
  bufferCount,
  concat,
  filter,
  ignoreElements,
  map,
  mergeMap,
  NEVER,
  type Observable,
  of,
  Subject,
  tap,
  zip,
} from 'rxjs';
import type { Report } from '../../lib/core/aggregator.js';
import type { Tick } from '../../lib/core/plan.js';
import type { Shot } from '../../lib/core/shot.js';
import type { NetSample } from '../../lib/protocols/netSample.js';
import { constPlan } from '../../lib/schedules/const.js';
import { VirtualClock } from '../../lib/time/virtualClock.js';
import * as operators from '../../operators/index.js';
import type { MicroBench, Work } from './microBench.js';
import { pulling } from './pulling.js';
import { pushing } from './pushing.js';
import { sampleOf } from './sampleOf.js';

const { bufferSamples, control, filterPulled, isolated, mapPulled, mixAmmo, reportTo } = operators;
const { rollUp, shoot, stopWhen, ticks, whenWindow, zipAmmo } = operators;
const { clip, concatTicks, jitter, mergeTicks, poisson, repeatTicks, scaleRate, shiftBy, stretch } = operators;

/** A million operations within a millisecond: all are due at once. */
const PLAN = constPlan({ ops: 1e9, duration: 1e6 });
const due = (): Observable<Tick> => ticks(PLAN, { startAt: 0 });

function* endless(): Generator<number> {
  for (let i = 0; ; i++) yield i;
}

const nothing = (samples: Observable<unknown>): Observable<Report> => samples.pipe(ignoreElements());

/** Shots that a gun completes at once, as many as are asked for. */
function firing(make: (shots: Observable<Shot<number>>) => Observable<unknown>): Work {
  return (items) => {
    const shots: Shot<number>[] = Array.from({ length: items }, (_, index) => {
      return { index, at: 0, ammo: index, instance: -1, started: 0, slotWait: 0 };
    });
    const clock = new VirtualClock(1);
    make(concat(of(...shots))).subscribe();
    clock.run();
  };
}
const answering = { create: () => ({ shoot: (ammo: number) => of(ammo) }) };

function shooting(): Work {
  return (items) => {
    const clock = new VirtualClock();
    ticks(constPlan({ ops: 1e9, duration: items }))
      .pipe(zipAmmo(endless()), shoot(answering, { instances: 64, scheduler: clock }))
      .subscribe();
    clock.run();
  };
}

/** Windows of 0.1 s, a sample every 0.1 ms. */
function rolling(use: (samples: Observable<NetSample>, clock: VirtualClock) => Observable<unknown>): Work {
  const clock = new VirtualClock();
  const work = pushing(sampleOf, (samples) => use(samples, clock));
  return (items) => {
    for (let left = items; left > 0; left -= 1000) {
      work(Math.min(left, 1000));
      clock.advance(100);
    }
  };
}

/** One bench per operator. */
export const OPERATORS: readonly MicroBench[] = [
  { name: 'ticks', work: () => pulling(due) },
  { name: 'clip', work: () => pulling(() => due().pipe(clip(0, 0.9))) },
  { name: 'concatTicks', work: () => pulling(() => concatTicks(due(), due())) },
  { name: 'jitter', work: () => pulling(() => due().pipe(jitter(0.001, { seed: 1 }))) },
  { name: 'mergeTicks', work: () => pulling(() => mergeTicks(due(), due())) },
  { name: 'poisson', work: () => pulling(() => due().pipe(poisson({ seed: 1 }))) },
  { name: 'repeatTicks', work: () => pulling(() => due().pipe(repeatTicks(3))) },
  { name: 'scaleRate', work: () => pulling(() => due().pipe(scaleRate(2))) },
  { name: 'shiftBy', work: () => pulling(() => due().pipe(shiftBy(1))) },
  { name: 'stretch', work: () => pulling(() => due().pipe(stretch(2))) },
  {
    name: 'zipAmmo',
    work: () => pulling(() => due().pipe(zipAmmo(endless()))),
    against: {
      name: 'zip',
      work: () => {
        const [left, right] = [new Subject<number>(), new Subject<number>()];
        zip(left, right).subscribe();
        return (items) => {
          for (let i = 0; i < items; i++) {
            left.next(i);
            right.next(i);
          }
        };
      },
    },
  },
  {
    name: 'shoot',
    work: shooting,
    limit: 100_000,
    against: {
      name: 'mergeMap',
      work: () => firing((shots) => shots.pipe(mergeMap((shot) => answering.create().shoot(shot.ammo), 64))),
    },
  },
  { name: 'mixAmmo', work: () => pulling(() => mixAmmo([1, 2, 3].map((weight) => ({ weight, ammo: endless() })))) },
  {
    name: 'mapPulled',
    work: () => pulling(() => due().pipe(mapPulled((tick) => ({ ...tick, at: tick.at + 1 })))),
    against: {
      name: 'map',
      work: () =>
        pushing(
          (index): Tick => ({ index, at: index }),
          map((tick) => ({ ...tick, at: tick.at + 1 })),
        ),
    },
  },
  {
    name: 'filterPulled',
    work: () => pulling(() => due().pipe(filterPulled((tick) => tick.index % 2 === 0))),
    against: {
      name: 'filter',
      work: () =>
        pushing(
          (index): Tick => ({ index, at: index }),
          filter((tick) => tick.index % 2 === 0),
        ),
    },
  },
  { name: 'control', work: () => pulling(() => due().pipe(control(NEVER)), new VirtualClock(1000)) },
  {
    name: 'reportTo',
    work: () => pushing(sampleOf, reportTo<NetSample>(nothing, nothing)),
    against: { name: 'tap', work: () => pushing(sampleOf, tap<NetSample>()) },
  },
  { name: 'isolated', work: () => pushing(sampleOf, (samples) => samples.pipe(isolated(nothing))) },
  {
    name: 'bufferSamples',
    work: () => rolling((samples, scheduler) => samples.pipe(bufferSamples({ copy: ({ ended }) => ended, scheduler }))),
    against: {
      name: 'map, bufferCount',
      work: () =>
        rolling((samples) =>
          samples.pipe(
            map(({ ended }) => ended),
            bufferCount(1000),
          ),
        ),
    },
  },
  {
    name: 'rollUp',
    work: () => rolling((samples, scheduler) => samples.pipe(rollUp({ everyMs: 100, scheduler }))),
  },
  {
    name: 'stopWhen',
    work: () => rolling((samples, scheduler) => samples.pipe(stopWhen(() => false, { everyMs: 100, scheduler }))),
  },
  {
    name: 'whenWindow',
    work: () =>
      rolling((samples, scheduler) =>
        samples.pipe(
          rollUp({ everyMs: 100, scheduler }),
          whenWindow(() => false),
        ),
      ),
  },
];
