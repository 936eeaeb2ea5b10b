import { type TimedSample, verdictOf } from '../core/sample.js';
import type { Bytes } from '../core/units.js';
import { LatencyHistogram } from './latencyHistogram.js';
import type { SampleTimes } from './sampleTimes.js';

/** Counts of samples by what became of them, with the distributions of their times. They add up exactly. */
export class SampleCounts {
  /** Operations that were shot and came to an end, well or badly. */
  shots = 0;
  /** Of these, the ones without a complete answer (verdict `failed`). */
  failed = 0;
  /** Of these, the ones with a complete answer that is an error, or that failed a check (verdict `bad`). */
  badStatus = 0;
  /** Operations that were not shot because they were overdue. They have no times. */
  discarded = 0;
  /** Operations that were due or under way when the run ended; their age is in the times, as a lower bound. */
  unfinished = 0;
  bytesOut: Bytes = 0;
  bytesIn: Bytes = 0;
  /** End - intended moment, in µs. */
  readonly response = new LatencyHistogram();
  /** End - start, in µs, of what was shot. */
  readonly service = new LatencyHistogram();

  /** Number of all operations counted. */
  get count(): number {
    return this.shots + this.discarded + this.unfinished;
  }

  record(sample: TimedSample, times: SampleTimes): void {
    if (sample.outcome === 'discarded') {
      this.discarded++;
      return;
    }
    this.response.record(times.responseUs);
    if (times.shot) this.service.record(times.serviceUs);
    if (sample.outcome === 'unfinished') {
      this.unfinished++;
      return;
    }
    this.shots++;
    this.bytesOut += sample.bytesOut;
    this.bytesIn += sample.bytesIn;
    const verdict = verdictOf(sample);
    if (verdict === 'failed') this.failed++;
    else if (verdict === 'bad') this.badStatus++;
  }

  /** Adds the numbers, but not the times, that others have counted. */
  addNumbers(other: Readonly<SampleNumbers>): void {
    this.shots += other.shots;
    this.failed += other.failed;
    this.badStatus += other.badStatus;
    this.discarded += other.discarded;
    this.unfinished += other.unfinished;
    this.bytesOut += other.bytesOut;
    this.bytesIn += other.bytesIn;
  }

  /** Adds all that others have counted. */
  absorb(other: Readonly<SampleCounts>): void {
    this.addNumbers(other);
    this.response.absorb(other.response);
    this.service.absorb(other.service);
  }

  reset(): void {
    this.shots = this.failed = this.badStatus = this.discarded = this.unfinished = 0;
    this.bytesOut = this.bytesIn = 0;
    this.response.reset();
    this.service.reset();
  }
}

type SampleNumbers = Pick<
  SampleCounts,
  'shots' | 'failed' | 'badStatus' | 'discarded' | 'unfinished' | 'bytesOut' | 'bytesIn'
>;
