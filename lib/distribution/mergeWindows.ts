import type { SummaryProgress, WindowTimes } from '../aggregators/summary/summaryProgress.js';

function worst(times: readonly WindowTimes[]): WindowTimes {
  const most = (key: keyof WindowTimes): number => Math.max(...times.map((time) => time[key]));
  return { p50: most('p50'), p99: most('p99'), max: most('max') };
}

/**
 * The last window of several threads as one, for the live display. Counts add up; percentiles can not, so the worst thread's
 * are shown. (The summary at the end merges histograms, exactly.)
 */
export function mergeWindows(windows: readonly SummaryProgress[]): SummaryProgress {
  const [first] = windows as [SummaryProgress];
  const sum = (key: 'shots' | 'failed' | 'badStatus' | 'discarded' | 'unfinished' | 'bytesOut' | 'bytesIn'): number =>
    windows.reduce((total, window) => total + window[key], 0);
  return {
    kind: 'progress',
    pool: first.pool,
    at: Math.max(...windows.map(({ at }) => at)),
    windowMs: Math.max(...windows.map(({ windowMs }) => windowMs)),
    shots: sum('shots'),
    failed: sum('failed'),
    badStatus: sum('badStatus'),
    discarded: sum('discarded'),
    unfinished: sum('unfinished'),
    bytesOut: sum('bytesOut'),
    bytesIn: sum('bytesIn'),
    responseTimeMs: worst(windows.map(({ responseTimeMs }) => responseTimeMs)),
    serviceTimeMs: worst(windows.map(({ serviceTimeMs }) => serviceTimeMs)),
  };
}
