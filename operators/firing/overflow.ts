import { ElpisError } from '../../lib/core/errors.js';
import type { Shot } from '../../lib/core/shot.js';
import type { EpochMs, Millis } from '../../lib/core/units.js';
import type { OverflowPolicy } from '../shots/shootOptions.js';
import type { Roster } from './instances.js';
import type { FiringMeter } from './meter.js';
import type { ShotSupply } from './supply.js';

/** Applies an {@link OverflowPolicy} to the instances of a {@link shoot}. */
export class OverflowRule<A, S> {
  /** A shot that is overdue by this much when its turn comes is not shot. */
  readonly discardAfterMs: Millis;
  readonly #policy: OverflowPolicy['policy'];
  readonly #afterMs: Millis;
  readonly #maxInstances: number;

  constructor(
    policy: OverflowPolicy,
    private readonly roster: Roster<A, S>,
    private readonly meter: FiringMeter,
  ) {
    this.#policy = policy.policy;
    this.#afterMs = policy.policy === 'queue' ? 0 : (policy.afterMs ?? 0);
    this.discardAfterMs = policy.policy === 'discard' ? policy.afterMs : Number.POSITIVE_INFINITY;
    this.#maxInstances = policy.policy === 'grow' ? policy.maxInstances : 0;
  }

  /** True when one more instance may be started for a shot that is due. */
  get mayGrow(): boolean {
    return this.roster.size < this.#maxInstances;
  }

  /**
   * True when the next shot must be known though nobody is free, because something is to be done when it is due. Before the
   * first instance starts nothing is asked for, and never what exists only on demand.
   */
  watches(supply: ShotSupply<A>, startupDone: boolean): boolean {
    const acts = this.#policy === 'abort' ? this.roster.size > 0 : this.mayGrow;
    if (!acts || (this.roster.size === 0 && !startupDone)) return false;
    return supply.canArm;
  }

  /** When that is to be done. */
  actsAt(shot: Shot<A>): EpochMs {
    return shot.at + this.#afterMs;
  }

  /** Starts an instance for a shot that is due while nobody is free, or throws `ELPIS_OVERFLOW`. */
  act(shot: Shot<A>, now: EpochMs): void {
    if (this.mayGrow) {
      this.roster.add(now);
      this.meter.grown++;
      return;
    }
    const overdue = `shot ${shot.index} has been due for ${Math.round(now - shot.at)} ms`;
    const message = `${overdue} and none of the ${this.roster.size} instances is free`;
    const hint = 'add instances, slow the schedule, allow more afterMs, or choose another overflow policy';
    throw new ElpisError('ELPIS_OVERFLOW', message, { hint });
  }
}
