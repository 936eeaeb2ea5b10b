import { LatencyHistogram } from '../../measure/latencyHistogram.js';
import { TagTable } from '../../measure/tagTable.js';
import type { NetSample, SampleScope } from '../../protocols/netSample.js';
import { absorbDistribution, distributionOf } from './distribution.js';
import { runQuality } from './runQuality.js';
import type { PlannedLoad, SummarySnapshot, TagSummary } from './summarySnapshot.js';
import { type Measured, TagRecorder } from './tagRecorder.js';

function sumOf(tags: readonly TagSummary[]): TagSummary {
  const sum = new TagRecorder('');
  for (const tag of tags) sum.absorb(tag);
  return sum.snapshot();
}

/** Counts the samples of a pool, tag by tag; the total is the sum of the tags that are no groups or scenarios. */
export class SummaryRecorder {
  readonly #scopes: Readonly<Record<SampleScope, TagTable<TagRecorder>>>;
  readonly #slotWait = new LatencyHistogram();
  readonly #lateness = new LatencyHistogram();

  /**
   * @param tagLimit Most tags told apart.
   * @param onTagLimit Called once, with the first tag beyond the limit.
   */
  constructor(tagLimit: number, onTagLimit?: (tag: string) => void) {
    const table = (scope: SampleScope) => new TagTable(tagLimit, (tag) => new TagRecorder(tag, scope), onTagLimit);
    this.#scopes = { '': table(''), group: table('group'), scenario: table('scenario') };
  }

  record(sample: NetSample, times: Measured): void {
    this.#scopes[sample.scope].find(sample.tag).record(sample, times);
    if (sample.outcome === 'discarded') return;
    this.#slotWait.record(times.slotWaitUs);
    if (times.shot) this.#lateness.record(times.latenessUs);
  }

  /** Counts what another recorder has counted. */
  absorb(other: SummarySnapshot): void {
    for (const tag of other.tags) {
      this.#scopes[tag.scope ?? ''].find(tag.tag, tag.shots + tag.discarded + tag.unfinished).absorb(tag);
    }
    this.#scopes[''].beyondLimit += other.beyondTagLimit;
    absorbDistribution(this.#slotWait, other.slotWaitMs);
    absorbDistribution(this.#lateness, other.latenessMs);
  }

  snapshot(pool: string, planned: PlannedLoad | null): SummarySnapshot {
    const snapshots = (scope: SampleScope): TagSummary[] =>
      [...this.#scopes[scope].entries.values()].map((tag) => tag.snapshot());
    const [requests, groups, played] = [snapshots(''), snapshots('group'), snapshots('scenario')];
    const total = sumOf(requests);
    const latenessMs = distributionOf(this.#lateness);
    return {
      kind: 'summary',
      pool,
      planned,
      total,
      ...(played.length === 0 ? {} : { scenarios: sumOf(played) }),
      tags: [...played, ...groups, ...requests].sort((a, b) => b.shots - a.shots),
      beyondTagLimit: Object.values(this.#scopes).reduce((count, { beyondLimit }) => count + beyondLimit, 0),
      slotWaitMs: distributionOf(this.#slotWait),
      latenessMs,
      verdict: runQuality(latenessMs, total.responseTimeMs),
    };
  }
}
