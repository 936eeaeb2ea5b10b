import type { ObservableInput, SchedulerLike } from 'rxjs';
import type { Share } from '../lib/core/share.js';
import type { BacklogOptions } from '../lib/coreutil/backlogCursor.js';

/** One provider of a mix and its weight. */
export interface WeightedAmmo<A> {
  /** More than 0; only the relation to the other weights counts. */
  readonly weight: number;
  readonly ammo: ObservableInput<A>;
}

/** Options of {@link mixAmmo}. */
export interface MixAmmoOptions {
  /** What happens when one provider is finished: the mix ends too, or the others go on by their weights. Default `end`. */
  readonly whenOneEnds?: 'end' | 'continue';
  /**
   * The stripe of the mix that this process takes, for a run that several threads share. The providers must then be whole,
   * not striped themselves: all threads walk the same order and each takes its places in it. Default: all of it.
   */
  readonly share?: Share;
  /** Bounds of the backlog of a provider that pushes. */
  readonly backlog?: BacklogOptions<unknown>;
  /** Time for those who subscribe instead of pulling. Default: real time. */
  readonly scheduler?: SchedulerLike;
}
