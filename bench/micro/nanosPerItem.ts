import { median } from '../support/median.js';
import type { Work } from './microBench.js';

const BATCH_MS = 15;
const WARM_UP = 4;

function timed(work: Work, items: number): number {
  const began = performance.now();
  work(items);
  return performance.now() - began;
}

/** Items that take about one batch's time. */
function itemsPerBatch(work: Work, limit: number): number {
  let items = 1000;
  while (items < limit && timed(work, items) < BATCH_MS / 2) items *= 2;
  return Math.min(items, limit);
}

/**
 * Nanoseconds per item of several pieces of work, each the median of `batches`. They take turns batch by batch, in an
 * order that turns too, so that whatever disturbs the machine disturbs all of them.
 */
export function nanosPerItem(works: readonly Work[], batches: number, limit = Number.POSITIVE_INFINITY): number[] {
  const items = works.map((work) => itemsPerBatch(work, limit));
  const seen = works.map((): number[] => []);
  for (let batch = 0; batch < WARM_UP + batches; batch++)
    for (let turn = 0; turn < works.length; turn++) {
      const i = (batch + turn) % works.length;
      const count = items[i] as number;
      const ms = timed(works[i] as Work, count);
      if (batch >= WARM_UP) seen[i]?.push((ms * 1e6) / count);
    }
  return seen.map(median);
}
