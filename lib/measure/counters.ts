/**
 * Counts that do not come from samples, by name, such as `retries`. They are added up over time, threads and machines.
 * The summary shows the name before the number.
 */
export type Counters = ReadonlyMap<string, number>;

/** No counters. */
export const noCounters = (): Counters => new Map();

/**
 * The largest number of names in one window and source. Names come from code, not from data, so more of them are a
 * defect: their counts are added up.
 */
const NAME_LIMIT = 100;
const OTHER_COUNTERS = '(other counters)';

/** The sums of both, name by name. */
export function mergeCounters(a: Counters, b: Counters): Counters {
  if (a.size === 0) return b;
  if (b.size === 0) return a;
  const merged = new Map(a);
  for (const [name, count] of b) merged.set(name, (merged.get(name) ?? 0) + count);
  return merged;
}

/** Reads counters that only grow, such as those of guns, and returns the increase since the previous reading. */
export class CounterReader {
  readonly #before = new Map<string, number>();

  constructor(private readonly read: () => Counters) {}

  take(): Counters {
    const added = new Map<string, number>();
    for (const [name, count] of this.read()) {
      const before = this.#before.get(name) ?? 0;
      if (count === before) continue;
      this.#before.set(name, count);
      const shown = added.size < NAME_LIMIT || added.has(name) ? name : OTHER_COUNTERS;
      added.set(shown, (added.get(shown) ?? 0) + count - before);
    }
    return added;
  }
}
