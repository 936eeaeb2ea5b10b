import type { Observer } from 'rxjs';
import type { EventLoop } from '../../lib/core/eventLoop.js';
import type { GunFactory } from '../../lib/core/gun.js';
import type { Shot } from '../../lib/core/shot.js';
import type { EpochMs, Millis } from '../../lib/core/units.js';
import { Ring } from '../../lib/pull/ring.js';
import type { Failures } from './failures.js';
import { IdealSlots } from './idealSlots.js';
import { Instance, type InstanceOwner } from './instances.js';
import type { FiringMeter } from './meter.js';

/** The options of a {@link shoot} for the ids and names of instances. */
export interface InstanceOptions {
  readonly firstInstance?: number;
  readonly instanceStride?: number;
  readonly gun?: string;
}

/** The instances of a {@link shoot}. The next one is the one that has been free the longest. */
export class InstancePool<A, S> {
  readonly all: Instance<A, S>[] = [];
  readonly #free = new Ring<Instance<A, S>>();
  readonly #ideal = new IdealSlots();
  /** Names are made when a message needs them. */
  readonly #nameOf = (id: number): string =>
    this.options.gun === undefined ? `the gun of instance ${id}` : `gun "${this.options.gun}" of instance ${id}`;
  #lateBy: Millis = 0;

  constructor(
    private readonly gunFactory: Pick<GunFactory<A, S>, 'create'>,
    private readonly owner: InstanceOwner<A, S>,
    private readonly destination: Observer<S>,
    private readonly options: InstanceOptions,
    private readonly meter: FiringMeter,
    private readonly eventLoop: EventLoop,
  ) {}

  /** How many instances there are. */
  get size(): number {
    return this.all.length;
  }

  /** How many of them are free. */
  get free(): number {
    return this.#free.length;
  }

  /** How many have a shot under way. */
  get busy(): number {
    return this.all.length - this.#free.length;
  }

  /**
   * Starts one more instance. Throws the exceptions of the factory's `create`.
   *
   * @param free The moment at which it would be free without delays of the generator.
   */
  add(free: EpochMs): void {
    const { firstInstance = 0, instanceStride = 1 } = this.options;
    const id = firstInstance + this.all.length * instanceStride;
    const instance = new Instance(
      id,
      this.#nameOf,
      this.gunFactory.create({ instance: id }),
      this.owner,
      this.destination,
    );
    this.all.push(instance);
    this.meter.instances++;
    this.#free.push(instance);
    this.#ideal.add(free);
  }

  /**
   * Takes the instance that has been free the longest for a shot, and sets the moments of the shot. An instance must
   * be free.
   */
  take(shot: Shot<A>, now: EpochMs): Instance<A, S> {
    const instance = this.#free.shift() as Instance<A, S>;
    const free = this.#ideal.take();
    shot.instance = instance.id;
    shot.started = now;
    if (shot.demand === undefined || shot.at > now) {
      instance.idealStart = Math.max(shot.at, free);
      shot.slotWait = instance.idealStart - shot.at;
      this.#lateBy = now - instance.idealStart;
    } else {
      // The next shot on demand is drawn at the end of this one, even when this one is late, so delays do not add up.
      shot.at = Math.max(shot.demand.from, free);
      instance.idealStart = now;
      this.#lateBy = now - shot.at;
    }
    return instance;
  }

  /**
   * The time that a shot without an instance waits for one in a generator without delays. When no
   * instance is free, the busy ones are assumed to be as late as the last shot.
   */
  slotWaitOf(shot: Shot<A>, now: EpochMs): Millis {
    const free = this.free > 0 ? this.#ideal.earliest : now - this.#lateBy;
    return Math.max(0, Math.min(free, now) - shot.at);
  }

  /**
   * The instance is free again. The length of its shot counts from the ideal start of the shot, without the time at
   * the end in which the event loop was blocked.
   */
  release(instance: Instance<A, S>, shot: Shot<A>, now: EpochMs): void {
    const { blockedSince } = this.eventLoop;
    const seen = now > blockedSince ? Math.max(shot.started, blockedSince) : now;
    // The difference first: the sum of two moments would be rounded, and moments out of order cost more.
    this.#ideal.add(instance.idealStart + (seen - shot.started));
    this.#free.push(instance);
  }

  /** Closes every gun, each under its own guard. */
  close(failures: Failures): void {
    for (const instance of this.all) failures.attempt(() => instance.close());
    this.meter.instancesEnded += this.all.length;
  }
}
