import { type Metric, NO_METRICS } from '../core/metric.js';
import type { Shot } from '../core/shot.js';
import type { EpochMs } from '../core/units.js';
import type { NetFailure } from '../protocols/netFailure.js';
import { NetSample, type SampleScope } from '../protocols/netSample.js';

/** The record of a scenario or group, from its start to its end. */
export class Span {
  #failure: NetFailure | undefined;
  #metrics = NO_METRICS;

  /** @param shot Its moments: intended and started. */
  constructor(
    readonly tag: string,
    readonly scope: SampleScope,
    private readonly shot: Shot<unknown>,
    private readonly ammoId: number,
  ) {}

  /** Marks it as failed. The first failure counts. */
  mark(failure: NetFailure): void {
    this.#failure ??= failure;
  }

  /** Adds a check or a metric. */
  measure(metric: Metric): void {
    this.#metrics = [...this.#metrics, metric];
  }

  /** Its sample. */
  end(now: EpochMs): NetSample {
    const sample = NetSample.of(this.shot);
    sample.scope = this.scope;
    sample.tag = this.tag;
    sample.id = this.ammoId;
    sample.metrics = this.#metrics;
    return this.#failure === undefined ? sample.end(now) : sample.failAs(this.#failure, now);
  }
}
