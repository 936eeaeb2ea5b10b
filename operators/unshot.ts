import type { SchedulerLike, Subscriber } from 'rxjs';
import type { Shot } from '../lib/core/shot.js';
import type { EpochMs } from '../lib/core/units.js';
import type { FiringMeter } from './firingMeter.js';
import type { ShootOptions } from './shootOptions.js';
import type { ShotSupply } from './shotSupply.js';

/** Keeps the record of shots that no gun finishes, so that nothing that was due is missing from the numbers. */
export class Unshot<A, S> {
  constructor(
    private readonly destination: Subscriber<S>,
    private readonly options: Pick<ShootOptions<A, S>, 'discarded' | 'unfinished'>,
    private readonly meter: FiringMeter,
    private readonly scheduler: SchedulerLike,
    private readonly supply: Pick<ShotSupply<A>, 'release'>,
  ) {}

  /** A shot that will not be shot because it is overdue or nobody can take it. */
  discard(shot: Shot<A>): void {
    const { discarded } = this.options;
    this.meter.discarded++;
    if (discarded !== undefined) this.destination.next(discarded(shot, this.scheduler.now()));
    this.supply.release(shot);
  }

  /** A shot that was due or under way when the run ended. */
  leave(shot: Shot<A>, now: EpochMs): void {
    const { unfinished } = this.options;
    this.meter.unfinished++;
    if (unfinished !== undefined) this.destination.next(unfinished(shot, now));
    this.supply.release(shot);
  }
}
