import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { map, type Observable, of, take } from 'rxjs';
import { DONE } from '../../../lib/core/cursor.js';
import { defined } from '../../../lib/core/defined.js';
import { isElpisError } from '../../../lib/core/errors.js';
import type { Tick } from '../../../lib/core/plan.js';
import type { Schedule, ScheduleOptions } from '../../../lib/core/schedule.js';
import { compositePlan } from '../../../lib/plans/compositePlan.js';
import { pausePlan } from '../../../lib/plans/shiftPlan.js';
import { PlanSchedule } from '../../../lib/pull/planSchedule.js';
import { constPlan } from '../../../lib/schedules/const.js';
import { once, oncePlan } from '../../../lib/schedules/once.js';
import { unlimitedPlan } from '../../../lib/schedules/unlimited.js';
import { FakeProvider } from '../../../lib/testing/fakeProvider.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { zipAmmo } from '../../../operators/shots/zipAmmo.js';
import { clip } from '../../../operators/ticks/clip.js';
import { concatTicks } from '../../../operators/ticks/concatTicks.js';
import { jitter } from '../../../operators/ticks/jitter.js';
import { mergeTicks } from '../../../operators/ticks/mergeTicks.js';
import { poisson } from '../../../operators/ticks/poisson.js';
import { repeatTicks } from '../../../operators/ticks/repeatTicks.js';
import { scaleRate } from '../../../operators/ticks/scaleRate.js';
import { shiftBy } from '../../../operators/ticks/shiftBy.js';
import { stretch } from '../../../operators/ticks/stretch.js';
import { ticks } from '../../../operators/ticks/ticks.js';
import { marbles } from '../marbles.js';

// The operators from schedule to schedule, and those that join schedules.
type Change = (source: Observable<Tick>) => Schedule;

/** A frame is a millisecond. */
const every = (gapMs: number, lengthMs: number) => constPlan({ ops: 1000 / gapMs, duration: lengthMs * 1e6 });
const shown = map(({ index }: Tick) => String(index));

describe('operators of plans', () => {
  const drawings: readonly [name: string, change: Change, before: string, after: string][] = [
    ['scaleRate(2)', scaleRate(2), '0---1---2---|', '0-1-2-3-4-5-|'],
    ['scaleRate(0.5)', scaleRate(0.5), '0---1---2---3---|', '0-------1-------|'],
    ['stretch(2)', stretch(2), '0---1---2---|', '0-------1-------2-------|'],
    ['stretch(0.5)', stretch(0.5), '0---1---2---|', '0-1-2-|'],
    ['shiftBy(3)', shiftBy(3), '0---1---2---|', '---0---1---2---|'],
    ['repeatTicks(2)', repeatTicks(2), '0---1---|', '0---1---2---3---|'],
    ['clip(4, 9)', clip(4, 9), '0---1---2---3---|', '0---1|'],
    ['clip(5)', clip(5), '0---1---2---3---|', '---0---1---|'],
    ['jitter(0)', jitter(0), '0---1---2---|', '0---1---2---|'],
  ];
  for (const [name, change, before, expected] of drawings) {
    it(
      `${name}: its drawing`,
      marbles(({ expectObservable, scheduler }) => {
        const source = ticks(every(4, before.length - 1), { scheduler });
        expectObservable(source.pipe(shown)).toBe(before);
        expectObservable(source.pipe(change, shown)).toBe(expected);
      }),
    );
  }

  it('jitter and poisson: the same operations up to the same end, at other times', () => {
    for (const change of [jitter(3, { seed: 2 }), poisson({ seed: 2 })]) {
      const [plain, moved] = [false, true].map((isMoved) => {
        const clock = new VirtualClock();
        const seen: Tick[] = [];
        let end: number | undefined;
        const source = ticks(every(10, 100), { scheduler: clock });
        (isMoved ? source.pipe(change) : source).subscribe({
          next: (tick) => {
            assert.equal(tick.at, clock.now());
            seen.push(tick);
          },
          complete: () => {
            end = clock.now();
          },
        });
        clock.run();
        return { seen, end };
      });
      assert.equal(moved?.end, 100);
      assert.deepEqual(
        moved?.seen.map(({ index }) => index),
        plain?.seen.map(({ index }) => index),
      );
      assert.notDeepEqual(moved?.seen, plain?.seen);
    }
  });

  const changes: readonly [name: string, change: Change][] = [
    ['scaleRate', scaleRate(1)],
    ['stretch', stretch(1)],
    ['shiftBy', shiftBy(0)],
    ['repeatTicks', repeatTicks(1)],
    ['clip', clip(0)],
    ['jitter', jitter(0)],
    ['concatTicks', (source) => concatTicks(source)],
    ['mergeTicks', (source) => mergeTicks(source)],
  ];
  const chance: readonly [name: string, change: Change][] = [['poisson', poisson()]];

  for (const [name, change] of [...changes, ...chance]) {
    it(
      `${name}: an empty plan, pauses, bursts, and a consumer that unsubscribes`,
      marbles(({ expectObservable, scheduler }) => {
        const play = (plan: Parameters<typeof ticks>[0]) => ticks(plan, { scheduler }).pipe(change, shown);
        expectObservable(play(pausePlan(0))).toBe('|');
        expectObservable(play(pausePlan(3e6))).toBe('---|');
        expectObservable(play(oncePlan({ times: 1 }))).toBe('(0|)');
        expectObservable(play(oncePlan({ times: 3 }))).toBe('(012|)');
        expectObservable(
          play(compositePlan([pausePlan(2e6), oncePlan({ times: 3 }), pausePlan(6e6)])),
          '^------!',
        ).toBe('--(012)');
        expectObservable(play(oncePlan({ times: 3 })).pipe(take(2))).toBe('(01|)');
      }),
    );

    it(`${name}: the result is pullable, with its plan, start, share and scheduler`, () => {
      const clock = new VirtualClock(1000);
      const options: ScheduleOptions = { startAt: 1500, share: { index: 1, of: 2 }, scheduler: clock };
      const plan = compositePlan([pausePlan(2e6), oncePlan({ times: 4 }), pausePlan(6e6)]);
      const changed = ticks(plan, options).pipe(change);
      assert.ok(changed instanceof PlanSchedule);
      assert.deepEqual(changed.options, options);
      assert.equal(changed.plan.count, 4);
      assert.equal(changed.plan.durationNs, 8e6);
      const cursor = changed.open(clock);
      assert.deepEqual([cursor.left(), cursor.onDemand()], [2, false]);
      assert.deepEqual(
        [cursor.poll(), cursor.poll(), cursor.poll()],
        [{ index: 1, at: 1502 }, { index: 3, at: 1502 }, DONE],
      );
      assert.equal(cursor.finish(), 1508);
    });

    it(`${name}: subscribing twice makes two independent runs, each from its own start`, () => {
      const clock = new VirtualClock();
      const changed = ticks(compositePlan([pausePlan(4e6), oncePlan({ times: 1 })]), { scheduler: clock }).pipe(change);
      const seen: string[] = [];
      changed.subscribe(({ index }) => seen.push(`a${index} ${clock.now()}`));
      clock.run(3);
      changed.subscribe(({ index }) => seen.push(`b${index} ${clock.now()}`));
      clock.run();
      assert.deepEqual(seen, ['a0 4', 'b0 7']);
    });

    it(`${name}: a late tick keeps its planned time, and a slow consumer draws each tick on demand`, () => {
      const clock = new VirtualClock();
      const cursor = (ticks(compositePlan([pausePlan(4e6), oncePlan({ times: 2 })])).pipe(change) as Schedule).open(
        clock,
      );
      const first = cursor.poll();
      clock.run(50);
      assert.deepEqual([first, cursor.poll(), cursor.poll()], [{ index: 0, at: 4 }, { index: 1, at: 4 }, DONE]);
    });

    it(`${name}: ammo is zipped by pull`, () => {
      const provider = new FakeProvider<string>().load('a', 'b');
      const clock = new VirtualClock();
      const shots = ticks(oncePlan({ times: 2 })).pipe(change, zipAmmo(provider, { scheduler: clock }));
      assert.ok('open' in shots);
      assert.deepEqual(provider.taken, []);
    });

    it(`${name}: ticks without a plan are refused, with what to do instead`, () => {
      for (const source of [of<Tick>({ index: 0, at: 0 }), ticks(every(1, 5)).pipe(map((tick) => tick))])
        assert.throws(
          () => source.pipe(change),
          (error) =>
            isElpisError(error, 'ELPIS_CONFIG') &&
            error.message ===
              `${name}: these ticks have no plan; expected a schedule, such as of line(...) or ticks(plan)` &&
            error.hint?.startsWith(`apply ${name} before operators of RxJS; `) === true,
        );
    });

    it(`${name}: a schedule with wrong options fails with their issues`, () => {
      assert.throws(() => once({ times: 0 }).pipe(change), /times: expected a whole number of at least 1/);
    });

    it(`${name}: a schedule of another copy of the package is accepted`, () => {
      const original = ticks(every(1, 5));
      const copy = Object.assign(original.pipe(map((tick) => tick)), { plan: original.plan });
      assert.equal((copy.pipe(change) as Schedule).plan.count, 5);
    });
  }

  it('a plan that cannot be scaled, moved or mixed is refused when the pipe is made', () => {
    const endless = ticks(unlimitedPlan({ duration: 1e9 }));
    for (const change of [scaleRate(2), jitter(1), poisson()])
      assert.throws(() => endless.pipe(change), /an unlimited schedule has no planned times/);
    assert.throws(() => mergeTicks(endless, endless), /^ElpisError: mergeTicks: an unlimited/);
    assert.throws(() => ticks(every(1, 5)).pipe(scaleRate(-1)), /^ElpisError: scaleRate factor: -1/);
    assert.throws(() => ticks(every(1, 5)).pipe(stretch(0)), /^ElpisError: stretch factor: 0/);
    assert.throws(() => ticks(every(1, 5)).pipe(shiftBy(-1)), /^ElpisError: shiftBy: -1/);
    assert.throws(() => ticks(every(1, 5)).pipe(repeatTicks(-1)), /^ElpisError: repeatTicks times: -1/);
    assert.throws(() => ticks(every(1, 5)).pipe(clip(4, 3)), /^ElpisError: clip to: 3/);
    assert.throws(() => ticks(every(1, 5)).pipe(jitter(-1)), /^ElpisError: jitter amount: -1/);
    assert.throws(() => ticks(every(1, 5)).pipe(poisson({ seed: 1.5 })), /^ElpisError: poisson seed: 1.5/);
  });

  it('unlimited schedules are joined and still driven by demand', () => {
    const clock = new VirtualClock();
    const joined = concatTicks(ticks(oncePlan({ times: 1 })), ticks(unlimitedPlan({ duration: 5e6 })));
    const cursor = joined.open(clock);
    assert.deepEqual([cursor.onDemand(), cursor.left()], [false, Number.POSITIVE_INFINITY]);
    cursor.poll();
    assert.equal(cursor.onDemand(), true);
    clock.run(5);
    assert.equal(cursor.poll(), DONE);
  });
});

describe('concatTicks and mergeTicks', () => {
  it(
    'one after another, each from the nominal end of the one before',
    marbles(({ expectObservable, scheduler }) => {
      const a = ticks(every(3, 6), { scheduler });
      const b = ticks(compositePlan([oncePlan({ times: 2 }), pausePlan(5e6)]), { scheduler });
      expectObservable(a.pipe(shown)).toBe('          0--1--|');
      expectObservable(b.pipe(shown)).toBe('          (01)-|');
      expectObservable(concatTicks(a, b).pipe(shown)).toBe('0--1--(23)-|');
      expectObservable(concatTicks(b, a).pipe(shown)).toBe('(01)-2--3--|');
    }),
  );

  it(
    'at the same time, as long as the longest',
    marbles(({ expectObservable, scheduler }) => {
      const a = ticks(every(4, 12), { scheduler });
      const b = ticks(every(4, 8), { scheduler }).pipe(shiftBy(1));
      expectObservable(a.pipe(shown)).toBe('               0---1---2---|');
      expectObservable(b.pipe(shown)).toBe('               -0---1---|');
      expectObservable(mergeTicks(a, b).pipe(shown)).toBe('01--23--4---|');
    }),
  );

  it(
    'on the scheduler of the only one that has one',
    marbles(({ expectObservable, scheduler }) => {
      const plain = ticks(every(2, 4));
      const timed = ticks(every(2, 4), { scheduler });
      expectObservable(concatTicks(plain, timed).pipe(shown)).toBe('0-1-2-3-|');
      expectObservable(mergeTicks(timed, plain).pipe(shown), '^-!').toBe('(01)');
    }),
  );

  const joins = [
    ['concatTicks', concatTicks],
    ['mergeTicks', mergeTicks],
  ] as const;
  for (const [name, join] of joins) {
    it(`${name}: without schedules the result is empty`, () => {
      const clock = new VirtualClock();
      assert.equal(join().open(clock).poll(), DONE);
    });

    it(`${name}: start, share and clock are those that the schedules have; two that differ are refused`, () => {
      const [clock, other] = [new VirtualClock(), new VirtualClock()];
      const plan = every(1, 5);
      const half = { index: 0, of: 2 };
      assert.deepEqual(
        join(
          ticks(plan),
          ticks(plan, { share: half }),
          ticks(plan, { scheduler: clock, startAt: 5, share: { ...half } }),
        ).options,
        { share: half, scheduler: clock, startAt: 5 },
      );
      const refused: readonly [ScheduleOptions, ScheduleOptions, string][] = [
        [{ scheduler: clock }, { scheduler: other }, 'scheduler'],
        [{ startAt: 1 }, { startAt: 2 }, 'startAt'],
        [{ share: half }, { share: { index: 1, of: 2 } }, 'share'],
        [{ share: half }, { share: { index: 0, of: 3 } }, 'share'],
      ];
      for (const [a, b, key] of refused)
        assert.throws(
          () => join(ticks(plan, a), ticks(plan), ticks(plan, b)),
          (error) =>
            isElpisError(error, 'ELPIS_CONFIG') &&
            error.message ===
              `${name}: the ${key} of schedule 3 differs from that of one before it; expected one ${key} for all`,
        );
    });

    it(`${name}: the union of the shares is the whole`, () => {
      const play = (share?: ScheduleOptions['share']): Tick[] => {
        const of = defined({ share });
        const cursor = join(ticks(every(3, 30), of), ticks(every(2, 30)).pipe(poisson())).open(new VirtualClock());
        const seen: Tick[] = [];
        for (let tick = cursor.poll(); tick !== DONE; tick = cursor.poll()) seen.push(tick as Tick);
        return seen;
      };
      const shares = [0, 1, 2].flatMap((index) => play({ index, of: 3 }));
      assert.deepEqual(
        shares.sort((a, b) => a.index - b.index),
        play(),
      );
    });
  }
});
