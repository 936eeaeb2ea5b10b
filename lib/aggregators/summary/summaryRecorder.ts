import type { NetSample } from '../../protocols/netSample.js';
import { absorbDistribution } from './absorbDistribution.js';
import { distributionOf } from './distributionOf.js';
import { LatencyHistogram } from './latencyHistogram.js';
import { latenessVerdict } from './latenessVerdict.js';
import type { Measured } from './measured.js';
import type { PlannedLoad, SummarySnapshot } from './summarySnapshot.js';
import { TagRecorder } from './tagRecorder.js';

/** The tag under which the samples of tags beyond the limit are counted. */
export const OTHER_TAGS = '(other tags)';

/** Counts the samples of a pool, tag by tag; the total is the sum of the tags. */
export class SummaryRecorder {
  readonly #tags = new Map<string, TagRecorder>();
  readonly #slotWait = new LatencyHistogram();
  readonly #lateness = new LatencyHistogram();
  #last = new TagRecorder('');
  #beyondTagLimit = 0;

  /**
   * @param tagLimit Most tags told apart.
   * @param onTagLimit Called once, with the first tag beyond the limit.
   */
  constructor(
    private readonly tagLimit: number,
    private readonly onTagLimit?: (tag: string) => void,
  ) {}

  record(sample: NetSample, times: Measured): void {
    const tag = sample.tag === this.#last.tag && this.#tags.size > 0 ? this.#last : this.#find(sample.tag);
    this.#last = tag;
    tag.record(sample, times);
    if (sample.outcome === 'discarded') return;
    this.#slotWait.record(times.slotWaitUs);
    if (times.shot) this.#lateness.record(times.latenessUs);
  }

  #find(tag: string, samples = 1): TagRecorder {
    const found = this.#tags.get(tag);
    if (found !== undefined) return found;
    if (this.#tags.size < this.tagLimit || tag === OTHER_TAGS) return this.#open(tag);
    if (this.#beyondTagLimit === 0) this.onTagLimit?.(tag);
    this.#beyondTagLimit += samples;
    return this.#tags.get(OTHER_TAGS) ?? this.#open(OTHER_TAGS);
  }

  #open(tag: string): TagRecorder {
    const recorder = new TagRecorder(tag);
    this.#tags.set(tag, recorder);
    return recorder;
  }

  /** Counts what another recorder has counted. */
  absorb(other: SummarySnapshot): void {
    for (const tag of other.tags) {
      this.#find(tag.tag, tag.shots + tag.discarded + tag.unfinished).absorb(tag);
    }
    this.#beyondTagLimit += other.beyondTagLimit;
    absorbDistribution(this.#slotWait, other.slotWaitMs);
    absorbDistribution(this.#lateness, other.latenessMs);
  }

  snapshot(pool: string, planned: PlannedLoad | null): SummarySnapshot {
    const sum = new TagRecorder('');
    const tags = [...this.#tags.values()].map((tag) => tag.snapshot()).sort((a, b) => b.shots - a.shots);
    for (const tag of tags) sum.absorb(tag);
    const total = sum.snapshot();
    const latenessMs = distributionOf(this.#lateness);
    return {
      kind: 'summary',
      pool,
      planned,
      total,
      tags,
      beyondTagLimit: this.#beyondTagLimit,
      slotWaitMs: distributionOf(this.#slotWait),
      latenessMs,
      verdict: latenessVerdict(latenessMs, total.responseTimeMs),
    };
  }
}
