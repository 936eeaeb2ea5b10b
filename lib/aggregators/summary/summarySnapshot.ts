import type { Bytes, EpochMs, Millis, PerSecond } from '../../core/units.js';
import type { SampleScope } from '../../protocols/netSample.js';
import type { Distribution } from './distribution.js';
import type { RunQuality } from './runQuality.js';

/** How many operations a schedule plans. */
export interface PlannedLoad {
  /** `null` when only the target's speed decides. */
  readonly count: number | null;
  readonly durationMs: Millis;
}

/** How often a failure happened. */
export interface FailureCount {
  readonly netCode: number;
  /** Name of the failure, or empty. */
  readonly name: string;
  readonly count: number;
}

/** How often a status (phout's proto_code) was answered. */
export interface StatusCount {
  readonly status: number;
  readonly count: number;
  /** Of these, how many had another verdict than `ok`. */
  readonly bad: number;
}

/** Everything counted for one tag, or for all of a pool. */
export interface TagSummary {
  /** The tag; empty for operations without one, and for a total. */
  readonly tag: string;
  /** For a tag that spans requests of other tags; absent for the requests themselves. */
  readonly scope?: Exclude<SampleScope, ''>;
  /** Operations that were shot and came to an end, well or badly. */
  readonly shots: number;
  /** Of these, the ones without a complete answer (verdict `failed`). */
  readonly failed: number;
  /** Of these, the ones with a complete answer that is an error, or that failed a check (verdict `bad`). */
  readonly badStatus: number;
  /** Operations that were not shot because they were overdue. */
  readonly discarded: number;
  /** Operations that were due or under way when the run ended. */
  readonly unfinished: number;
  /** Age of the oldest of these. */
  readonly oldestUnfinishedMs: Millis;
  readonly bytesOut: Bytes;
  readonly bytesIn: Bytes;
  /** `null` when nothing was shot. */
  readonly firstStartedAt: EpochMs | null;
  readonly lastStartedAt: EpochMs | null;
  readonly lastEndedAt: EpochMs | null;
  /** Number of shots started. */
  readonly started: number;
  /** Rate at which shots were started, from the first to the last; `null` for fewer than two moments. */
  readonly startedPerSecond: PerSecond | null;
  /** Shots that ended, over the time from the first start to the last end. */
  readonly endedPerSecond: PerSecond | null;
  /** End - intended moment. Holds unfinished operations with their age, as a lower bound. */
  readonly responseTimeMs: Distribution;
  /** End - start. Holds unfinished shots with their age, as a lower bound. */
  readonly serviceTimeMs: Distribution;
  readonly statuses: readonly StatusCount[];
  readonly failures: readonly FailureCount[];
}

/** The summary of a pool: plain data, which can be sent, stored and merged ({@link mergeSummaries}). */
export interface SummarySnapshot {
  readonly kind: 'summary';
  readonly pool: string;
  readonly planned: PlannedLoad | null;
  /** All requests. Groups and scenarios are left out, for what they span is counted here already. */
  readonly total: TagSummary;
  /** All scenarios that came to an end; absent when there was none. `planned` counts their starts then. */
  readonly scenarios?: TagSummary;
  /** By number of shots, most first. */
  readonly tags: readonly TagSummary[];
  /** Number of samples whose tag came after the limit of tags; they are counted under `(other tags)`. */
  readonly beyondTagLimit: number;
  /** Time that operations waited for a free instance: the target's fault. */
  readonly slotWaitMs: Distribution;
  /** Time that shots were late by the generator's own fault. */
  readonly latenessMs: Distribution;
  readonly verdict: RunQuality;
  /** The threads that shared the run; absent for one. */
  readonly threads?: readonly ThreadShare[];
}

/** One thread's part of a run. */
export interface ThreadShare {
  readonly shots: number;
  readonly latenessP50Ms: Millis;
  readonly latenessP99Ms: Millis;
}

/** True for the detail of a summary's final report. */
export function isSummarySnapshot(detail: unknown): detail is SummarySnapshot {
  return typeof detail === 'object' && detail !== null && (detail as Partial<SummarySnapshot>).kind === 'summary';
}
