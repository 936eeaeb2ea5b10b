import { from, type Observer, Subscription, type Unsubscribable } from 'rxjs';
import type { Gun } from '../lib/core/gun.js';
import type { Shot } from '../lib/core/shot.js';
import type { EpochMs } from '../lib/core/units.js';

/** What a slot tells the operator that owns it. */
export interface SlotOwner<A, S> {
  sample(sample: S): void;
  ended(slot: Slot<A, S>, shot: Shot<A>): void;
  failed(error: unknown): void;
}

/** One instance: a gun, and the shot that it is busy with. It observes its own shot, so firing allocates no closure. */
export class Slot<A, S> implements Observer<S> {
  /** The shot under way. */
  shot: Shot<A> | undefined;
  /** Since when the instance has been free. */
  freeSince: EpochMs = 0;
  #subscription: Unsubscribable = Subscription.EMPTY;

  constructor(
    readonly id: number,
    private readonly gun: Gun<A, S>,
    private readonly owner: SlotOwner<A, S>,
  ) {}

  /** Shoots; `ended` or `failed` is told when it is over, maybe before this returns. */
  fire(shot: Shot<A>): void {
    this.shot = shot;
    try {
      const { gun } = this;
      const subscription = gun.shootInto?.(shot.ammo, shot, this) ?? from(gun.shoot(shot.ammo, shot)).subscribe(this);
      if (this.shot === shot) this.#subscription = subscription;
      else subscription.unsubscribe();
    } catch (error) {
      this.owner.failed(error);
    }
  }

  next(sample: S): void {
    this.owner.sample(sample);
  }

  complete(): void {
    const { shot } = this;
    if (shot === undefined) return;
    this.shot = undefined;
    this.owner.ended(this, shot);
  }

  error(error: unknown): void {
    this.owner.failed(error);
  }

  /** Aborts the shot under way, if there is one. */
  abort(): void {
    this.shot = undefined;
    this.#subscription.unsubscribe();
  }

  close(): void {
    this.gun.close?.();
  }
}
