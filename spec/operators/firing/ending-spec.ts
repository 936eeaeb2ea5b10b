import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  concat,
  EMPTY,
  ignoreElements,
  NEVER,
  Observable,
  type Observer,
  of,
  Subject,
  take,
  throwError,
  timer,
} from 'rxjs';
import { isElpisError } from '../../../lib/core/errors.js';
import type { Gun } from '../../../lib/core/gun.js';
import type { Shot } from '../../../lib/core/shot.js';
import { constPlan } from '../../../lib/schedules/const.js';
import { oncePlan } from '../../../lib/schedules/once.js';
import { FakeLog } from '../../../lib/testing/fakeDeps.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { FiringMeter } from '../../../operators/firing/meter.js';
import { type ShootOptions, shoot } from '../../../operators/shots/shoot.js';
import { zipAmmo } from '../../../operators/shots/zipAmmo.js';
import { ticks } from '../../../operators/ticks/ticks.js';

const boom = (text = 'boom'): never => {
  throw new Error(text);
};
const after = (ms: number, clock: VirtualClock): Observable<never> => timer(ms, clock).pipe(ignoreElements());
const fails = (text = 'boom'): Observable<never> => throwError(() => new Error(text));

interface Setup extends Partial<ShootOptions<string, string>> {
  /** Shoots when the ammo is `b`, 10 ms after the first shot; shots of other ammo never end. */
  readonly onB?: (shot: Shot<string>) => unknown;
  readonly gun?: string;
  readonly shots?: (clock: VirtualClock) => Observable<Shot<string>>;
  readonly create?: (instance: number, clock: VirtualClock) => Gun<string, string>;
  readonly close?: (instance: number) => void;
  readonly take?: number;
  readonly options?: (clock: VirtualClock) => Partial<ShootOptions<string, string>>;
}

/** One shot each 10 ms, `a` to `d`, with three instances, and the events up to the end. */
function run({ onB = () => NEVER, shots, create, close, take: limit, options, ...more }: Setup) {
  const clock = new VirtualClock(1000);
  const meter = new FiringMeter();
  const log: unknown[] = [];
  const closes: number[] = [];
  let aborted = 0;
  const guns = {
    create: ({ instance }: { readonly instance: number }): Gun<string, string> => ({
      shoot: (ammo, shot) =>
        ammo === 'b' ? (onB(shot) as Observable<string>) : new Observable<string>(() => () => aborted++),
      ...create?.(instance, clock),
      close: () => {
        closes.push(instance);
        close?.(instance);
      },
    }),
  };
  const source = shots?.(clock) ?? ticks(constPlan({ ops: 100, duration: 40e6 })).pipe(zipAmmo('abcd'));
  const samples = source.pipe(
    shoot(guns, {
      scheduler: clock,
      meter,
      instances: 3,
      unfinished: ({ ammo, at }, now) => `${ammo} unfinished ${now - at}`,
      ...more,
      ...options?.(clock),
    }),
  );
  const subscription = (limit === undefined ? samples : samples.pipe(take(limit))).subscribe({
    next: (sample) => log.push(sample),
    error: (error: unknown) => log.push(error),
    complete: () => log.push('complete'),
  });
  clock.run(100_000);
  return { log, meter, closes, aborted: () => aborted, subscription, clock };
}

const endOf = (log: readonly unknown[]): Error => log.at(-1) as Error;

describe('shoot, when something fails while shots are under way', () => {
  const TABLE: readonly [what: string, setup: Setup, message: RegExp, records: readonly string[]][] = [
    ['a gun throws', { onB: () => boom() }, /^boom$/, ['b unfinished 0', 'a unfinished 10']],
    ['the stream of a gun errors', { onB: () => fails() }, /^boom$/, ['b unfinished 0', 'a unfinished 10']],
    [
      'shoot returns undefined',
      { onB: () => undefined, gun: 'mine' },
      /^gun "mine" of instance 1: shoot returned undefined, expected an Observable/,
      ['b unfinished 0', 'a unfinished 10'],
    ],
    [
      'shoot returns a plain object',
      { onB: () => ({ tag: 'b' }) },
      /^the gun of instance 1: shoot returned an object of class Object, expected/,
      ['b unfinished 0', 'a unfinished 10'],
    ],
    [
      'a sample is undefined',
      { onB: () => of(undefined), gun: 'mine' },
      /^gun "mine" of instance 1 emitted undefined, expected a sample/,
      ['b unfinished 0', 'a unfinished 10'],
    ],
    [
      'a sample is null',
      { onB: () => of(null) },
      /emitted null, expected a sample/,
      ['b unfinished 0', 'a unfinished 10'],
    ],
    [
      'a sample has times that are no numbers',
      { onB: () => of({ netCode: 0, slotWait: 0, started: 0, ended: Number.NaN }), gun: 'mine' },
      /^gun "mine" of instance 1 emitted a sample whose intended is undefined, expected a number$/,
      ['b unfinished 0', 'a unfinished 10'],
    ],
    [
      'the teardown of a shot that completes throws',
      {
        onB: () =>
          new Observable<string>((observer) => {
            observer.next('b');
            observer.complete();
            return () => boom('teardown');
          }),
      },
      /^teardown$/,
      ['b', 'a unfinished 10'],
    ],
    [
      'the source of shots errors',
      {
        shots: (clock) =>
          concat(
            of({ index: 0, at: 1000, ammo: 'a', instance: -1, started: 0, slotWait: 0 }),
            after(10, clock),
            fails(),
          ),
      },
      /^boom$/,
      ['a unfinished 10'],
    ],
    [
      'a pulled source throws',
      {
        shots: () =>
          ticks(constPlan({ ops: 100, duration: 40e6 })).pipe(
            zipAmmo({
              *[Symbol.iterator]() {
                yield 'a';
                boom();
              },
            }),
          ),
      },
      /boom/,
      ['a unfinished 0'],
    ],
    [
      'the stream of instances errors',
      { options: (clock) => ({ instances: concat(of(1, 2), after(15, clock), fails()) }) },
      /^boom$/,
      ['a unfinished 15', 'b unfinished 5'],
    ],
    [
      'the drain errors',
      { options: (clock) => ({ drain: concat(after(15, clock), fails()) }) },
      /^boom$/,
      ['a unfinished 15', 'b unfinished 5'],
    ],
    [
      'a further gun cannot be made',
      {
        create: (instance) => (instance === 2 ? boom() : ({} as Gun<string, string>)),
        options: (clock) => ({ instances: concat(of(1, 2), timer(15, clock)) }),
      },
      /^boom$/,
      ['a unfinished 15', 'b unfinished 5'],
    ],
    [
      'onExhausted throws',
      { shots: () => ticks(constPlan({ ops: 100, duration: 20e6 })).pipe(zipAmmo('ab')), onExhausted: () => boom() },
      /^boom$/,
      ['a unfinished 10', 'b unfinished 0'],
    ],
    [
      'the function that makes discarded samples throws',
      {
        instances: 1,
        overflow: { policy: 'discard', afterMs: 5 },
        discarded: () => boom(),
        create: (_, clock) => ({ shoot: () => after(17, clock) }),
      },
      /^boom$/,
      [],
    ],
    [
      'the function of the backlog throws',
      {
        instances: 1,
        backlog: { overflow: 'discard', onDiscard: () => boom() },
        shots: (clock) => concat(after(1, clock), of('a', 'b').pipe(asShots)),
      },
      /^boom$/,
      ['a unfinished 1'],
    ],
  ];
  for (const [what, setup, message, records] of TABLE) {
    it(`${what}: the others are recorded, counted and aborted, every gun is closed once, then the error is emitted`, () => {
      const { log, meter, closes } = run(setup);
      assert.match(endOf(log).message, message);
      assert.deepEqual(log.slice(0, -1), records);
      assert.equal(meter.unfinished, records.filter((record) => record.includes('unfinished')).length);
      assert.deepEqual([meter.inFlight, meter.instances - meter.instancesEnded], [0, 0]);
      assert.deepEqual(closes, [...new Set(closes)]);
      assert.equal(closes.length, meter.instances);
    });
  }

  it('a promise that rejects fails like an Observable that errors', async () => {
    const source = of('a', 'b').pipe(asShots);
    const { log, meter } = run({ shots: () => source, onB: () => Promise.reject(new Error('rejected')) });
    assert.deepEqual(log, []);
    await new Promise((resolve) => setImmediate(resolve));
    const recorded = ['b unfinished 99000', 'a unfinished 99000'];
    assert.deepEqual([log.slice(0, -1), endOf(log).message, meter.inFlight], [recorded, 'rejected', 0]);
  });

  it('overdue shots without a free instance are recorded too, and shots that were not due are not', () => {
    const { log } = run({
      instances: 1,
      create: (_, clock) => ({ shoot: () => concat(after(25, clock), fails()) }),
    });
    assert.deepEqual(log.slice(0, -1), ['a unfinished 25', 'b unfinished 15', 'c unfinished 5']);
  });

  it('an exception of `unfinished` is added to the error; the function is not called again, and all is counted', () => {
    let calls = 0;
    const unfinished = () => {
      calls++;
      return boom('factory');
    };
    const { log, meter, closes } = run({
      shots: (clock) => concat(of('a', 'c', 'd').pipe(asShots), after(10, clock), fails()),
      unfinished,
    });
    assert.equal(endOf(log).message, 'boom; also: factory');
    assert.deepEqual([log.length, calls, meter.unfinished, closes], [1, 1, 3, [0, 1, 2]]);
  });

  it('an exception of `unfinished` at the limit of a drain is the error', () => {
    const { log, meter, closes } = run({ unfinished: () => boom(), options: (clock) => ({ drain: timer(15, clock) }) });
    assert.deepEqual([log.length, endOf(log).message, meter.unfinished, closes], [1, 'boom', 2, [0, 1, 2]]);
  });

  it('records a huge backlog in several turns, and then fails', () => {
    const clock = new VirtualClock();
    const meter = new FiringMeter();
    let failure: unknown;
    ticks(oncePlan({ times: 5000 }))
      .pipe(
        zipAmmo('x'.repeat(5000)),
        shoot({ create: () => ({ shoot: () => concat(after(5, clock), fails()) }) }, { scheduler: clock, meter }),
      )
      .subscribe({
        error: (error: unknown) => {
          failure = error;
        },
      });
    clock.schedule(() => assert.deepEqual([meter.unfinished, failure], [513, undefined], 'in its first turn'), 5);
    clock.run(5);
    assert.deepEqual([meter.unfinished, String(failure)], [5000, 'Error: boom']);
  });

  it('a consumer that unsubscribes at the first record ends it at once', () => {
    const { log, meter, closes } = run({
      take: 1,
      shots: (clock) => concat(of('a', 'c', 'd').pipe(asShots), after(10, clock), fails()),
    });
    assert.deepEqual([log, meter.unfinished, closes], [['a unfinished 10', 'complete'], 3, [0, 1, 2]]);
  });
});

/** Pushed shots that are due at 1000. */
function asShots(source: Observable<string>): Observable<Shot<string>> {
  return new Observable((observer) =>
    source.subscribe({
      next: (ammo) => observer.next({ index: 0, at: 1000, ammo, instance: -1, started: 0, slotWait: 0 }),
      error: (error: unknown) => observer.error(error),
      complete: () => observer.complete(),
    }),
  );
}

describe('shoot, when a gun cannot be closed', () => {
  const close = (instance: number): void => {
    if (instance !== 1) boom(`stuck ${instance}`);
  };

  it('closes the others, and ends with one error for all', () => {
    const { log, closes } = run({ close, create: () => ({ shoot: () => EMPTY }) });
    const error = endOf(log);
    assert.ok(isElpisError(error, 'ELPIS_GUN'));
    assert.equal(
      error.message,
      'the gun of instance 0 cannot be closed: stuck 0; also: the gun of instance 2 cannot be closed: stuck 2',
    );
    assert.equal((error.cause as AggregateError).errors.length, 2);
    assert.deepEqual(closes, [0, 1, 2]);
  });

  it('adds the failures to the error of a run that has failed', () => {
    const { log, closes } = run({ close, onB: () => boom('first') });
    assert.match(endOf(log).message, /^first; also: .*stuck 0; also: .*stuck 2$/);
    assert.deepEqual(
      [log.slice(0, -1), closes],
      [
        ['b unfinished 0', 'a unfinished 10'],
        [0, 1, 2],
      ],
    );
  });

  it('closes everything when the consumer unsubscribes, then throws as RxJS does, or logs the error with a log', () => {
    const silent = run({ close });
    assert.throws(() => silent.subscription.unsubscribe(), /stuck 0/);
    assert.deepEqual([silent.closes, silent.aborted(), silent.meter.unfinished], [[0, 1, 2], 2, 3]);
    const lines = new FakeLog();
    const logged = run({ close, log: lines });
    logged.subscription.unsubscribe();
    assert.deepEqual(logged.closes, [0, 1, 2]);
    assert.match(lines.lines.at(-1)?.message ?? '', /stuck 0.*stuck 2/);
  });

  it('closes the guns when the abort of a shot throws, and fails with that error', () => {
    const { log, closes } = run({
      shots: () => of('a', 'b').pipe(asShots),
      onB: () => new Observable(() => () => boom('abort')),
      options: (clock) => ({ drain: timer(5, clock) }),
    });
    assert.deepEqual(log.slice(0, -1), ['a unfinished 5', 'b unfinished 5']);
    assert.deepEqual([endOf(log).message, closes], ['abort', [0, 1, 2]]);
    const { log: into } = run({
      shots: () => of('a').pipe(asShots),
      create: () => ({ shoot: () => NEVER, shootInto: () => ({ unsubscribe: () => boom('into') }) }),
      options: (clock) => ({ drain: timer(5, clock) }),
    });
    assert.deepEqual([into[0], endOf(into).message], ['a unfinished 5', 'into']);
  });
});

describe('shoot, when a gun breaks the contract of its observer', () => {
  const into = (act: (observer: Observer<string>, clock: VirtualClock, ammo: string) => void): Setup => ({
    shots: (clock) => ticks(constPlan({ ops: 100, duration: 20e6 }), { scheduler: clock }).pipe(zipAmmo('ab')),
    instances: 1,
    create: (_, clock) => ({
      shoot: () => NEVER,
      shootInto: (ammo, __, observer) => {
        act(observer, clock, ammo);
        return { unsubscribe: () => undefined };
      },
    }),
  });
  const TABLE: readonly [what: string, act: Parameters<typeof into>[0]][] = [
    ['next after complete', (o, _, ammo) => [o.next(ammo), o.complete(), o.next('late')]],
    ['two completes', (o, _, ammo) => [o.next(ammo), o.complete(), o.complete()]],
    ['an error after complete', (o, _, ammo) => [o.next(ammo), o.complete(), o.error(new Error('late'))]],
    [
      'late calls in a later turn',
      (o, clock, ammo) => [
        clock.schedule(() => [o.next(ammo), o.complete(), o.complete()], 1),
        clock.schedule(() => [o.next('late'), o.error(new Error('late')), o.complete()], 2),
      ],
    ],
  ];
  for (const [what, act] of TABLE) {
    it(`${what}: ignored`, () => {
      const { log, meter } = run(into(act));
      assert.deepEqual(log, ['a', 'b', 'complete']);
      assert.deepEqual([meter.requests, meter.responses, meter.emptyShots], [2, 2, 0]);
    });
  }

  it('two completes while another shot waits for the instance: it is not ended by the second', () => {
    const { log, meter } = run({
      ...into((o, clock, ammo) => {
        clock.schedule(() => [o.next(ammo), o.complete(), o.complete()], 25);
      }),
      overflow: { policy: 'grow', maxInstances: 2, afterMs: 1000 },
    });
    assert.deepEqual([log, meter.emptyShots], [['a', 'b', 'complete'], 0]);
  });

  it('an exception after its completion is the error', () => {
    const { log } = run(into((o) => [o.complete(), boom('after')]));
    assert.equal(endOf(log).message, 'after');
  });

  it('counts shots that complete without a sample', () => {
    const { log, meter } = run(into((o) => o.complete()));
    assert.deepEqual([log, meter.responses, meter.emptyShots], [['complete'], 2, 2]);
  });
});

describe('shoot, re-entrancy and turns', () => {
  it('shots that arrive while a sample is handled are fired, one after another', () => {
    const seen: string[] = [];
    const clock = new VirtualClock();
    const guns = { create: () => ({ shoot: (ammo: string) => of(ammo) }) };
    const input = new Subject<string>();
    asShots(input)
      .pipe(shoot(guns, { scheduler: clock }))
      .subscribe((ammo) => {
        if (ammo === 'a') {
          input.next('b');
          input.next('c');
        }
        seen.push(ammo);
      });
    clock.run(2000);
    input.next('a');
    clock.run(3000);
    assert.deepEqual(seen, ['a', 'b', 'c']);
  });

  it('the next shots of all instances that became free in a turn are fired together, at its end', () => {
    const clock = new VirtualClock();
    const order: string[] = [];
    const guns = {
      create: ({ instance }: { readonly instance: number }) => ({
        shoot: (ammo: string) => {
          order.push(`fire ${ammo}`);
          return new Observable<string>((observer) => {
            clock.schedule(() => {
              order.push(`end ${instance}`);
              observer.complete();
            }, 10);
          });
        },
      }),
    };
    const shots = ticks(oncePlan({ times: 4 }), { scheduler: clock }).pipe(zipAmmo('abcd'));
    shots.pipe(shoot(guns, { scheduler: clock, instances: 2 })).subscribe();
    clock.run(15);
    assert.deepEqual(order, ['fire a', 'fire b', 'end 0', 'end 1', 'fire c', 'fire d']);
  });

  it('fires 512 shots in one turn, then lets the event loop run', () => {
    const clock = new VirtualClock();
    let fired = 0;
    const guns = { create: () => ({ shoot: () => of(fired++) }) };
    const shots = ticks(oncePlan({ times: 1500 })).pipe(zipAmmo('x'.repeat(1500)));
    const turns: number[] = [];
    shots.pipe(shoot(guns, { scheduler: clock })).subscribe();
    do turns.push(fired);
    while (clock.runSome(1) > 0);
    assert.deepEqual(turns, [512, 1024, 1500]);
  });

  it('two subscriptions are two runs', () => {
    const clock = new VirtualClock();
    let made = 0;
    const guns = { create: () => ({ shoot: (ammo: string) => of(`${ammo}${made}`), n: made++ }) };
    const shots = ticks(oncePlan({ times: 2 })).pipe(zipAmmo('ab'), shoot(guns, { scheduler: clock }));
    const seen: string[] = [];
    shots.subscribe((sample) => seen.push(sample));
    shots.subscribe((sample) => seen.push(sample));
    clock.run();
    assert.deepEqual(seen, ['a1', 'b1', 'a2', 'b2']);
  });
});
