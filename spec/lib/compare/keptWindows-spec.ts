import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ComparedRun, KeptWindows } from '../../../lib/compare/comparedRun.js';
import { emptyWindow, type Window } from '../../../lib/measure/window.js';
import { compositePlan } from '../../../lib/plans/compositePlan.js';
import { constPlan } from '../../../lib/schedules/const.js';

const START = 5000;

/** So many windows of a second, of which the n-th has n operations that ended. */
function kept(seconds: number, stageEnds: readonly number[] = []): readonly Window[] {
  const windows = new KeptWindows(stageEnds);
  for (let i = 0; i < seconds; i++) {
    const window = emptyWindow(START + i * 1000);
    windows.add({ ...window, to: window.from + 1000, total: { ...window.total, count: i, ended: i } });
  }
  return windows.windows;
}

const lengths = (windows: readonly Window[]): number[] => [...new Set(windows.map(({ from, to }) => to - from))].sort();

describe('KeptWindows', () => {
  it('keeps 1200 windows as they are', () => {
    assert.equal(kept(1200).length, 1200);
    assert.deepEqual(lengths(kept(1200)), [1000]);
  });

  it('merges neighbours when there is one more, and later windows likewise', () => {
    assert.equal(kept(1201).length, 601);
    assert.deepEqual(lengths(kept(2400)), [2000]);
    assert.equal(kept(2400).length, 1200);
  });

  it('has a bound for the windows of a day, without a gap and without losing an operation', () => {
    const windows = kept(86_400);
    assert.ok(windows.length <= 1200, `${windows.length} windows`);
    assert.equal(
      windows.reduce((sum, { total }) => sum + total.ended, 0),
      (86_399 * 86_400) / 2,
    );
    for (const [i, window] of windows.slice(1).entries()) assert.equal(window.from, windows[i]?.to);
  });

  it('never merges windows of two stages', () => {
    const borders = [7000, 2_001_000, 3_000_500];
    const over = kept(5000, borders).filter(({ from, to }) =>
      borders.some((end) => START + end > from + 1 && START + end < to - 1 && to - from > 1000),
    );
    assert.deepEqual(over, []);
    assert.ok(kept(5000, borders).length <= 1200);
  });
});

describe('ComparedRun', () => {
  /** The subjects of a run with so many stages of a second each. */
  function subjectsOf(stages: number): ComparedRun['subjects'] {
    const run = new ComparedRun();
    const parts = Array.from({ length: stages }, (_, i) => constPlan({ ops: 1 + (i % 2), duration: 1e9 }));
    const pool = { id: 'p', rpsPerInstance: false, plan: compositePlan(parts) };
    run.add({ type: 'run-started', at: START, threads: 1, pools: [pool] });
    for (const window of kept(stages)) run.add({ type: 'window', pool: 'p', at: window.to, window });
    return run.subjects;
  }

  it('compares up to 20 stages, and a pool with more as a whole', () => {
    assert.equal(subjectsOf(20).length, 1 + 20);
    assert.deepEqual(
      subjectsOf(21).map(({ subject }) => subject),
      [{ pool: 'p' }],
    );
  });

  it('has at most 30 blocks of a subject', () => {
    assert.deepEqual([subjectsOf(29)[0]?.blocks.length, subjectsOf(100)[0]?.blocks.length], [29, 30]);
  });
});
