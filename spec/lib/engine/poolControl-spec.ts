import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EMPTY, map, NEVER, of, Subject, throwError, timer } from 'rxjs';
import { constPlan } from '../../../lib/schedules/const.js';
import { oncePlan } from '../../../lib/schedules/once.js';
import { VirtualClock } from '../../../lib/testing/index.js';
import { type Command, command } from '../../../operators/ticks/command.js';
import { run, SECOND, type Setup } from './runOf.js';

describe('runPools', () => {
  describe('drain', () => {
    it('starts no new shot, waits for shots under way, and completes', () => {
      const drain = new Subject<number>();
      const clock = new VirtualClock(1000);
      clock.schedule(() => drain.next(30_000), 1250);
      const { seen, result } = run({
        rps: constPlan({ ops: 1, duration: 60 * SECOND }),
        gun: { latencyMs: 500 },
        drain,
        clock,
      });
      assert.deepEqual(
        seen.seen.map(({ outcome, ended }) => [outcome, ended]),
        [
          ['shot', 1500],
          ['shot', 2500],
        ],
      );
      assert.equal(result.completed, true);
    });

    it('records shots that are still under way at the limit as unfinished with their age, and aborts them', () => {
      const drain = new Subject<number>();
      const clock = new VirtualClock(1000);
      clock.schedule(() => drain.next(2000), 500);
      const { seen, gunFactory, result } = run({
        rps: oncePlan({ times: 2 }),
        startup: oncePlan({ times: 2 }),
        gun: { latencyMs: 1e9 },
        drain,
        clock,
        until: 60_000,
      });
      assert.deepEqual(
        seen.seen.map(({ outcome, ended, intended }) => [outcome, ended - intended]),
        [
          ['unfinished', 2500],
          ['unfinished', 2500],
        ],
      );
      assert.deepEqual([gunFactory.aborted, result.completed, gunFactory.closes], [2, true, [1, 1]]);
    });

    it('records operations that were due but had no instance as unfinished', () => {
      const drain = new Subject<number>();
      const clock = new VirtualClock(1000);
      clock.schedule(() => drain.next(0), 1050);
      const { seen } = run({
        rps: constPlan({ ops: 5, duration: 10 * SECOND }),
        gun: { latencyMs: 1e9 },
        drain,
        clock,
        until: 60_000,
      });
      assert.deepEqual(
        [...seen.seen].sort((a, b) => a.index - b.index).map(({ index, outcome }) => [index, outcome]),
        [0, 1, 2, 3, 4, 5].map((index) => [index, 'unfinished']),
      );
    });

    it('stops at once when the limit is set to 0 later', () => {
      const drain = new Subject<number>();
      const clock = new VirtualClock(1000);
      clock.schedule(() => drain.next(30_000), 100);
      clock.schedule(() => drain.next(0), 200);
      const { seen } = run({ rps: oncePlan({ times: 1 }), gun: { latencyMs: 1e9 }, drain, clock, until: 2000 });
      assert.deepEqual(
        seen.seen.map(({ outcome, ended }) => [outcome, ended]),
        [['unfinished', 1200]],
      );
    });

    it('ends a warm-up that never ends', () => {
      const drain = new Subject<number>();
      const clock = new VirtualClock(1000);
      clock.schedule(() => drain.next(0), 100);
      const { result, gunFactory } = run({ rps: oncePlan({ times: 1 }), gun: { warmUp: () => NEVER }, drain, clock });
      assert.deepEqual([result.completed, gunFactory.made, gunFactory.closed], [true, 0, 1]);
    });
  });

  describe('control', () => {
    const steered = (setup: Setup, orders: readonly [at: number, order: Command][]) => {
      const clock = new VirtualClock(1000);
      const commands = new Subject<Command>();
      for (const [at, order] of orders) clock.schedule(() => commands.next(order), at);
      const ran = run({ ...setup, clock, control: () => commands });
      assert.deepEqual([ran.result.completed, commands.observed], [true, false]);
      return ran.gunFactory.shots.map(({ instance, started }) => `${instance}@${started - 1000}`);
    };
    const rps = constPlan({ ops: 10, duration: 0.5 * SECOND });

    it('pauses, resumes, sets the rate, scales it, and stops', () => {
      const orders: readonly [at: number, order: Command][] = [
        [150, command.pause()],
        [1150, command.resume()],
        [1250, command.setRate(50)],
        [1290, command.scaleBy(0.5)],
        [1390, command.stop()],
      ];
      assert.deepEqual(
        steered({ rps }, orders),
        [0, 100, 1200, 1260, 1280, 1310, 1350].map((at) => `0@${at}`),
      );
    });

    it('receives the commands that are sent during the warm-up', () => {
      const clock = new VirtualClock(1000);
      const warmUp = () => timer(500, clock);
      const commands = timer(100, clock).pipe(map(() => command.scaleBy(2)));
      const { gunFactory } = run({ rps, gun: { warmUp }, clock, control: () => commands });
      assert.deepEqual(
        gunFactory.shots.map(({ started }) => started),
        [1500, 1550, 1600, 1650, 1700],
      );
    });

    it('steers the schedules of instances that start later as if they had received all commands', () => {
      const startup = constPlan({ ops: 5, duration: 0.4 * SECOND });
      const setup = { rps: constPlan({ ops: 10, duration: 0.3 * SECOND }), startup, pool: { rpsPerInstance: true } };
      assert.deepEqual(steered(setup, [[150, command.scaleBy(2)]]), [
        '0@0',
        '0@100',
        '0@175',
        '1@200',
        '1@250',
        '1@300',
      ]);
      const orders: readonly [at: number, order: Command][] = [
        [150, command.pause()],
        [450, command.resume()],
        [470, command.stop()],
      ];
      assert.deepEqual(steered(setup, orders), ['0@0', '0@100', '1@450']);
      assert.deepEqual(steered(setup, [[150, command.stop()]]), ['0@0', '0@100'], 'and starts no further instance');
    });

    it('gets the commands of each pool by its name', () => {
      const asked: string[] = [];
      run({
        rps,
        control: (pool) => {
          asked.push(pool);
          return EMPTY;
        },
      });
      assert.deepEqual(asked, ['p']);
    });

    it('fails the pool when the commands fail or are invalid, and flushes', () => {
      for (const commands of [throwError(() => new Error('lost')), of({ type: 'rate', perSecond: -1 } as const)]) {
        const { result, seen } = run({ rps, control: () => commands });
        assert.match(String(result.error), /pool "p".*(lost|the rate cannot be -1)/);
        assert.equal(seen.flushed, 1);
      }
    });
  });
});
