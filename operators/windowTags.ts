import type { EpochMs } from '../lib/core/units.js';
import { SampleCounts } from '../lib/coreutil/sampleCounts.js';
import { TagTable } from '../lib/coreutil/tagTable.js';
import type { Window } from './window.js';

/** The counts of one window while it is filled. */
export class WindowTags {
  readonly #table: TagTable<SampleCounts>;
  /** Used when no tags are told apart. */
  readonly #untold: SampleCounts | undefined;

  constructor(private readonly limit: number) {
    this.#table = new TagTable(limit, () => new SampleCounts());
    this.#untold = limit === 0 ? new SampleCounts() : undefined;
  }

  /** Where the samples of a tag are counted. */
  find(tag: string): SampleCounts {
    return this.#untold ?? this.#table.find(tag);
  }

  /** True when something was counted. */
  get used(): boolean {
    return this.#table.entries.size > 0 || (this.#untold?.count ?? 0) > 0;
  }

  /** Counts what a window has counted. */
  absorb({ total, tags, tagLimit, beyondTagLimit }: Window): void {
    if (this.#untold !== undefined) this.#untold.absorb(total as SampleCounts);
    else if (tagLimit === 0) this.#absorbUntold(total as SampleCounts);
    else for (const [tag, counts] of tags) this.#table.find(tag, counts.count).absorb(counts as SampleCounts);
    this.#table.beyondLimit += beyondTagLimit;
  }

  /** Samples whose tags nobody knows. */
  #absorbUntold(total: SampleCounts): void {
    if (total.count === 0) return;
    this.#table.find(TagTable.OTHER).absorb(total);
    this.#table.beyondLimit += total.count;
  }

  /** The window, complete; nothing may be counted here any more. */
  close(startsAt: EpochMs, endsAt: EpochMs, partial: boolean): Window {
    const { entries: tags, beyondLimit: beyondTagLimit } = this.#table;
    return { startsAt, endsAt, partial, total: this.#total(), tags, tagLimit: this.limit, beyondTagLimit };
  }

  #total(): SampleCounts {
    if (this.#untold !== undefined) return this.#untold;
    const counts = [...this.#table.entries.values()];
    // One tag is its own total, and both are only read from now on.
    if (counts.length === 1) return counts[0] as SampleCounts;
    const total = new SampleCounts();
    for (const tag of counts) total.absorb(tag);
    return total;
  }
}
