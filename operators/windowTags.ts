import type { TimedSample } from '../lib/core/timedSample.js';
import type { EpochMs } from '../lib/core/units.js';
import { SampleCounts } from '../lib/coreutil/sampleCounts.js';
import type { SampleTimes } from '../lib/coreutil/sampleTimes.js';
import { TagTable } from '../lib/coreutil/tagTable.js';
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
