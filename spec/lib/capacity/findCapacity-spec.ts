import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Subject } from 'rxjs';
import { type CapacityOptions, findCapacity } from '../../../lib/capacity/findCapacity.js';
import type { RunEvent } from '../../../lib/engine/runEvent.js';
import type { CapacityState } from '../../../lib/measure/capacityState.js';
import type { Histogram } from '../../../lib/measure/histogram.js';
import { HistogramRecorder } from '../../../lib/measure/histogramRecorder.js';
import { emptyWindow, type Window } from '../../../lib/measure/window.js';
import { EMPTY_COUNTS } from '../../../lib/measure/windowCounts.js';
import { FakeRunHandle } from '../../../lib/testing/index.js';

const base: Omit<CapacityOptions, 'judge'> = {
  ...{ pool: 'a', method: 'step', from: 100, to: 1000, step: 100, precision: 0.02, repeats: 1 },
  ...{ settleMs: 2000, measureMs: 5000, drainMs: 1000 },
};

/** A search over windows of one second; the value of the threshold comes from the rate that is played. Its limit is 10. */
function searching(valueAt: (rate: number) => number, options: Partial<CapacityOptions> = {}) {
  const handle = new FakeRunHandle();
  const source = new Subject<RunEvent>();
  const states: CapacityState[] = [];
  const order: string[] = [];
  let now = 0;
  const rate = (): number => {
    const last = handle.commands.at(-1)?.command;
    return last?.type === 'rate' ? last.perSecond : 0;
  };
  const judge = (window: Window) => {
    const value = window.total.bytesIn / Math.max(1, window.total.count);
    const passes = value < 10;
    return [
      {
        ...{ condition: 'v < 10', otherwise: 'warn' as const, violated: !passes, value, limit: 10, unit: '' as const },
        ...{ margin: (10 - value) / 10, status: passes ? ('passes' as const) : ('fails' as const) },
      },
    ];
  };
  findCapacity(
    { ...base, judge, ...options },
    handle,
  )(source).subscribe((event) => {
    order.push(event.type);
    if (event.type === 'capacity') states.push(event.state);
  });
  const window = (changes: Partial<Window> = {}): void => {
    const count = rate();
    const total = { ...EMPTY_COUNTS, count, ended: count, ok: count, bytesIn: count * valueAt(count) };
    const counted = { ...emptyWindow(now), from: now, to: now + 1000, total, ...changes };
    now += 1000;
    source.next({ type: 'window', pool: 'a', at: now, window: counted });
  };
  source.next({ type: 'pool-started', pool: 'a', at: 0 });
  const finish = (): void => source.next({ type: 'run-finished', at: now, summaries: [] });
  return { handle, source, states, order, window, rate, finish };
}

/** A lateness of one value. */
const latenessOf = (ms: number): Histogram => {
  const recorder = new HistogramRecorder();
  recorder.record(ms * 1000);
  return recorder.take();
};

const times = (n: number, act: () => void): void => {
  for (let i = 0; i < n; i++) act();
};

describe('findCapacity', () => {
  it('starts at the first rate; measures only after the time to settle', () => {
    const { handle, states, window } = searching(() => 1);
    assert.deepEqual(handle.commands, [{ pool: 'a', command: { type: 'rate', perSecond: 100 } }]);
    times(2, window);
    assert.equal(states.at(-1)?.phase, 'measure');
    assert.deepEqual(states.at(-1)?.steps, []);
    times(5, window);
    assert.deepEqual(
      states.at(-1)?.steps.map(({ perSecond, measuredMs, passes }) => [perSecond, measuredMs, passes]),
      [[100, 5000, true]],
    );
    assert.equal(handle.commands.at(-1)?.command.type === 'rate' && states.at(-1)?.perSecond, 200);
  });

  it('finds the rate, tells it before it stops the run, and names the limit', () => {
    const { handle, states, window, order } = searching((rate) => (rate <= 200 ? 8 : 12));
    times(60, window);
    const { estimate, text } = states.at(-1) as CapacityState;
    assert.deepEqual(estimate, { perSecond: 250, from: 200, to: 300, limitedBy: 'v < 10, with 12' });
    assert.equal(text, '250 ± 50 per second, limited by v < 10, with 12');
    assert.deepEqual(handle.stops, [{ limitMs: 1000, reason: `capacity: ${text}` }]);
    assert.equal(order.filter((type) => type === 'capacity').length, states.length);
    const stopped = states.length;
    times(5, window);
    assert.equal(states.length, stopped, 'nothing after the end');
  });

  it('interpolates the estimate where the margin is 0', () => {
    const { states, window } = searching((rate) => (rate <= 200 ? 9 : 13));
    times(60, window);
    assert.equal(states.at(-1)?.estimate?.perSecond, 225);
  });

  it('ends a measurement early when the value is twice the limit, after a fifth of its time', () => {
    const { states, window } = searching((rate) => (rate <= 100 ? 1 : 21));
    times(10, window);
    assert.deepEqual(
      states.at(-1)?.steps.map(({ measuredMs }) => measuredMs),
      [5000, 1000],
    );
  });

  it('plays half the rate until the target has recovered, then goes on', () => {
    const calm = { yes: false };
    const options = { method: 'bisect', to: 400 } as const;
    const { states, window, rate } = searching((now) => (now > 200 || (now === 75 && !calm.yes) ? 30 : 1), options);
    times(14, window);
    assert.equal(rate(), 400);
    times(3, window);
    assert.deepEqual([rate(), states.at(-1)?.phase], [100, 'recover']);
    times(1, window);
    assert.equal(states.at(-1)?.phase, 'settle');
    assert.equal(rate(), 300);
  });

  it('goes on when the target does not recover within ten times the time to settle', () => {
    const { states, window, rate } = searching(() => 30, { method: 'bisect', settleMs: 1000 });
    times(2, window);
    assert.deepEqual([rate(), states.at(-1)?.phase], [25, 'recover']);
    times(9, window);
    assert.equal(states.at(-1)?.phase, 'recover');
    times(1, window);
    assert.deepEqual([rate(), states.at(-1)?.phase], [50, 'settle']);
  });

  it('names a rate that was not reached, and instances that were missing', () => {
    const slow = searching(() => 1);
    times(7, () => slow.window({ total: { ...EMPTY_COUNTS, count: 90, ended: 90 } }));
    assert.match(slow.states.at(-1)?.steps[0]?.limitedBy ?? '', /only 90 operations per second ended/);
    const few = searching(() => 1);
    times(7, () => few.window({ total: { ...EMPTY_COUNTS, count: 100, ended: 98, discarded: 2 } }));
    assert.match(few.states.at(-1)?.steps[0]?.limitedBy ?? '', /2\.0 % of the operations found no free instance/);
  });

  describe('a measurement in which the generator was late', () => {
    const LATE = { lateness: latenessOf(500) };

    it('does not count and is made again, after the time to settle', () => {
      const { states, window, rate } = searching(() => 1);
      times(2, window);
      times(5, () => window(LATE));
      assert.deepEqual([states.at(-1)?.phase, states.at(-1)?.steps, rate()], ['settle', [], 100]);
      times(2 + 5, window);
      assert.deepEqual(
        states.at(-1)?.steps.map(({ perSecond, measuredMs, passes }) => [perSecond, measuredMs, passes]),
        [[100, 5000, true]],
      );
      assert.equal(rate(), 200);
    });

    it('is a limit after three in a row, when a lower rate passed', () => {
      const { states, window, rate } = searching(() => 1);
      times(200, () => window(rate() >= 300 ? LATE : {}));
      const { text, estimate } = states.at(-1) as CapacityState;
      assert.deepEqual([estimate?.from, estimate?.to], [200, 300]);
      assert.match(
        text ?? '',
        /^250 ± 50 per second, limited by the lateness of the generator \(p99 500 ms, limit 10.0 ms\)$/,
      );
    });

    it('ends the search after three in a row when no rate has passed: a lower rate proves nothing', () => {
      const { states, window, handle } = searching(() => 1, { method: 'bisect' });
      times(30, () => window(LATE));
      const { text, estimate, phase, steps } = states.at(-1) as CapacityState;
      assert.deepEqual([phase, estimate, steps.length, handle.commands.length], ['done', null, 1, 1]);
      assert.match(
        text ?? '',
        /^nothing was found: at 100 per second 3 measurements in a row were disturbed by the lateness of the generator \(.*\); give/,
      );
    });
  });

  it('says when no rate passes', () => {
    const { states, window } = searching(() => 11, { settleMs: 0 });
    times(30, window);
    assert.equal(states.at(-1)?.estimate, null);
    assert.equal(states.at(-1)?.text, 'no rate passes, not even 100 per second');
  });

  it('says when all rates pass', () => {
    const { states, window } = searching(() => 1, { to: 200 });
    times(30, window);
    assert.deepEqual(states.at(-1)?.estimate, { perSecond: 200, from: 200, to: null, limitedBy: null });
    assert.equal(states.at(-1)?.text, '200 per second, the highest rate of the search, passes');
  });

  it('has no result when the run ends first, and says so before run-finished', () => {
    const { states, window, finish, order } = searching(() => 1);
    times(8, window);
    finish();
    assert.deepEqual(order.slice(-2), ['capacity', 'run-finished']);
    assert.equal(states.at(-1)?.estimate, null);
    assert.match(states.at(-1)?.text ?? '', /the run ended before the capacity was found.*100 per second/);
  });

  it('ignores partial windows and other pools', () => {
    const { states, window, source } = searching(() => 1);
    const before = states.length;
    times(10, () => window({ partial: true }));
    source.next({ type: 'window', pool: 'b', at: 0, window: emptyWindow(0) });
    assert.equal(states.length, before);
  });
});
