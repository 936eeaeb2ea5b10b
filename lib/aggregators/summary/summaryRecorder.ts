import { LatencyHistogram } from '../../coreutil/latencyHistogram.js';
import { TagTable } from '../../coreutil/tagTable.js';
import type { NetSample } from '../../protocols/netSample.js';
import { absorbDistribution } from './absorbDistribution.js';
import { distributionOf } from './distributionOf.js';
import { latenessVerdict } from './latenessVerdict.js';
import type { Measured } from './measured.js';
import type { PlannedLoad, SummarySnapshot } from './summarySnapshot.js';
import { TagRecorder } from './tagRecorder.js';

/** Counts the samples of a pool, tag by tag; the total is the sum of the tags. */
export class SummaryRecorder {
  readonly #tags: TagTable<TagRecorder>;
  readonly #slotWait = new LatencyHistogram();
  readonly #lateness = new LatencyHistogram();

  /**
   * @param tagLimit Most tags told apart.
   * @param onTagLimit Called once, with the first tag beyond the limit.
   */
  constructor(tagLimit: number, onTagLimit?: (tag: string) => void) {
    this.#tags = new TagTable(tagLimit, (tag) => new TagRecorder(tag), onTagLimit);
  }

  record(sample: NetSample, times: Measured): void {
    this.#tags.find(sample.tag).record(sample, times);
    if (sample.outcome === 'discarded') return;
    this.#slotWait.record(times.slotWaitUs);
    if (times.shot) this.#lateness.record(times.latenessUs);
  }

  /** Counts what another recorder has counted. */
  absorb(other: SummarySnapshot): void {
    for (const tag of other.tags) {
      this.#tags.find(tag.tag, tag.shots + tag.discarded + tag.unfinished).absorb(tag);
    }
    this.#tags.beyondLimit += other.beyondTagLimit;
    absorbDistribution(this.#slotWait, other.slotWaitMs);
    absorbDistribution(this.#lateness, other.latenessMs);
  }

  snapshot(pool: string, planned: PlannedLoad | null): SummarySnapshot {
    const sum = new TagRecorder('');
    const tags = [...this.#tags.entries.values()].map((tag) => tag.snapshot()).sort((a, b) => b.shots - a.shots);
    for (const tag of tags) sum.absorb(tag);
    const total = sum.snapshot();
    const latenessMs = distributionOf(this.#lateness);
    return {
      kind: 'summary',
      pool,
      planned,
      total,
      tags,
      beyondTagLimit: this.#tags.beyondLimit,
      slotWaitMs: distributionOf(this.#slotWait),
      latenessMs,
      verdict: latenessVerdict(latenessMs, total.responseTimeMs),
    };
  }
}
