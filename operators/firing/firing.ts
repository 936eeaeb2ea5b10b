import { type Observable, range, type SchedulerLike, type Subscriber } from 'rxjs';
import { type EventLoop, NEVER_BLOCKED } from '../../lib/core/eventLoop.js';
import type { GunFactory } from '../../lib/core/gun.js';
import type { Tick } from '../../lib/core/plan.js';
import type { Shot } from '../../lib/core/shot.js';
import type { EpochMs } from '../../lib/core/units.js';
import type { BacklogOptions } from '../../lib/pull/backlogCursor.js';
import { openCursor } from '../../lib/pull/openCursor.js';
import { Ending, type EndingOptions, SHOTS_PER_TURN } from './ending.js';
import { type InstanceOptions, InstancePool } from './instancePool.js';
import type { Instance, InstanceOwner } from './instances.js';
import { FiringMeter } from './meter.js';
import { type OverflowPolicy, OverflowRule } from './overflow.js';
import { ShotQueue } from './supply.js';

const isTick = (value: unknown): value is Tick =>
  typeof value === 'object' && value !== null && typeof (value as Partial<Tick>).at === 'number';

/** The options of a {@link shoot} that firing needs; they are documented there. */
export interface FiringOptions<A, S> extends InstanceOptions, EndingOptions<A, S> {
  readonly instances?: number | Observable<unknown>;
  readonly overflow?: OverflowPolicy;
  readonly backlog?: BacklogOptions<Shot<A>>;
  readonly meter?: FiringMeter;
  readonly eventLoop?: EventLoop;
}

/**
 * The firing loop: `idle` between two calls, `running`, `again` when it was called while it runs, or `yielded` to the
 * event loop until the next turn.
 */
type Loop = 'idle' | 'running' | 'again' | 'yielded';

/**
 * The inside of {@link shoot}: holds the next shot until its moment, and passes it to the instance that has been free
 * the longest. Its {@link Ending} ends it.
 *
 * Only one shot at a time is held ahead of its moment. The moments are the same as if every free instance held its
 * own shot, with one timer instead of one per instance.
 */
export class Firing<A, S> implements InstanceOwner<A, S> {
  readonly ending: Ending<A, S>;
  readonly #instances: InstancePool<A, S>;
  readonly #meter: FiringMeter;
  readonly #overflow: OverflowRule<A, S>;
  readonly #run = (): void => this.#runLoop();
  readonly #resume = (): void => {
    if (this.#loop === 'yielded') this.#loop = 'idle';
    this.#runLoop();
  };
  #loop: Loop = 'idle';

  constructor(
    gunFactory: Pick<GunFactory<A, S>, 'create'>,
    destination: Subscriber<S>,
    private readonly options: FiringOptions<A, S>,
    private readonly scheduler: SchedulerLike,
  ) {
    const { meter = new FiringMeter(), overflow = { policy: 'queue' }, eventLoop = NEVER_BLOCKED } = options;
    this.#meter = meter;
    this.#instances = new InstancePool(gunFactory, this, destination, options, meter, eventLoop);
    this.#overflow = new OverflowRule(overflow, this.#instances, meter);
    this.ending = new Ending(destination, this.#instances, meter, options, scheduler);
  }

  /** Opens the source and starts the instances. */
  start(shots: Observable<Shot<A>>): void {
    const { ending } = this;
    this.#open(shots);
    if (!ending.fires) return;
    const { instances = 1 } = this.options;
    ending.startup.add(
      (typeof instances === 'number' ? range(0, instances) : instances).subscribe({
        next: (start) => this.#addInstance(start),
        error: (error: unknown) => ending.fail(error),
        complete: () => {
          ending.started();
          this.#runLoop();
        },
      }),
    );
  }

  /**
   * A source that fails while it is being opened may have emitted shots before: they are recorded when it is open.
   */
  #open(shots: Observable<Shot<A>>): void {
    const { ending } = this;
    let opened = false;
    let failure: { readonly error: unknown } | undefined;
    const onDiscard = (shot: Shot<A>): void => this.#dropped(shot);
    const onError = (error: unknown): void => {
      if (opened) ending.fail(error);
      else failure = { error };
    };
    ending.queue = new ShotQueue(
      openCursor(shots, this.scheduler, { ...this.options.backlog, onDiscard, onError }, 'shots'),
    );
    opened = true;
    if (ending.phase === 'closed') ending.failures.attempt(() => ending.queue.close());
    else if (failure !== undefined) ending.fail(failure.error);
  }

  /** An instance that a tick starts is free from the moment of the tick, even when the tick is late. */
  #addInstance(start: unknown): void {
    if (this.ending.phase !== 'starting') return;
    const now = this.scheduler.now();
    try {
      this.#instances.add(isTick(start) ? Math.min(start.at, now) : now);
    } catch (error) {
      this.ending.fail(error);
    }
    this.#runLoop();
  }

  /**
   * Shots that end in one turn of the event loop free many instances; their next shots are fired together at the end of
   * the turn. When shots are sent one by one, the process of the target sleeps in between, and waking it up takes the
   * sender longer than sending.
   */
  #runAtEndOfTurn(): void {
    if (this.#loop === 'yielded') return;
    this.#loop = 'yielded';
    this.#wait(0);
  }

  #wait(ms: number): void {
    this.ending.timer.unsubscribe();
    this.ending.timer = this.scheduler.schedule(this.#resume, ms);
  }

  get #runs(): boolean {
    return this.#loop === 'running' || this.#loop === 'again';
  }

  get #runsAgain(): boolean {
    return this.#loop === 'again';
  }

  /** Fires the shots that are due, then waits for a moment, a shot or a free instance, whichever is first. */
  #runLoop(): void {
    if (this.#runs) {
      this.#loop = 'again';
      return;
    }
    if (this.#loop === 'idle') {
      try {
        do {
          this.#loop = 'running';
          this.#fireDue();
        } while (this.#runsAgain);
      } catch (error) {
        this.ending.fail(error);
      }
      if (this.#runs) this.#loop = 'idle';
    }
    const useless = this.ending.phase === 'firing' && this.#instances.size === 0 && !this.#overflow.mayGrow;
    if (useless) this.ending.noMoreShots('finishing');
    this.ending.finishIfDone();
  }

  #fireDue(): void {
    const { queue } = this.ending;
    for (let fired = 0; this.#wantsShot; fired++) {
      const shot = queue.peek(this.#run);
      if (shot === undefined) {
        if (queue.exhausted) this.ending.noMoreShots('finishing');
        return;
      }
      const now = this.scheduler.now();
      const due = this.#instances.free > 0 ? shot.at : this.#overflow.actsAt(shot);
      if (due > now || fired === SHOTS_PER_TURN) {
        if (due <= now) this.#loop = 'yielded';
        this.#wait(Math.max(0, due - now));
        return;
      }
      if (this.#instances.free === 0) this.#overflow.act(shot, now);
      queue.take();
      this.#fire(shot, now);
    }
  }

  get #wantsShot(): boolean {
    if (!this.ending.fires) return false;
    return this.#instances.free > 0 || this.#overflow.watches(this.ending.queue, this.ending.phase === 'firing');
  }

  #fire(shot: Shot<A>, now: EpochMs): void {
    if (now - shot.at >= this.#overflow.discardAfterMs) {
      this.ending.recordDiscarded(shot, now);
      this.ending.queue.release(shot);
      return;
    }
    const instance = this.#instances.take(shot, now);
    this.#meter.requests++;
    this.ending.watch?.arm();
    instance.fire(shot);
  }

  /** The backlog was full for a pushed shot. */
  #dropped(shot: Shot<A>): void {
    this.ending.failures.attempt(() => this.options.backlog?.onDiscard?.(shot));
    this.ending.recordDiscarded(shot, this.scheduler.now());
  }

  ended(instance: Instance<A, S>, shot: Shot<A>): void {
    const { queue } = this.ending;
    this.#meter.responses++;
    if (instance.samples === 0) this.#meter.emptyShots++;
    // Another instance is already free and waits for the next moment.
    const awaited = queue.held && this.#instances.free > 0;
    this.#instances.release(instance, shot, this.scheduler.now());
    try {
      queue.release(shot);
    } catch (error) {
      this.ending.fail(error);
    }
    if (this.#runs) this.#loop = 'again';
    else if (!this.ending.fires) this.ending.finishIfDone();
    else if (!awaited) this.#runAtEndOfTurn();
  }

  failed(error: unknown, instance: Instance<A, S>, shot: Shot<A> | undefined): void {
    const { failures, queue } = this.ending;
    failures.add(error);
    if (shot !== undefined) {
      this.#meter.responses++;
      const now = this.scheduler.now();
      this.#instances.release(instance, shot, now);
      if (instance.samples === 0) this.ending.recordUnfinished(shot, now);
      else failures.attempt(() => queue.release(shot));
    }
    this.ending.failIfFailed();
  }
}
