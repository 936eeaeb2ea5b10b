import { type TimedSample, verdictOf } from '../core/sample.js';
import type { EpochMs } from '../core/units.js';
import { HistogramRecorder } from './histogramRecorder.js';
import {
  byFailure,
  byStatus,
  EMPTY_COUNTS,
  type FailureCount,
  type StatusCount,
  type WindowCounts,
} from './windowCounts.js';

/** The largest number of statuses, and of failures, that are counted under their own names for one tag. */
const CODE_LIMIT = 100;

interface Cell {
  readonly code: number;
  readonly name: string;
  count: number;
  /** Of these, how many had another verdict than `ok`. */
  bad: number;
}

/** Counts by code and name, up to a limit; all further ones are counted together. The last one is found without a look-up. */
class CodeTally {
  readonly #byCode = new Map<number, Cell[]>();
  #size = 0;
  #last: Cell = { code: Number.NaN, name: '', count: 0, bad: 0 };
  other = 0;

  add(code: number, name: string, count: number, bad: number): void {
    const cell = code === this.#last.code && name === this.#last.name ? this.#last : this.#find(code, name);
    if (cell === undefined) {
      this.other += count;
      return;
    }
    cell.count += count;
    cell.bad += bad;
  }

  /** @returns undefined beyond the limit. */
  #find(code: number, name: string): Cell | undefined {
    const known = this.#byCode.get(code);
    let cell = known?.find((candidate) => candidate.name === name);
    if (cell === undefined) {
      if (this.#size >= CODE_LIMIT) return undefined;
      this.#size++;
      cell = { code, name, count: 0, bad: 0 };
      if (known === undefined) this.#byCode.set(code, [cell]);
      else known.push(cell);
    }
    this.#last = cell;
    return cell;
  }

  absorb(tally: CodeTally): void {
    for (const cells of tally.#byCode.values())
      for (const { code, name, count, bad } of cells) if (count > 0) this.add(code, name, count, bad);
    this.other += tally.other;
  }

  /** Returns the counts and sets them to zero; codes and names stay. */
  take<T>(map: (cell: Readonly<Cell>) => T): T[] {
    const taken: T[] = [];
    for (const cells of this.#byCode.values())
      for (const cell of cells) {
        if (cell.count > 0) taken.push(map(cell));
        cell.count = cell.bad = 0;
      }
    this.other = 0;
    return taken;
  }
}

const statusCount = ({ code, count, bad }: Cell): StatusCount => ({ status: code, count, bad });
const failureCount = ({ code, name, count }: Cell): FailureCount => ({ netCode: code, name, count });
const moment = (at: number): EpochMs | null => (Number.isFinite(at) ? at : null);

/** Records samples and returns them as {@link WindowCounts}. Recording a sample allocates nothing. */
export class CountsRecorder {
  #ok = 0;
  #bad = 0;
  #failed = 0;
  #discarded = 0;
  #discardedLate = 0;
  #unfinished = 0;
  #underWay = 0;
  #oldestUnfinishedMs = 0;
  #bytesOut = 0;
  #bytesIn = 0;
  #firstStartedAt = Number.POSITIVE_INFINITY;
  #lastStartedAt = Number.NEGATIVE_INFINITY;
  #lastEndedAt = Number.NEGATIVE_INFINITY;
  readonly #response = new HistogramRecorder();
  readonly #service = new HistogramRecorder();
  readonly #statuses = new CodeTally();
  readonly #failures = new CodeTally();

  /** Number of samples recorded since the last {@link take}. */
  get count(): number {
    return this.#ok + this.#bad + this.#failed + this.#discarded + this.#unfinished;
  }

  /**
   * Records a sample and its times.
   *
   * @param shot Whether a gun had started it.
   */
  record(sample: TimedSample, shot: boolean, responseUs: number, serviceUs: number): void {
    if (sample.outcome === 'discarded') {
      this.#discarded++;
      if (sample.started - sample.intended > 2 * sample.slotWait) this.#discardedLate++;
      return;
    }
    this.#bytesOut += sample.bytesOut;
    this.#bytesIn += sample.bytesIn;
    this.#response.record(responseUs);
    if (shot) {
      this.#service.record(serviceUs);
      if (sample.started < this.#firstStartedAt) this.#firstStartedAt = sample.started;
      if (sample.started > this.#lastStartedAt) this.#lastStartedAt = sample.started;
    }
    if (sample.outcome === 'unfinished') {
      this.#unfinished++;
      if (shot) this.#underWay++;
      if (responseUs > this.#oldestUnfinishedMs * 1000) this.#oldestUnfinishedMs = responseUs / 1000;
    } else this.#end(sample);
  }

  #end(sample: TimedSample): void {
    const verdict = verdictOf(sample);
    if (verdict === 'ok') this.#ok++;
    else if (verdict === 'bad') this.#bad++;
    else this.#failed++;
    if (sample.ended > this.#lastEndedAt) this.#lastEndedAt = sample.ended;
    if (sample.protoCode !== 0 || sample.netCode === 0)
      this.#statuses.add(sample.protoCode, '', 1, verdict === 'ok' ? 0 : 1);
    if (sample.netCode !== 0 || sample.errorName !== '') this.#failures.add(sample.netCode, sample.errorName, 1, 1);
  }

  /** Adds the counts of another recorder. */
  absorb(other: CountsRecorder): void {
    this.#ok += other.#ok;
    this.#bad += other.#bad;
    this.#failed += other.#failed;
    this.#discarded += other.#discarded;
    this.#discardedLate += other.#discardedLate;
    this.#unfinished += other.#unfinished;
    this.#underWay += other.#underWay;
    this.#oldestUnfinishedMs = Math.max(this.#oldestUnfinishedMs, other.#oldestUnfinishedMs);
    this.#bytesOut += other.#bytesOut;
    this.#bytesIn += other.#bytesIn;
    this.#firstStartedAt = Math.min(this.#firstStartedAt, other.#firstStartedAt);
    this.#lastStartedAt = Math.max(this.#lastStartedAt, other.#lastStartedAt);
    this.#lastEndedAt = Math.max(this.#lastEndedAt, other.#lastEndedAt);
    this.#response.absorb(other.#response);
    this.#service.absorb(other.#service);
    this.#statuses.absorb(other.#statuses);
    this.#failures.absorb(other.#failures);
  }

  /** Returns the counts as a value and sets them to zero. */
  take(): WindowCounts {
    if (this.count === 0) return EMPTY_COUNTS;
    const [otherStatuses, otherFailures] = [this.#statuses.other, this.#failures.other];
    const counts: WindowCounts = {
      count: this.count,
      ended: this.#ok + this.#bad + this.#failed,
      ok: this.#ok,
      bad: this.#bad,
      failed: this.#failed,
      discarded: this.#discarded,
      discardedLate: this.#discardedLate,
      unfinished: this.#unfinished,
      underWay: this.#underWay,
      oldestUnfinishedMs: this.#oldestUnfinishedMs,
      bytesOut: this.#bytesOut,
      bytesIn: this.#bytesIn,
      firstStartedAt: moment(this.#firstStartedAt),
      lastStartedAt: moment(this.#lastStartedAt),
      lastEndedAt: moment(this.#lastEndedAt),
      response: this.#response.take(),
      service: this.#service.take(),
      statuses: this.#statuses.take(statusCount).sort(byStatus),
      otherStatuses,
      failures: this.#failures.take(failureCount).sort(byFailure),
      otherFailures,
    };
    this.#ok = this.#bad = this.#failed = this.#discarded = this.#unfinished = this.#underWay = 0;
    this.#discardedLate = this.#oldestUnfinishedMs = this.#bytesOut = this.#bytesIn = 0;
    this.#firstStartedAt = Number.POSITIVE_INFINITY;
    this.#lastStartedAt = this.#lastEndedAt = Number.NEGATIVE_INFINITY;
    return counts;
  }
}
