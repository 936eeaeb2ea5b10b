import { PerformanceObserver } from 'node:perf_hooks';
import type { Millis } from '../core/units.js';

/**
 * Calls back for each pause of the garbage collector of this thread, some time after it.
 *
 * @returns Stops it.
 */
export function watchGc(paused: (ms: Millis) => void): () => void {
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) paused(duration);
  });
  observer.observe({ entryTypes: ['gc'] });
  return () => observer.disconnect();
}
