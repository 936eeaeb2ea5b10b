import {
  from,
  Observable,
  type ObservableInput,
  type Observer,
  Subscription,
  type TeardownLogic,
  type Unsubscribable,
} from 'rxjs';
import { ElpisError } from '../../lib/core/errors.js';
import type { Gun } from '../../lib/core/gun.js';
import type { Shot } from '../../lib/core/shot.js';
import type { EpochMs } from '../../lib/core/units.js';
import { Failures } from './failures.js';

/** Receives the events of an instance. */
export interface InstanceOwner<A, S> {
  /** The shot has completed. */
  ended(instance: Instance<A, S>, shot: Shot<A>): void;
  /**
   * The gun threw or emitted an error, or the end of its shot threw; `shot` is the shot under way, if there was one.
   */
  failed(error: unknown, instance: Instance<A, S>, shot: Shot<A> | undefined): void;
}

const describe = (value: unknown): string =>
  typeof value === 'object' && value !== null
    ? `an object of class ${(value as { constructor?: { name?: string } }).constructor?.name ?? 'null'}`
    : String(value);

/** One instance: a gun, and its shot under way. It observes its own shot, so that a shot allocates no closure. */
export class Instance<A, S> implements Observer<S> {
  /** The shot under way. */
  shot: Shot<A> | undefined;
  /** Number of samples of the shot under way, or of the last one. */
  samples = 0;
  /** The moment at which a generator without delays would have started the shot under way. */
  idealStart: EpochMs = 0;
  #subscription: Unsubscribable = Subscription.EMPTY;

  /** @param nameOf The gun of an instance in messages, such as `gun "http" of instance 3`. */
  constructor(
    readonly id: number,
    private readonly nameOf: (id: number) => string,
    private readonly gun: Gun<A, S>,
    private readonly owner: InstanceOwner<A, S>,
    private readonly destination: Observer<S>,
  ) {}

  get name(): string {
    return this.nameOf(this.id);
  }

  /** Shoots; the owner's `ended` or `failed` is called at the end of the shot, which may be before this returns. */
  fire(shot: Shot<A>): void {
    this.shot = shot;
    this.samples = 0;
    try {
      const { gun } = this;
      const subscription =
        gun.shootInto === undefined ? this.#observe(gun.shoot(shot.ammo, shot)) : gun.shootInto(shot.ammo, shot, this);
      if (this.shot === shot) this.#subscription = subscription;
      else subscription.unsubscribe();
    } catch (error) {
      this.#fail(error);
    }
  }

  #observe(samples: ObservableInput<S>): Unsubscribable {
    const subscriber = new ShotSubscriber(this);
    (samples instanceof Observable ? samples : this.#streamOf(samples)).subscribe(subscriber);
    return subscriber;
  }

  #streamOf(samples: ObservableInput<S>): Observable<S> {
    try {
      return from(samples);
    } catch (cause) {
      const message = `${this.name}: shoot returned ${describe(samples)}, expected an Observable, a promise or an iterable of samples`;
      throw new ElpisError('ELPIS_SHOT', message, {
        cause,
        hint: 'return of(sample), or EMPTY when there is no sample',
      });
    }
  }

  next(sample: S): void {
    if (this.shot === undefined) return;
    if (sample === undefined || sample === null) {
      const hint = 'emit a sample for each operation, or complete without one';
      this.#fail(new ElpisError('ELPIS_SHOT', `${this.name} emitted ${sample}, expected a sample`, { hint }));
      return;
    }
    this.samples++;
    this.destination.next(sample);
  }

  complete(): void {
    const { shot } = this;
    if (shot === undefined) return;
    this.shot = undefined;
    this.#subscription = Subscription.EMPTY;
    this.owner.ended(this, shot);
  }

  error(error: unknown): void {
    if (this.shot !== undefined) this.#fail(error);
  }

  /** The teardown of a shot threw. Unlike a late call of the gun, this is not ignored. */
  teardownFailed(error: unknown): void {
    this.owner.failed(error, this, this.#end());
  }

  #fail(error: unknown): void {
    const failures = new Failures('ELPIS_SHOT');
    failures.add(error);
    const subscription = this.#subscription;
    const shot = this.#end();
    failures.attempt(() => subscription.unsubscribe());
    this.owner.failed(failures.error, this, shot);
  }

  #end(): Shot<A> | undefined {
    const { shot } = this;
    this.shot = undefined;
    this.#subscription = Subscription.EMPTY;
    return shot;
  }

  /** Aborts the shot under way and returns it, if there is one. */
  abort(): Shot<A> | undefined {
    const subscription = this.#subscription;
    const shot = this.#end();
    try {
      subscription.unsubscribe();
    } catch (error) {
      this.teardownFailed(error);
    }
    return shot;
  }

  close(): void {
    try {
      this.gun.close?.();
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new ElpisError('ELPIS_GUN', `${this.name} cannot be closed: ${reason}`, { cause });
    }
  }
}

/**
 * Connects a gun's Observable to its instance. It tears the shot down before the instance is free again, and reports
 * an exception of the teardown. A Subscriber of RxJS would throw it in the gun's own callback, uncaught.
 *
 * RxJS treats an object with the methods of an observer and of a Subscription as a Subscriber (see `isSubscriber` in
 * its source) and does not wrap it. A subclass of Subscriber would do the same and make each shot slower by a tenth.
 */
class ShotSubscriber<A, S> implements Observer<S>, Unsubscribable {
  closed = false;
  private teardown: Subscription | undefined;

  constructor(private readonly instance: Instance<A, S>) {}

  next(sample: S): void {
    if (!this.closed) this.instance.next(sample);
  }

  complete(): void {
    if (this.closed) return;
    this.unsubscribe();
    this.instance.complete();
  }

  error(error: unknown): void {
    if (this.closed) return;
    this.closed = true;
    const failures = new Failures('ELPIS_SHOT');
    failures.add(error);
    failures.attempt(() => this.teardown?.unsubscribe());
    this.instance.error(failures.error);
  }

  /** A shot that has already ended is torn down at once. */
  add(teardown: TeardownLogic): void {
    if (this.closed) Subscription.EMPTY.add(teardown);
    else if (teardown !== undefined) {
      this.teardown ??= new Subscription();
      this.teardown.add(teardown);
    }
  }

  remove(teardown: Exclude<TeardownLogic, void>): void {
    this.teardown?.remove(teardown);
  }

  unsubscribe(): void {
    if (this.closed) return;
    this.closed = true;
    try {
      this.teardown?.unsubscribe();
    } catch (error) {
      this.instance.teardownFailed(error);
    }
  }
}
