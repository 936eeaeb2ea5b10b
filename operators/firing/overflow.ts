import { ElpisError } from '../../lib/core/errors.js';
import type { Shot } from '../../lib/core/shot.js';
import type { EpochMs, Millis } from '../../lib/core/units.js';
import type { InstancePool } from './instancePool.js';
import type { FiringMeter } from './meter.js';
import type { ShotQueue } from './supply.js';

/**
 * The handling of a shot that is due while no instance is free.
 *
 * - `queue`: it waits and keeps its intended time.
 * - `discard`: it waits; if it is overdue by at least `afterMs` when an instance is free, it is recorded as discarded instead.
 * - `grow`: when it has been due for `afterMs` (default 0), one more instance is started for it, until there are
 *   `maxInstances`; then it waits as with `queue`. Instances from a stream count towards the maximum but are not
 * bounded by it.
 * - `abort`: when it has been due for `afterMs` (default 0), the stream fails with `ELPIS_OVERFLOW`. Timers and
 *   the event loop are late by up to some milliseconds; `afterMs` tolerates that.
 *
 * In an unlimited schedule no shot is due while no instance is free, so it neither grows nor aborts.
 */
export type OverflowPolicy =
  | { readonly policy: 'queue' }
  | { readonly policy: 'discard'; readonly afterMs: Millis }
  | { readonly policy: 'grow'; readonly maxInstances: number; readonly afterMs?: Millis }
  | { readonly policy: 'abort'; readonly afterMs?: Millis };

/** Applies an {@link OverflowPolicy} to the instances of a {@link shoot}. */
export class OverflowRule<A, S> {
  /** A shot that is overdue by this much when an instance is free is not fired. */
  readonly discardAfterMs: Millis;
  readonly #policy: OverflowPolicy['policy'];
  readonly #afterMs: Millis;
  readonly #maxInstances: number;

  constructor(
    policy: OverflowPolicy,
    private readonly instances: InstancePool<A, S>,
    private readonly meter: FiringMeter,
  ) {
    this.#policy = policy.policy;
    this.#afterMs = policy.policy === 'queue' ? 0 : (policy.afterMs ?? 0);
    this.discardAfterMs = policy.policy === 'discard' ? policy.afterMs : Number.POSITIVE_INFINITY;
    this.#maxInstances = policy.policy === 'grow' ? policy.maxInstances : 0;
  }

  /** True when one more instance may be started for a shot that is due. */
  get mayGrow(): boolean {
    return this.instances.size < this.#maxInstances;
  }

  /**
   * True when the next shot must be polled although no instance is free, because {@link act} is called when it is
   * due. No shot is polled before the first instance starts, and a shot that exists only on demand is not polled
   * early.
   */
  watches(queue: ShotQueue<A>, allStarted: boolean): boolean {
    const acts = this.#policy === 'abort' ? this.instances.size > 0 : this.mayGrow;
    if (!acts || (this.instances.size === 0 && !allStarted)) return false;
    return queue.canPeek;
  }

  /** The moment at which {@link act} is called for a shot. */
  actsAt(shot: Shot<A>): EpochMs {
    return shot.at + this.#afterMs;
  }

  /** Starts an instance for a shot that is due while none is free, or throws `ELPIS_OVERFLOW`. */
  act(shot: Shot<A>, now: EpochMs): void {
    if (this.mayGrow) {
      // A stall of the generator also makes shots overdue; without the stall the instance would have started at this
      // moment.
      this.instances.add(this.actsAt(shot));
      this.meter.grown++;
      return;
    }
    const overdue = `shot ${shot.index} has been due for ${Math.round(now - shot.at)} ms`;
    const message = `${overdue} and none of the ${this.instances.size} instances is free`;
    const hint = 'add instances, lower the rate, raise afterMs, or choose another overflow policy';
    throw new ElpisError('ELPIS_OVERFLOW', message, { hint });
  }
}
