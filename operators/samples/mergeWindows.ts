import type { TimedSample } from '../../lib/core/sample.js';
import type { EpochMs } from '../../lib/core/units.js';
import { SampleCounts } from '../../lib/measure/sampleCounts.js';
import type { SampleTimes } from '../../lib/measure/sampleTimes.js';
import { TagTable } from '../../lib/measure/tagTable.js';
import type { Window } from './window.js';

const tableOf = (limit: number): TagTable<SampleCounts> => new TagTable(limit, () => new SampleCounts());

/** The counts of one window while it is filled. */
export class WindowTags {
  readonly #operations: TagTable<SampleCounts>;
  readonly #spans: TagTable<SampleCounts>;
  /** Used when no tags are told apart. */
  readonly #untold: SampleCounts | undefined;

  constructor(private readonly limit: number) {
    this.#operations = tableOf(limit);
    this.#spans = tableOf(limit);
    this.#untold = limit === 0 ? new SampleCounts() : undefined;
  }

  record(sample: TimedSample, tag: string, times: SampleTimes): void {
    if (sample.scope === '') (this.#untold ?? this.#operations.find(tag)).record(sample, times);
    else if (this.#untold === undefined) this.#spans.find(tag).record(sample, times);
  }

  /** True when something was counted. */
  get used(): boolean {
    return this.#operations.entries.size > 0 || this.#spans.entries.size > 0 || (this.#untold?.count ?? 0) > 0;
  }

  /** Counts what a window has counted. */
  absorb({ total, tags, spans, tagLimit, beyondTagLimit }: Window): void {
    if (this.#untold !== undefined) this.#untold.absorb(total as SampleCounts);
    else if (tagLimit === 0) this.#absorbUntold(total as SampleCounts);
    else {
      for (const [tag, counts] of tags) this.#operations.find(tag, counts.count).absorb(counts as SampleCounts);
      for (const [tag, counts] of spans) this.#spans.find(tag, counts.count).absorb(counts as SampleCounts);
    }
    this.#operations.beyondLimit += beyondTagLimit;
  }

  /** Samples whose tags nobody knows. */
  #absorbUntold(total: SampleCounts): void {
    if (total.count === 0) return;
    this.#operations.find(TagTable.OTHER).absorb(total);
    this.#operations.beyondLimit += total.count;
  }

  /** The window, complete; nothing may be counted here any more. */
  close(startsAt: EpochMs, endsAt: EpochMs, partial: boolean): Window {
    const { entries: tags, beyondLimit } = this.#operations;
    const { entries: spans, beyondLimit: spansBeyond } = this.#spans;
    const told = { total: this.#total(), tags, spans, tagLimit: this.limit, beyondTagLimit: beyondLimit + spansBeyond };
    return { startsAt, endsAt, partial, ...told };
  }

  #total(): SampleCounts {
    if (this.#untold !== undefined) return this.#untold;
    const counts = [...this.#operations.entries.values()];
    // One tag is its own total, and both are only read from now on.
    if (counts.length === 1) return counts[0] as SampleCounts;
    const total = new SampleCounts();
    for (const tag of counts) total.absorb(tag);
    return total;
  }
}

/** One window with all that several have counted; it spans from the first start to the last end. */
export function sumWindows(windows: readonly [Window, ...Window[]]): Window {
  let { startsAt, endsAt, partial, tagLimit } = windows[0];
  for (const window of windows) {
    startsAt = Math.min(startsAt, window.startsAt);
    endsAt = Math.max(endsAt, window.endsAt);
    partial ||= window.partial;
    tagLimit = Math.max(tagLimit, window.tagLimit);
  }
  const tags = new WindowTags(tagLimit);
  for (const window of windows) tags.absorb(window);
  return tags.close(startsAt, endsAt, partial);
}

/**
 * Merges two windows into one: of the same time, such as those of two threads, or of one time after another. Exact: counts
 * add up and histograms add up bucket by bucket, so the result is that of one window that got all the samples.
 *
 * ```text
 * a                       [ 3 samples )
 * b                                   [ 2 samples )
 * mergeWindows(a, b)      [ 5 samples             )
 * ```
 *
 * - It spans from the earlier start to the later end, and is partial when one of the two is. The order does not matter.
 * - When both have more tags together than the larger of their limits, the further ones are counted under `(other tags)`;
 *   the total stays exact. So are the samples of one that knows only its total (limit 0).
 * - The two are not changed.
 *
 * @example
 * declare const windows: Observable<Window>;
 * windows.pipe(bufferCount(10), map((ten) => ten.reduce(mergeWindows))).subscribe(({ total }) => console.log(total.shots));
 */
export function mergeWindows(a: Window, b: Window): Window {
  return sumWindows([a, b]);
}
