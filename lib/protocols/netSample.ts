import type { Outcome } from '../core/sample.js';
import type { Shot } from '../core/shot.js';
import type { TimedSample } from '../core/timedSample.js';
import type { Bytes, EpochMs, Millis } from '../core/units.js';
import { NET_CODE, netFailureOf } from './netFailure.js';

export type { Outcome } from '../core/sample.js';

/** See {@link NetSample.scope}. */
export type SampleScope = '' | 'group' | 'scenario';

/**
 * The record of one network operation: phout's fields plus the moments that honest latencies need. Pooled: take one with
 * {@link NetSample.of}, and give it back with `release` when it has been handled.
 *
 * From the moments: response time = `ended - intended`; service time = `ended - started`; slot wait is time without a
 * free instance; lateness (the generator's own) = `started - intended - slotWait`.
 */
export class NetSample implements TimedSample {
  static readonly #free: NetSample[] = [];

  outcome: Outcome = 'shot';
  /**
   * What the sample spans: empty for one operation on the network. A `group` or `scenario` spans the requests inside it,
   * with its pauses, and has no bytes of its own; totals leave it out, so that nothing is counted twice.
   */
  scope: SampleScope = '';
  /** Index of the operation in the run. */
  index = 0;
  /** Instance that shot, -1 when none did. */
  instance = -1;
  tag = '';
  /** Id of the ammo. */
  id = 0;
  intended: EpochMs = 0;
  started: EpochMs = 0;
  slotWait: Millis = 0;
  /** When the status (or the failure) was known: phout's interval_real ends here. */
  answered: EpochMs = 0;
  /** When the last byte was read or the shot failed. */
  ended: EpochMs = 0;
  /** Durations of phout's trace columns; 0 unless traced or when the phase never happened. */
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
  /** {@link NET_CODE}: 0 when a complete response came. */
  netCode: number = NET_CODE.ok;
  /** HTTP status, 0 when none came. */
  protoCode = 0;
  /** Stable name of the failure, such as `timeout` or `connection refused`; empty when there was none. */
  errorName = '';

  private constructor() {}

  /** A clean sample for a shot. */
  static of(shot: Shot<unknown>): NetSample {
    const sample = NetSample.#free.pop() ?? new NetSample();
    sample.index = shot.index;
    sample.instance = shot.instance;
    sample.intended = shot.at;
    sample.started = shot.started;
    sample.slotWait = shot.slotWait;
    return sample;
  }

  /**
   * The answer has come, whole.
   *
   * @param protoCode Status of the answer, where the protocol has one.
   */
  end(now: EpochMs, protoCode = 0): this {
    this.answered = this.ended = now;
    this.protoCode = protoCode;
    return this;
  }

  /** The operation has failed: net code and name of the failure are taken from the error, see {@link netFailureOf}. */
  fail(error: unknown, now: EpochMs): this {
    const { netCode, errorName } = netFailureOf(error);
    this.netCode = netCode;
    this.errorName = errorName;
    return this.end(now);
  }

  release(): void {
    this.outcome = 'shot';
    this.scope = '';
    this.tag = '';
    this.id = 0;
    this.answered = this.ended = 0;
    this.connectTime = this.sendTime = this.latency = this.receiveTime = 0;
    this.sizeOut = this.sizeIn = this.bytesOut = this.bytesIn = 0;
    this.netCode = NET_CODE.ok;
    this.protoCode = 0;
    this.errorName = '';
    if (NetSample.#free.length < FREE_LIMIT) NetSample.#free.push(this);
  }
}

const FREE_LIMIT = 4096;
