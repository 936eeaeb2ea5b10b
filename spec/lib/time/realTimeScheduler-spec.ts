import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { firstValueFrom, timer } from 'rxjs';
import { precise, realTimeScheduler } from '../../../lib/time/realTime.js';

for (const [name, scheduler] of [
  ['realTimeScheduler', realTimeScheduler],
  ['precise(realTimeScheduler)', precise(realTimeScheduler)],
] as const) {
  describe(name, () => {
    it('returns epoch milliseconds with fractions, and never goes back', () => {
      const readings = Array.from({ length: 1000 }, () => scheduler.now());
      assert.ok(Math.abs(scheduler.now() - Date.now()) < 1000);
      assert.ok(readings.some((reading) => reading % 1 !== 0));
      assert.ok(readings.every((reading, i) => i === 0 || reading >= (readings[i - 1] as number)));
    });

    it('does not call back before the time has passed', async () => {
      for (const delay of [0, 0.3, 3]) {
        const before = scheduler.now();
        await firstValueFrom(timer(delay, scheduler));
        assert.ok(scheduler.now() - before >= delay - 1e-3, String(delay));
      }
    });

    it('runs work without delay in a later turn, in order, and not at all once it is unsubscribed from', async () => {
      const log: string[] = [];
      scheduler.schedule(() => log.push('a'));
      scheduler.schedule(() => log.push('b')).unsubscribe();
      scheduler.schedule(() => log.push('never'), 2).unsubscribe();
      await new Promise<void>((resolve) => {
        scheduler.schedule(() => {
          log.push('c');
          resolve();
        });
        log.push('now');
      });
      assert.deepEqual(log, ['now', 'a', 'c']);
    });

    it('lets work schedule itself again, with a state', async () => {
      const seen: number[] = [];
      await new Promise<void>((resolve) => {
        scheduler.schedule<number>(
          function (state = 0) {
            seen.push(state);
            if (state < 3) this.schedule(state + 1);
            else resolve();
          },
          0,
          1,
        );
      });
      assert.deepEqual(seen, [1, 2, 3]);
    });
  });
}
