import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { catchError, concat, filter, NEVER, of, Subject, take, tap, throwError } from 'rxjs';
import { isElpisError } from '../../../lib/core/errors.js';
import type { Tick } from '../../../lib/core/plan.js';
import { IterableCursor } from '../../../lib/pull/iterables.js';
import { Pullable } from '../../../lib/pull/pullable.js';
import { constPlan } from '../../../lib/schedules/const.js';
import { oncePlan } from '../../../lib/schedules/once.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { type Command, command } from '../../../operators/ticks/command.js';
import { control } from '../../../operators/ticks/control.js';
import { ticks } from '../../../operators/ticks/ticks.js';
import { marbles } from '../marbles.js';
import { index } from './steeredTicks.js';
import { every4ms } from './steps.js';

const COMMANDS: Readonly<Record<string, Command>> = {
  p: command.pause(),
  r: command.resume(),
  d: command.scaleBy(2),
  h: command.scaleBy(0.5),
  n: command.setRate(500),
  q: command.setRate(250),
  z: command.setRate(0),
  s: command.stop(),
};

/** [sentence, commands, the emitted ticks of one tick per 4 frames for 16 frames] */
const TABLE: readonly [sentence: string, commands: string, expected: string][] = [
  ['without commands, the plan as it is', '  -                ', '0---1---2---3---|'],
  ['commands that complete change nothing', '-|                 ', '0---1---2---3---|'],
  ['a pause shifts what follows', '          ------p---r        ', '0---1-------2---3---|'],
  ['a pause in the end shifts the end', '    --------------p--r ', '0---1---2---3------|'],
  ['a pause in a pause is none', '           -----p-p-r-r       ', '0---1-------2---3---|'],
  ['a pause without end', '                  ------p            ', '0---1----'],
  ['a resume without a pause', '             --r                ', '0---1---2---3---|'],
  ['twice the speed', '                      ------d            ', '0---1--2-3-|'],
  ['half the speed', '                       ------h            ', '0---1-----2-------3-------|'],
  ['twice and back', '                       --d---h            ', '0--1-2--3---|'],
  ['twice, from within a pause on', '        ------pd--r        ', '0---1------2-3-|'],
  ['another rate', '                         ------n            ', '0---1--2-3-4-5-6|'],
  ['the rate that it had', '                 ------q            ', '0---1---2---3---|'],
  ['a rate of 0', '                          ------z            ', '0---1-----------|'],
  ['a rate of 0, and then more', '           ------z---n        ', '0---1------2-3-4|'],
  ['a rate after the last tick', '           --------------n    ', '0---1---2---3--4|'],
  ['a rate, and then another', '             --n---q            ', '0--1-2--3---4---|'],
  ['a rate again and again', '               --nnnnnnnnnn       ', '0--1-2-3-4-5-6-7|'],
  ['a pause at another rate', '              --n----p--r        ', '0--1-2----3-4-5-6-7|'],
  ['twice the speed of another rate', '      --q-----d          ', '0---1---2-3-|'],
  ['another rate at twice the speed', '      ------d-n          ', '0---1--2-3-|'],
  ['an end', '                               ------s            ', '0---1-|'],
  ['an end in a pause', '                    --p-s              ', '0---|'],
];

describe('control', () => {
  for (const [sentence, commands, expected] of TABLE) {
    it(
      sentence,
      marbles(({ hot, expectObservable, scheduler }) => {
        const steered = ticks(every4ms).pipe(control(hot(commands.trim(), COMMANDS), { scheduler }), index);
        expectObservable(steered).toBe(expected);
      }),
    );
  }

  it(
    'commands before the start concern the whole plan',
    marbles(({ cold, expectObservable, scheduler }) => {
      const steered = (first: Command, then = '-') =>
        ticks(every4ms).pipe(control(concat(of(first), cold(then, COMMANDS)), { scheduler }), index);
      expectObservable(steered(command.pause(), '--r')).toBe('--0---1---2---3---|');
      expectObservable(steered(command.setRate(500))).toBe('0-1-2-3-4-5-6-7-|');
      expectObservable(steered(command.scaleBy(4))).toBe('0123|');
      expectObservable(steered(command.stop())).toBe('|');
    }),
  );

  it(
    'an empty plan, one that never ends, and a pause as a plan, which commands fill',
    marbles(({ hot, expectObservable, scheduler }) => {
      const pause = constPlan({ ops: 0, duration: 10e6 });
      expectObservable(ticks(oncePlan({ times: 0 })).pipe(control(NEVER, { scheduler }))).toBe('|');
      expectObservable(NEVER.pipe(control(hot('-d-p-r', COMMANDS), { scheduler }))).toBe('-');
      expectObservable(ticks(pause).pipe(control(NEVER, { scheduler }))).toBe('----------|');
      const filled = ticks(pause).pipe(control(hot('-n-----z-q', COMMANDS), { scheduler }), index);
      expectObservable(filled).toBe('-0-1-2---3|');
    }),
  );

  it(
    'an error of the ticks, of the commands, and an invalid command',
    marbles(({ hot, expectObservable, scheduler }) => {
      const failing = ticks(every4ms).pipe(control(hot('------#', COMMANDS), { scheduler }), index);
      expectObservable(failing).toBe('0---1-#');
      const pushed = hot('-a-#', { a: { index: 0, at: 1 } });
      expectObservable(pushed.pipe(control(NEVER, { scheduler }), index)).toBe('-0-#');
      const paused = hot('-a-#', { a: { index: 0, at: 1 } });
      expectObservable(paused.pipe(control(of(command.pause()), { scheduler }), index)).toBe('---#');
    }),
  );

  it('refuses invalid commands, with a hint', () => {
    const refused: readonly [command: unknown, message: RegExp][] = [
      [{ type: 'rate', perSecond: -1 }, /the rate cannot be -1: expected operations per second, 0 or more/],
      [{ type: 'rate', perSecond: Number.NaN }, /the rate cannot be NaN/],
      [{ type: 'rate', perSecond: Number.POSITIVE_INFINITY }, /the rate cannot be Infinity/],
      [{ type: 'scale', factor: 0 }, /the factor cannot be 0: expected a number above 0/],
      [{ type: 'scale', factor: -2 }, /the factor cannot be -2/],
      [{ type: 'faster' }, /a command cannot be {"type":"faster"}: expected pause, resume/],
    ];
    for (const [order, message] of refused) {
      const clock = new VirtualClock();
      let failure: unknown;
      let sources = 0;
      const orders = concat(of(order as Command), NEVER.pipe(tap({ unsubscribe: () => sources++ })));
      ticks(every4ms)
        .pipe(control(orders, { scheduler: clock }))
        .subscribe({
          error: (error: unknown) => {
            failure = error;
          },
        });
      clock.run();
      assert.ok(isElpisError(failure, 'ELPIS_CONTROL'), String(failure));
      assert.match(failure.message, message);
      assert.ok(failure.hint);
    }
    assert.throws(() => command.setRate(-5), /-5/);
    assert.throws(() => command.scaleBy(0), /the factor/);
  });

  it(
    'unsubscribes from the ticks and the commands, early, at the end, and on an error',
    marbles(({ hot, expectObservable, expectSubscriptions, scheduler }) => {
      const at = (frame: number): Tick => ({ index: frame, at: frame });
      const source = () => hot('-a--b---|', { a: at(1), b: at(4) });
      const cases: readonly [commands: string, unsubscribed: string, until: string, seen: string][] = [
        ['---------', '^----!', '^----!', '-1--4'],
        ['---------', '^-----------', '^-------!', '-1--4---|'],
        ['---#', '^----------', '^--!', '-1-#'],
        ['---s', '^----------', '^--!', '-1-|'],
      ];
      for (const [marks, subscription, until, seen] of cases) {
        const [e1, commands] = [source(), hot(marks, COMMANDS)];
        expectObservable(e1.pipe(control(commands, { scheduler }), index), subscription).toBe(seen);
        expectSubscriptions(e1.subscriptions).toBe(until);
        expectSubscriptions(commands.subscriptions).toBe(until);
      }
    }),
  );

  it(
    'a synchronous source stops when take(1) completes',
    marbles(({ expectObservable, scheduler }) => {
      let made = 0;
      const many = new Pullable(() => {
        function* all() {
          for (;;) yield { index: made++, at: 0 };
        }
        return new IterableCursor(all());
      });
      expectObservable(many.pipe(control(NEVER, { scheduler }), index, take(1))).toBe('(0|)');
      scheduler.schedule(() => assert.equal(made, 1), 1);
    }),
  );

  it('a command that is sent from within a tick', () => {
    const clock = new VirtualClock();
    const seen: string[] = [];
    const commands = new Subject<Command>();
    ticks(every4ms)
      .pipe(control(commands, { scheduler: clock }))
      .subscribe(({ index: i }) => {
        seen.push(`${i}@${clock.now()}`);
        if (i === 1) commands.next(command.scaleBy(2));
        if (i !== 2) return;
        commands.next(command.pause());
        clock.schedule(() => commands.next(command.resume()), 10);
      });
    clock.run();
    assert.deepEqual(seen, ['0@0', '1@4', '2@6', '3@18']);
  });

  it('two subscriptions are two runs', () => {
    const clock = new VirtualClock();
    const seen: string[] = [];
    const steered = ticks(every4ms).pipe(control(of(command.scaleBy(2)), { scheduler: clock }));
    steered.subscribe(({ index: i }) => seen.push(`a${i}@${clock.now()}`));
    clock.schedule(() => steered.subscribe(({ index: i }) => seen.push(`b${i}@${clock.now()}`)), 3);
    clock.run();
    assert.deepEqual(seen, ['a0@0', 'a1@2', 'b0@3', 'a2@4', 'b1@5', 'a3@6', 'b2@7', 'b3@9']);
  });

  it(
    'pushed ticks are held back like pulled ones, but cannot be sped up, and their next moment and end are unknown',
    marbles(({ hot, expectObservable, scheduler }) => {
      const pushed = ticks(every4ms, { scheduler }).pipe(filter(() => true));
      const seen = (commands: string) => pushed.pipe(control(hot(commands, COMMANDS), { scheduler }), index);
      expectObservable(seen('-')).toBe('          0---1---2---3---|'.trim());
      expectObservable(seen('------p---r')).toBe('0---1-------2---(3|)');
      expectObservable(seen('------d')).toBe('    0---1---2---3---|'.trim());
      expectObservable(seen('------n')).toBe('    0---1-2-3-4-5-6-|'.trim());
      expectObservable(seen('------z')).toBe('    0---1-----------|'.trim());
      expectObservable(seen('------s')).toBe('    0---1-|'.trim());
    }),
  );

  it(
    'a pulled source that does not know its end keeps playing underneath a rate',
    marbles(({ hot, expectObservable, scheduler }) => {
      const every4 = [0, 4, 8, 12].map((at, i) => ({ index: i, at }));
      const pulled = new Pullable(() => new IterableCursor(every4));
      const seen = (commands: string) => pulled.pipe(control(hot(commands, COMMANDS), { scheduler }), index);
      expectObservable(seen('-')).toBe('          0---1---2---(3|)'.trim());
      expectObservable(seen('------n')).toBe('    0---1--2-3-4|'.trim());
      expectObservable(seen('------z')).toBe('    0---1-------|'.trim());
      expectObservable(seen('------z-p-r')).toBe('0---1---------|'.trim());
    }),
  );

  it(
    'control of control: a pause inside moves the end of a rate outside',
    marbles(({ hot, expectObservable, scheduler }) => {
      const seen = (inside: string, outside: string) =>
        ticks(every4ms).pipe(
          control(hot(inside, COMMANDS), { scheduler }),
          control(hot(outside, COMMANDS), { scheduler }),
          index,
        );
      expectObservable(seen('-', '----n')).toBe('0---1-2-3-4-5-6-|');
      expectObservable(seen('--------p--r', '----n')).toBe('0---1-2-3-4-5-6-7-8|');
    }),
  );

  it(
    'ticks that are pushed during a pause wait in a bounded backlog',
    marbles(({ hot, expectObservable, scheduler }) => {
      const pushed = ticks(every4ms, { scheduler }).pipe(filter(() => true));
      const seen = (overflow: 'abort' | 'queue' | 'discard') => {
        const commands = hot('-p---------------r', COMMANDS);
        const byCode = catchError((error: unknown) => throwError(() => isElpisError(error, 'ELPIS_OVERFLOW')));
        return pushed.pipe(control(commands, { scheduler, backlog: { overflow, capacity: 1 } }), index, byCode);
      };
      expectObservable(seen('abort')).toBe('  0-------#'.trim(), undefined, true);
      expectObservable(seen('queue')).toBe('  0-------------------(1|)'.trim());
      // No consumer waited for the first.
      expectObservable(seen('discard')).toBe('--------------------(1|)');
    }),
  );
});
