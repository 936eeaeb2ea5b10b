import { verdictOf } from '../../core/sample.js';
import type { EpochMs } from '../../core/units.js';
import { SampleCounts } from '../../measure/sampleCounts.js';
import { micros, SampleTimes } from '../../measure/sampleTimes.js';
import type { NetSample, SampleScope } from '../../protocols/netSample.js';
import { lateness } from '../sample/netTimes.js';
import { absorbDistribution, distributionOf } from './distribution.js';
import type { FailureCount, TagSummary } from './summarySnapshot.js';

/** The times of one network sample in whole microseconds. One object is reused. */
export class Measured extends SampleTimes {
  slotWaitUs = 0;
  latenessUs = 0;

  override of(sample: NetSample): this {
    this.slotWaitUs = micros(sample.slotWait);
    this.latenessUs = micros(lateness(sample));
    return super.of(sample);
  }
}

/** Counts by key. The key that was counted last is found without a look-up. */
class Tally<K> {
  readonly #cells = new Map<K, { count: number }>();
  #lastKey: K | undefined;
  #lastCell = { count: 0 };

  /** Counts `by` more for the key. */
  add(key: K, by = 1): void {
    if (key !== this.#lastKey) {
      this.#lastKey = key;
      this.#lastCell = this.#cells.get(key) ?? this.#open(key);
    }
    this.#lastCell.count += by;
  }

  #open(key: K): { count: number } {
    const cell = { count: 0 };
    this.#cells.set(key, cell);
    return cell;
  }

  /** How often the key was counted. */
  count(key: K): number {
    return this.#cells.get(key)?.count ?? 0;
  }

  /** Keys and counts, the largest count first. */
  entries(): readonly (readonly [key: K, count: number])[] {
    const pairs = [...this.#cells].map(([key, { count }]) => [key, count] as const);
    return pairs.sort(([, a], [, b]) => b - a);
  }
}

const perSecond = (count: number, ms: number): number | null => (count > 0 && ms > 0 ? (count * 1000) / ms : null);
const moment = (at: number): number | null => (Number.isFinite(at) ? at : null);

/** Counts the samples of one tag. */
export class TagRecorder {
  readonly #counts = new SampleCounts();
  #oldestUnfinishedMs = 0;
  #started = 0;
  #firstStartedAt = Number.POSITIVE_INFINITY;
  #lastStartedAt = Number.NEGATIVE_INFINITY;
  #lastEndedAt = Number.NEGATIVE_INFINITY;
  readonly #statuses = new Tally<number>();
  /** Of these, the ones that were not `ok`. */
  readonly #badStatuses = new Tally<number>();
  readonly #failures = new Map<number, Tally<string>>();

  /** @param scope What the samples of the tag span; empty for requests. */
  constructor(
    readonly tag: string,
    private readonly scope: SampleScope = '',
  ) {}

  record(sample: NetSample, times: Measured): void {
    this.#counts.record(sample, times);
    if (sample.outcome === 'discarded') return;
    if (times.shot) this.#start(sample.started);
    if (sample.outcome === 'shot') this.#end(sample);
    else this.#oldestUnfinishedMs = Math.max(this.#oldestUnfinishedMs, times.responseUs / 1000);
  }

  #start(started: EpochMs): void {
    this.#started++;
    if (started < this.#firstStartedAt) this.#firstStartedAt = started;
    if (started > this.#lastStartedAt) this.#lastStartedAt = started;
  }

  #end(sample: NetSample): void {
    const { netCode, protoCode, ended, errorName } = sample;
    if (ended > this.#lastEndedAt) this.#lastEndedAt = ended;
    if (protoCode !== 0) {
      this.#statuses.add(protoCode);
      if (verdictOf(sample) !== 'ok') this.#badStatuses.add(protoCode);
    }
    if (netCode !== 0) this.#fail(netCode, errorName, 1);
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
    this.#counts.addNumbers(other);
    this.#oldestUnfinishedMs = Math.max(this.#oldestUnfinishedMs, other.oldestUnfinishedMs);
    this.#started += other.started;
    this.#firstStartedAt = Math.min(this.#firstStartedAt, other.firstStartedAt ?? this.#firstStartedAt);
    this.#lastStartedAt = Math.max(this.#lastStartedAt, other.lastStartedAt ?? this.#lastStartedAt);
    this.#lastEndedAt = Math.max(this.#lastEndedAt, other.lastEndedAt ?? this.#lastEndedAt);
    absorbDistribution(this.#counts.response, other.responseTimeMs);
    absorbDistribution(this.#counts.service, other.serviceTimeMs);
    for (const { status, count, bad } of other.statuses) {
      this.#statuses.add(status, count);
      if (bad > 0) this.#badStatuses.add(status, bad);
    }
    for (const { netCode, name, count } of other.failures) this.#fail(netCode, name, count);
  }

  snapshot(): TagSummary {
    const { shots, failed, badStatus, discarded, unfinished, bytesOut, bytesIn, response, service } = this.#counts;
    const failures: FailureCount[] = [...this.#failures].flatMap(([netCode, names]) =>
      names.entries().map(([name, count]) => ({ netCode, name, count })),
    );
    return {
      tag: this.tag,
      ...(this.scope === '' ? {} : { scope: this.scope }),
      shots,
      failed,
      badStatus,
      discarded,
      unfinished,
      oldestUnfinishedMs: this.#oldestUnfinishedMs,
      bytesOut,
      bytesIn,
      firstStartedAt: moment(this.#firstStartedAt),
      lastStartedAt: moment(this.#lastStartedAt),
      lastEndedAt: moment(this.#lastEndedAt),
      started: this.#started,
      startedPerSecond: perSecond(this.#started - 1, this.#lastStartedAt - this.#firstStartedAt),
      endedPerSecond: perSecond(shots, this.#lastEndedAt - this.#firstStartedAt),
      responseTimeMs: distributionOf(response),
      serviceTimeMs: distributionOf(service),
      statuses: this.#statuses
        .entries()
        .map(([status, count]) => ({ status, count, bad: this.#badStatuses.count(status) })),
      failures: failures.sort((a, b) => b.count - a.count),
    };
  }
}
