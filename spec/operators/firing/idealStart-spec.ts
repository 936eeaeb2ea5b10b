import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { from, NEVER, type SchedulerAction, type SchedulerLike } from 'rxjs';
import type { EventLoop } from '../../../lib/core/eventLoop.js';
import type { Shot } from '../../../lib/core/shot.js';
import { IterableCursor } from '../../../lib/pull/iterables.js';
import { Pullable } from '../../../lib/pull/pullable.js';
import { unlimitedPlan } from '../../../lib/schedules/unlimited.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { shoot } from '../../../operators/shots/shoot.js';
import { zipAmmo } from '../../../operators/shots/zipAmmo.js';
import { ticks } from '../../../operators/ticks/ticks.js';

/** Moments in which a generator does nothing: from, to. */
type Stalls = readonly (readonly [from: number, to: number])[];

const endOfStall = (stalls: Stalls, now: number): number => stalls.find(([a, b]) => a <= now && now < b)?.[1] ?? now;

/** A clock whose work waits for the end of a stall. */
const stalling = (clock: VirtualClock, stalls: Stalls): SchedulerLike => ({
  now: () => clock.now(),
  schedule<T>(work: (this: SchedulerAction<T>, state?: T) => void, delay = 0, state?: T) {
    return clock.schedule<T>(
      function (value) {
        const until = endOfStall(stalls, clock.now());
        if (until > clock.now()) this.schedule(value, until - clock.now());
        else work.call(this, value);
      },
      delay,
      state,
    );
  },
});

interface Setup {
  /** When operations are due. */
  readonly due: readonly number[];
  /** How long the shot of each takes. */
  readonly service: readonly number[];
  readonly instances: number;
  readonly stalls?: Stalls;
  /** What the instances are started by; default: all at once. */
  readonly startsAt?: readonly number[];
  /** When the run starts; default: 0. */
  readonly origin?: number;
  /** Ends of shots wait for the end of a stall, too, as those of a blocked event loop do. */
  readonly blocked?: boolean;
}

interface Fired {
  readonly index: number;
  readonly at: number;
  readonly started: number;
  readonly slotWait: number;
}

function fired({ due, service, instances, stalls = [], startsAt, origin = 0, blocked = false }: Setup): Fired[] {
  const clock = new VirtualClock(origin);
  const scheduler = stalling(clock, stalls);
  const shots: Shot<number>[] = [];
  const guns = {
    create: () => ({
      shootInto: (_: number, shot: Shot<number>, observer: { next(v: number): void; complete(): void }) => {
        shots.push(shot);
        return (blocked ? scheduler : clock).schedule(() => {
          observer.next(1);
          observer.complete();
        }, service[shot.index] as number);
      },
      shoot: () => NEVER,
    }),
  };
  const eventLoop: EventLoop = {
    get blockedSince() {
      return stalls.find(([, to]) => blocked && to === clock.now())?.[0] ?? Number.POSITIVE_INFINITY;
    },
  };
  const source = new Pullable(
    () =>
      new IterableCursor(
        due.map((at, index): Shot<number> => ({ index, at, ammo: 0, instance: -1, started: 0, slotWait: 0 })),
      ),
  );
  const starts = startsAt === undefined ? instances : from(startsAt.map((at, index) => ({ at, index })));
  source.pipe(shoot(guns, { instances: starts, scheduler, eventLoop })).subscribe();
  clock.run();
  return shots.map(({ index, at, started, slotWait }) => ({ index, at, started, slotWait }));
}

/** The slot waits of a generator without delays, by the textbook: the next operation takes the instance that is free first. */
function idealWaits({ due, service, instances }: Setup): number[] {
  const free = new Array<number>(instances).fill(0);
  return due.map((at, i) => {
    free.sort((a, b) => a - b);
    const start = Math.max(at, free[0] as number);
    free[0] = start + (service[i] as number);
    return start - at;
  });
}

const waits = (shots: readonly Fired[]): number[] => shots.map(({ slotWait }) => slotWait);
const lateness = (shots: readonly Fired[]): number[] =>
  shots.map(({ at, started, slotWait }) => started - at - slotWait);

describe('slot wait and lateness, by hand', () => {
  const rows: readonly [sentence: string, setup: Setup, waits: readonly number[], lateness: readonly number[]][] = [
    [
      'a target that is too slow for one instance: all is slot wait',
      { due: [0, 10, 20, 30], service: [25, 25, 25, 25], instances: 1 },
      [0, 15, 30, 45],
      [0, 0, 0, 0],
    ],
    [
      'two instances halve it',
      { due: [0, 10, 20, 30], service: [25, 25, 25, 25], instances: 2 },
      [0, 0, 5, 5],
      [0, 0, 0, 0],
    ],
    [
      // Due at 0, 10, 20, 30, 40; nothing runs from 5 to 35. At 35 it shoots what was due at 10, until 37, and so on.
      'a stall with a backlog behind it: all of the backlog is lateness',
      { due: [0, 10, 20, 30, 40], service: [2, 2, 2, 2, 2], instances: 1, stalls: [[5, 35]] },
      [0, 0, 0, 0, 0],
      [0, 25, 17, 9, 1],
    ],
    [
      // Without the stall: starts at 0, 8, 16, 24. With it: 0, then 35, 43, 51. So 27 ms of each are the generator's.
      'a stall and a slow target: each gets its part',
      { due: [0, 5, 10, 15], service: [8, 8, 8, 8], instances: 1, stalls: [[7, 35]] },
      [0, 3, 6, 9],
      [0, 27, 27, 27],
    ],
    [
      // The first instance is busy until 100; the second, free at 1, is kept from shooting until 50.
      'the instance that is free first in the ideal run counts, whichever shoots',
      { due: [0, 0, 10, 20], service: [100, 1, 5, 5], instances: 2, stalls: [[2, 50]] },
      [0, 0, 0, 0],
      [0, 0, 40, 35],
    ],
    [
      'an instance that is started late counts from the moment of its tick',
      { due: [0, 10], service: [5, 5], instances: 1, startsAt: [0], stalls: [[0, 0]] },
      [0, 0],
      [0, 0],
    ],
    [
      // Its shot of 10 ms is seen to end at 60. It may have ended at any time in the stall, so only the 2 ms until then count.
      'a blocked event loop sees ends late: the time in which it was blocked is not service',
      { due: [0, 1, 2], service: [10, 10, 10], instances: 1, stalls: [[2, 60]], blocked: true },
      [0, 1, 10],
      [0, 58, 58],
    ],
  ];
  for (const [sentence, setup, slotWaits, late] of rows)
    it(sentence, () => {
      const shots = fired(setup);
      assert.deepEqual([waits(shots), lateness(shots)], [slotWaits, late]);
    });

  it('a moment of today is not rounded: one step of its floating-point number is one step of slot wait', () => {
    const [origin, step] = [1_700_000_000_000, 2 ** -12];
    const shots = fired({ due: [origin, origin, origin], service: [step, step, step], instances: 1, origin });
    assert.deepEqual(waits(shots), [0, step, 2 * step]);
  });

  it('an operation on demand is due when its instance is free, and delays do not add up', () => {
    const clock = new VirtualClock();
    const stalls: Stalls = [
      [15, 50],
      [65, 70],
    ];
    const shots: Shot<string>[] = [];
    const guns = {
      create: () => ({
        shoot: (_: string, shot: Shot<string>) => {
          shots.push(shot);
          return new Promise<never>(() => undefined);
        },
        shootInto: (_: string, shot: Shot<string>, observer: { complete(): void }) => {
          shots.push(shot);
          return clock.schedule(() => observer.complete(), 10);
        },
      }),
    };
    const scheduler = stalling(clock, stalls);
    ticks(unlimitedPlan({ duration: 90e6 }), { scheduler })
      .pipe(zipAmmo('x'.repeat(100)), shoot(guns, { scheduler }))
      .subscribe();
    clock.run();
    const seen = shots.map(({ at, started, slotWait }) => [at, started, slotWait]);
    assert.deepEqual(seen, [
      [0, 0, 0],
      [10, 10, 0],
      [20, 50, 0],
      [60, 60, 0],
      [70, 70, 0],
      [80, 80, 0],
    ]);
  });
});

const stallsOf = fc
  .array(fc.tuple(fc.nat(300), fc.integer({ min: 1, max: 60 })), { maxLength: 5 })
  .map((list): Stalls => {
    let free = 0;
    return list
      .sort(([a], [b]) => a - b)
      .map(([at, ms]) => {
        const start = Math.max(at, free);
        free = start + ms + 1;
        return [start, start + ms] as const;
      });
  });
const dueOf = fc.array(fc.nat(200), { minLength: 1, maxLength: 40 }).map((list) => list.sort((a, b) => a - b));

describe('slot wait, whatever the stalls', () => {
  it('is shot by shot that of a generator without stalls, when all shots take the same time', () => {
    fc.assert(
      fc.property(
        dueOf,
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 6 }),
        stallsOf,
        (due, ms, instances, stalls) => {
          const setup = { due, service: due.map(() => ms), instances };
          const calm = fired(setup);
          const stalled = fired({ ...setup, stalls });
          assert.deepEqual(waits(calm), idealWaits(setup));
          assert.deepEqual(waits(stalled), waits(calm));
          assert.ok(lateness(calm).every((late) => late === 0));
          // All the rest is lateness.
          assert.deepEqual(
            lateness(stalled),
            stalled.map(({ started }, i) => started - (calm[i] as Fired).started),
          );
        },
      ),
    );
  });

  const mixed = fc.tuple(
    fc.array(fc.tuple(fc.nat(200), fc.integer({ min: 1, max: 60 })), { minLength: 1, maxLength: 40 }),
    fc.integer({ min: 1, max: 5 }),
    stallsOf,
  );
  const setupOf = ([list, instances]: readonly [(readonly [number, number])[], number, Stalls]): Setup => {
    const due = list.map(([at]) => at).sort((a, b) => a - b);
    return { due, service: list.map(([, ms]) => ms), instances };
  };

  it('is the same, too, when the times of shots differ, with one instance', () => {
    fc.assert(
      fc.property(mixed, (given) => {
        const setup = { ...setupOf(given), instances: 1 };
        assert.deepEqual(waits(fired({ ...setup, stalls: given[2] })), idealWaits(setup));
      }),
    );
  });

  // When a shot is fired, it is not known how long those that are under way still take. One of them may be over before any that has
  // ended, but only by as much as it was late.
  it('differs with several at most by the lateness so far', () => {
    fc.assert(
      fc.property(mixed, (given) => {
        const setup = setupOf(given);
        const ideal = idealWaits(setup);
        assert.deepEqual(waits(fired(setup)), ideal);
        let latest = 0;
        fired({ ...setup, stalls: given[2] }).forEach(({ started, slotWait, at }, i) => {
          const truth = ideal[i] as number;
          latest = Math.max(latest, started - at - truth);
          assert.ok(slotWait >= 0 && at + slotWait <= started);
          assert.ok(Math.abs(slotWait - truth) <= latest, `${slotWait}, not ${truth}`);
        });
      }),
      { numRuns: 500 },
    );
  });

  it('has nothing of the stalls when a blocked event loop sees ends late', () => {
    fc.assert(
      fc.property(mixed, (given) => {
        const setup = { ...setupOf(given), instances: 1 };
        const shots = fired({ ...setup, stalls: given[2], blocked: true });
        const ideal = idealWaits(setup);
        for (const { index, slotWait } of shots) assert.ok(slotWait <= (ideal[index] as number));
      }),
    );
  });
});
