import { from, type Observer, Subscription, type Unsubscribable } from 'rxjs';
import type { Gun, GunFactory } from '../../lib/core/gun.js';
import type { Shot } from '../../lib/core/shot.js';
import type { EpochMs } from '../../lib/core/units.js';
import { Ring } from '../../lib/pull/ring.js';
import type { ShootOptions } from '../shots/shootOptions.js';
import type { FiringMeter } from './meter.js';

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

/** The instances of a {@link shoot}: who is free, and for how long. The one that has been free the longest is next. */
export class Roster<A, S> {
  readonly #slots: Slot<A, S>[] = [];
  readonly #idle = new Ring<Slot<A, S>>();

  constructor(
    private readonly gunFactory: Pick<GunFactory<A, S>, 'create'>,
    private readonly owner: SlotOwner<A, S>,
    private readonly options: Pick<ShootOptions<A, S>, 'firstInstance' | 'instanceStride'>,
    private readonly meter: FiringMeter,
  ) {}

  /** How many instances there are. */
  get size(): number {
    return this.#slots.length;
  }

  /** How many of them are free. */
  get free(): number {
    return this.#idle.length;
  }

  /** Starts one more instance. Throws what the making of its gun throws. */
  add(now: EpochMs): void {
    const { firstInstance = 0, instanceStride = 1 } = this.options;
    const id = firstInstance + this.#slots.length * instanceStride;
    const slot = new Slot(id, this.gunFactory.create({ instance: id }), this.owner);
    this.#slots.push(slot);
    this.meter.instances++;
    this.release(slot, now);
  }

  /** Takes the instance that has been free the longest; there must be one. */
  take(): Slot<A, S> {
    return this.#idle.shift() as Slot<A, S>;
  }

  /** The instance is free again. */
  release(slot: Slot<A, S>, now: EpochMs): void {
    slot.freeSince = now;
    this.#idle.push(slot);
  }

  /** The instances with a shot under way. */
  busy(): readonly Slot<A, S>[] {
    return this.#slots.filter(({ shot }) => shot !== undefined);
  }

  /** Aborts what is under way and closes every gun. */
  close(): void {
    for (const slot of this.#slots) {
      slot.abort();
      slot.close();
    }
    this.meter.instancesEnded += this.#slots.length;
  }
}
