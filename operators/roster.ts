import type { Armoury } from '../lib/core/armoury.js';
import type { EpochMs } from '../lib/core/units.js';
import { Ring } from '../lib/coreutil/ring.js';
import type { FiringMeter } from './firingMeter.js';
import type { ShootOptions } from './shootOptions.js';
import { Slot, type SlotOwner } from './slot.js';

/** The instances of a {@link shoot}: who is free, and for how long. The one that has been free the longest is next. */
export class Roster<A, S> {
  readonly #slots: Slot<A, S>[] = [];
  readonly #idle = new Ring<Slot<A, S>>();

  constructor(
    private readonly armoury: Pick<Armoury<A, S>, 'make'>,
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
    const slot = new Slot(id, this.armoury.make({ instance: id }), this.owner);
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
