import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { concat, EMPTY, ignoreElements, NEVER, Observable, of, throwError, timer } from 'rxjs';
import { isElpisError } from '../../../lib/core/errors.js';
import type { Gun } from '../../../lib/core/gun.js';
import { constPlan } from '../../../lib/schedules/const.js';
import { oncePlan } from '../../../lib/schedules/once.js';
import { FakeLog } from '../../../lib/testing/fakeDeps.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { FiringMeter } from '../../../operators/firing/meter.js';
import { shoot } from '../../../operators/shots/shoot.js';
import { zipAmmo } from '../../../operators/shots/zipAmmo.js';
import { ticks } from '../../../operators/ticks/ticks.js';
import { asShots, boom, endOf, run, type Setup } from './runShots.js';

const after = (ms: number, clock: VirtualClock): Observable<never> => timer(ms, clock).pipe(ignoreElements());
const fails = (text = 'boom'): Observable<never> => throwError(() => new Error(text));

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
