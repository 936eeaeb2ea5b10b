import type { EpochMs } from '../../core/units.js';
import type { NetSample } from '../../protocols/netSample.js';
import { absorbDistribution } from './absorbDistribution.js';
import { distributionOf } from './distributionOf.js';
import { LatencyHistogram } from './latencyHistogram.js';
import type { Measured } from './measured.js';
import type { FailureCount, TagSummary } from './summarySnapshot.js';
import { Tally } from './tally.js';

const perSecond = (count: number, ms: number): number | null => (count > 0 && ms > 0 ? (count * 1000) / ms : null);
const moment = (at: number): number | null => (Number.isFinite(at) ? at : null);

/** Counts the samples of one tag. */
export class TagRecorder {
  #shots = 0;
  #failed = 0;
  #badStatus = 0;
  #discarded = 0;
  #unfinished = 0;
  #oldestUnfinishedMs = 0;
  #bytesOut = 0;
  #bytesIn = 0;
  #started = 0;
  #firstStartedAt = Number.POSITIVE_INFINITY;
  #lastStartedAt = Number.NEGATIVE_INFINITY;
  #lastEndedAt = Number.NEGATIVE_INFINITY;
  readonly #response = new LatencyHistogram();
  readonly #service = new LatencyHistogram();
  readonly #statuses = new Tally<number>();
  readonly #failures = new Map<number, Tally<string>>();

  constructor(readonly tag: string) {}

  record(sample: NetSample, times: Measured): void {
    if (sample.outcome === 'discarded') {
      this.#discarded++;
      return;
    }
    this.#response.record(times.responseUs);
    if (times.shot) {
      this.#service.record(times.serviceUs);
      this.#start(sample.started);
    }
    if (sample.outcome === 'unfinished') {
      this.#unfinished++;
      this.#oldestUnfinishedMs = Math.max(this.#oldestUnfinishedMs, times.responseUs / 1000);
      return;
    }
    this.#end(sample);
  }

  #start(started: EpochMs): void {
    this.#started++;
    if (started < this.#firstStartedAt) this.#firstStartedAt = started;
    if (started > this.#lastStartedAt) this.#lastStartedAt = started;
  }

  #end(sample: NetSample): void {
    const { netCode, protoCode } = sample;
    this.#shots++;
    if (sample.ended > this.#lastEndedAt) this.#lastEndedAt = sample.ended;
    this.#bytesOut += sample.bytesOut;
    this.#bytesIn += sample.bytesIn;
    if (protoCode !== 0) this.#statuses.add(protoCode);
    if (netCode !== 0) {
      this.#failed++;
      this.#fail(netCode, sample.errorName, 1);
    } else if (protoCode >= 400) this.#badStatus++;
  }

  #fail(netCode: number, name: string, count: number): void {
    let names = this.#failures.get(netCode);
    if (names === undefined) {
      names = new Tally();
      this.#failures.set(netCode, names);
    }
    names.add(name, count);
  }

  /** Counts what another recorder has counted, of any tag. */
  absorb(other: TagSummary): void {
    this.#shots += other.shots;
    this.#failed += other.failed;
    this.#badStatus += other.badStatus;
    this.#discarded += other.discarded;
    this.#unfinished += other.unfinished;
    this.#oldestUnfinishedMs = Math.max(this.#oldestUnfinishedMs, other.oldestUnfinishedMs);
    this.#bytesOut += other.bytesOut;
    this.#bytesIn += other.bytesIn;
    this.#started += other.started;
    this.#firstStartedAt = Math.min(this.#firstStartedAt, other.firstStartedAt ?? this.#firstStartedAt);
    this.#lastStartedAt = Math.max(this.#lastStartedAt, other.lastStartedAt ?? this.#lastStartedAt);
    this.#lastEndedAt = Math.max(this.#lastEndedAt, other.lastEndedAt ?? this.#lastEndedAt);
    absorbDistribution(this.#response, other.responseTimeMs);
    absorbDistribution(this.#service, other.serviceTimeMs);
    for (const { status, count } of other.statuses) this.#statuses.add(status, count);
    for (const { netCode, name, count } of other.failures) this.#fail(netCode, name, count);
  }

  snapshot(): TagSummary {
    const failures: FailureCount[] = [...this.#failures].flatMap(([netCode, names]) =>
      names.entries().map(([name, count]) => ({ netCode, name, count })),
    );
    return {
      tag: this.tag,
      shots: this.#shots,
      failed: this.#failed,
      badStatus: this.#badStatus,
      discarded: this.#discarded,
      unfinished: this.#unfinished,
      oldestUnfinishedMs: this.#oldestUnfinishedMs,
      bytesOut: this.#bytesOut,
      bytesIn: this.#bytesIn,
      firstStartedAt: moment(this.#firstStartedAt),
      lastStartedAt: moment(this.#lastStartedAt),
      lastEndedAt: moment(this.#lastEndedAt),
      started: this.#started,
      startedPerSecond: perSecond(this.#started - 1, this.#lastStartedAt - this.#firstStartedAt),
      endedPerSecond: perSecond(this.#shots, this.#lastEndedAt - this.#firstStartedAt),
      responseTimeMs: distributionOf(this.#response),
      serviceTimeMs: distributionOf(this.#service),
      statuses: this.#statuses.entries().map(([status, count]) => ({ status, count })),
      failures: failures.sort((a, b) => b.count - a.count),
    };
  }
}
