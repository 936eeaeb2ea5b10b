import { type Metric, NO_METRICS } from '../core/metric.js';
import { type Outcome, type SampleScope, type TimedSample, type Verdict, verdictOfCodes } from '../core/sample.js';
import type { Shot } from '../core/shot.js';
import type { Bytes, EpochMs, Millis } from '../core/units.js';
import { NET_CODE, type NetFailure, netFailureOf } from './netFailure.js';

export type { Outcome, SampleScope } from '../core/sample.js';

/** The fields that {@link NetSample.with} can change: all except the methods. */
export type NetSampleFields = Omit<NetSample, 'end' | 'fail' | 'failAs' | 'measure' | 'with'>;

/**
 * The record of one network operation: the fields of phout and the moments for response and service times. A gun
 * makes one with {@link NetSample.of}, sets the end of the operation, and emits it; after that it MUST NOT be
 * changed.
 *
 * From the moments: response time = `ended - intended`; service time = `ended - started`; slot wait is time without a
 * free instance; lateness (of the generator) = `started - intended - slotWait`.
 */
export class NetSample implements TimedSample {
  outcome: Outcome = 'shot';
  /**
   * The span of the sample: empty for one operation on the network. A `group` or `scenario` spans its requests and
   * pauses, and has no bytes; totals do not include it, so that no request is counted twice.
   */
  scope: SampleScope = '';
  /** Index of the operation in the run. */
  index = 0;
  /** The instance that shot; -1 when it was not shot. */
  instance = -1;
  tag = '';
  /** Id of the ammo. */
  id = 0;
  intended: EpochMs = 0;
  started: EpochMs = 0;
  slotWait: Millis = 0;
  /** When the status (or the failure) was known: phout's interval_real ends here. */
  responded: EpochMs = 0;
  /** When the last byte was read or the shot failed. */
  ended: EpochMs = 0;
  /** Durations of the trace columns of phout; 0 unless traced, and for a phase that did not occur. */
  connectTime: Millis = 0;
  sendTime: Millis = 0;
  latency: Millis = 0;
  receiveTime: Millis = 0;
  /** phout's size columns; 0 unless `httptrace.dump`. */
  sizeOut: Bytes = 0;
  sizeIn: Bytes = 0;
  /** Bytes on the wire, always counted. */
  bytesOut: Bytes = 0;
  bytesIn: Bytes = 0;
  /** How often the request was sent again, because a kept connection had been closed. */
  retries = 0;
  /** {@link NET_CODE}: 0 when there was a complete response. */
  netCode: number = NET_CODE.ok;
  /** HTTP status, 0 when there was none. */
  protoCode = 0;
  /** Stable name of the failure, such as `timeout` or `connection refused`; empty when there was none. */
  errorName = '';
  /** Checks and metrics of users, in the order in which they were measured. See {@link NetSample.measure}. */
  metrics: readonly Metric[] = NO_METRICS;

  private constructor() {}

  /** A new sample for a shot. */
  static of(shot: Shot<unknown>): NetSample {
    const sample = new NetSample();
    sample.index = shot.index;
    sample.instance = shot.instance;
    sample.intended = shot.at;
    sample.started = shot.started;
    sample.slotWait = shot.slotWait;
    return sample;
  }

  /**
   * The verdict of the operation. By default it follows from the codes: `bad` for the net code of a failed check,
   * `failed` for any other net code, `bad` for a status of 400 or above, otherwise `ok`. A gun whose protocol has
   * other rules sets it.
   */
  get verdict(): Verdict {
    return verdictOfCodes(this.netCode, this.protoCode);
  }

  set verdict(value: Verdict) {
    // An own property replaces the accessor, so that `{ ...sample }` also has it.
    Object.defineProperty(this, 'verdict', { value, writable: true, enumerable: true, configurable: true });
  }

  /**
   * Ends the operation with a complete response.
   *
   * @param protoCode Status of the response, if the protocol has one.
   */
  end(now: EpochMs, protoCode = 0): this {
    this.responded = this.ended = now;
    this.protoCode = protoCode;
    return this;
  }

  /** Ends the operation with an error; net code and name of the failure are those of {@link netFailureOf}. */
  fail(error: unknown, now: EpochMs): this {
    return this.failAs(netFailureOf(error), now);
  }

  /**
   * Ends the operation with a known failure.
   *
   * @param protoCode Status, if there was one before the failure.
   */
  failAs({ netCode, errorName }: NetFailure, now: EpochMs, protoCode = 0): this {
    this.netCode = netCode;
    this.errorName = errorName;
    return this.end(now, protoCode);
  }

  /**
   * Adds a check or a metric. The list is replaced, so that copies of the sample do not change. A gun calls it before
   * it emits the sample.
   *
   * @example
   * declare const sample: NetSample;
   * sample.measure({ kind: 'counter', name: 'rows', value: 12 });
   */
  measure(metric: Metric): this {
    this.metrics = [...this.metrics, metric];
    return this;
  }

  /**
   * A copy with some fields changed. The change does not affect other consumers of the sample.
   *
   * @example
   * declare const samples: Observable<NetSample>;
   * samples.pipe(map((sample) => sample.with({ tag: `${sample.tag} ${sample.protoCode}` })));
   */
  with(changes: Partial<NetSampleFields>): NetSample {
    return Object.assign(new NetSample(), this, changes);
  }
}
