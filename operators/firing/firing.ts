import { type Observable, range, type SchedulerLike, type Subscriber, Subscription } from 'rxjs';
import { type Cursor, DONE } from '../../lib/core/cursor.js';
import type { GunFactory } from '../../lib/core/gun.js';
import type { Shot } from '../../lib/core/shot.js';
import type { EpochMs, Millis } from '../../lib/core/units.js';
import { openCursor } from '../../lib/pull/openCursor.js';
import type { ShootOptions } from '../shots/shoot.js';
import { Ending, SHOTS_PER_TURN } from './ending.js';
import { type Instance, type InstanceOwner, InstancePool } from './instances.js';
import { FiringMeter } from './meter.js';
import { OverflowRule } from './overflow.js';
import { StallWatch } from './stallWatch.js';
import { ShotQueue } from './supply.js';

/** The source before it is opened. */
const NO_SHOTS: Cursor<never> = { poll: () => DONE, whenReady: () => undefined, close: () => undefined };

/**
 * The life of a {@link shoot}, always from left to right:
 *
 * - `starting`: instances are being started, and shots are fired;
 * - `firing`: all instances have started;
 * - `draining`: no further shot is fired, and those that are overdue are being recorded, some per turn;
 * - `finishing`: no further shot comes, and those under way end;
 * - `failing`: something has failed. Shots under way were aborted and recorded, those that are overdue are being recorded;
 * - `closed`: everything has been closed.
 */
type Phase = 'starting' | 'firing' | 'draining' | 'finishing' | 'failing' | 'closed';

/**
 * The firing loop: `idle` between two calls, `running`, asked to run `again` while it runs, or `yielded` to the event loop until
 * the next turn.
 */
type Loop = 'idle' | 'running' | 'again' | 'yielded';

/**
 * What runs inside {@link shoot}: holds the next shot until its moment, gives it to the instance that has been free the longest,
 * and leads every end through one path.
 *
 * Only one shot at a time is held ahead of its moment. That fires at the same moments as if every free instance held a shot
 * of its own, with one timer instead of one per instance.
 */
export class Firing<A, S> implements InstanceOwner<A, S> {
  readonly #instances: InstancePool<A, S>;
  readonly #meter: FiringMeter;
  readonly #overflow: OverflowRule<A, S>;
  readonly #ending: Ending<A, S>;
  readonly #watch: StallWatch<A, S> | undefined;
  readonly #startup = new Subscription();
  readonly #run = (): void => this.#runLoop();
  readonly #resume = (): void => {
    if (this.#loop === 'yielded') this.#loop = 'idle';
    this.#runLoop();
  };
  #queue = new ShotQueue<A>(NO_SHOTS);
  #phase: Phase = 'starting';
  #loop: Loop = 'idle';
  /** Wakes the loop at the moment of the held shot or at the next turn, or the recording of overdue shots at the next turn. */
  #timer = Subscription.EMPTY;
  /** Ends the time that a drain gives to shots under way. */
  #limit = Subscription.EMPTY;

  constructor(
    gunFactory: Pick<GunFactory<A, S>, 'create'>,
    destination: Subscriber<S>,
    private readonly options: ShootOptions<A, S>,
    private readonly scheduler: SchedulerLike,
  ) {
    const { meter = new FiringMeter(), overflow = { policy: 'queue' }, log } = options;
    this.#meter = meter;
    this.#instances = new InstancePool(gunFactory, this, destination, options, meter);
    this.#overflow = new OverflowRule(overflow, this.#instances, meter);
    this.#ending = new Ending(destination, this.#instances, meter, options);
    if (log !== undefined) this.#watch = new StallWatch(this.#instances, scheduler, log, () => !this.#fires);
  }

  /** Opens the source and starts the instances. */
  start(shots: Observable<Shot<A>>): void {
    this.#open(shots);
    if (!this.#fires) return;
    const { instances = 1 } = this.options;
    this.#startup.add(
      (typeof instances === 'number' ? range(0, instances) : instances).subscribe({
        next: () => this.#addInstance(),
        error: (error: unknown) => this.fail(error),
        complete: () => {
          if (this.#phase === 'starting') this.#phase = 'firing';
          this.#runLoop();
        },
      }),
    );
  }

  #open(shots: Observable<Shot<A>>): void {
    const { backlog } = this.options;
    let opened = false;
    let failure: { readonly error: unknown } | undefined;
    const onDiscard = (shot: Shot<A>): void => this.#dropped(shot);
    const onError = (error: unknown): void => {
      if (opened) this.fail(error);
      else failure = { error };
    };
    this.#queue = new ShotQueue(openCursor(shots, this.scheduler, { ...backlog, onDiscard, onError }));
    opened = true;
    if (this.#phase === 'closed') this.#ending.failures.attempt(() => this.#queue.close());
    else if (failure !== undefined) this.fail(failure.error);
  }

  #addInstance(): void {
    if (this.#phase !== 'starting') return;
    try {
      this.#instances.add(this.scheduler.now());
    } catch (error) {
      this.fail(error);
    }
    this.#runLoop();
  }

  /** True while shots are fired. */
  get #fires(): boolean {
    return this.#phase === 'firing' || this.#phase === 'starting';
  }

  /**
   * Shots that end in one turn of the event loop free many instances; their next shots are fired together at its end. When a
   * target gets them one by one it sleeps in between, and waking it costs the sender more than sending.
   */
  #runAtEndOfTurn(): void {
    if (this.#loop === 'yielded') return;
    this.#loop = 'yielded';
    this.#timer.unsubscribe();
    this.#timer = this.scheduler.schedule(this.#resume);
  }

  /** Fires what is due, then waits for whatever comes first: a moment, a shot, or a free instance. */
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
        this.fail(error);
      }
      if (this.#runs) this.#loop = 'idle';
    }
    this.#finishIfDone();
  }

  get #runs(): boolean {
    return this.#loop === 'running' || this.#loop === 'again';
  }

  get #runsAgain(): boolean {
    return this.#loop === 'again';
  }

  #fireDue(): void {
    for (let fired = 0; this.#wantsShot; fired++) {
      const shot = this.#queue.peek(this.#run);
      if (shot === undefined) {
        if (this.#queue.exhausted) this.#noMoreShots('finishing');
        return;
      }
      const now = this.scheduler.now();
      const due = this.#instances.free > 0 ? shot.at : this.#overflow.actsAt(shot);
      if (due > now || fired === SHOTS_PER_TURN) {
        if (due <= now) this.#loop = 'yielded';
        this.#timer.unsubscribe();
        this.#timer = this.scheduler.schedule(this.#resume, Math.max(0, due - now));
        return;
      }
      if (this.#instances.free === 0) this.#overflow.act(shot, now);
      this.#queue.take();
      this.#fire(shot, now);
    }
  }

  get #wantsShot(): boolean {
    if (!this.#fires) return false;
    return this.#instances.free > 0 || this.#overflow.watches(this.#queue, this.#phase === 'firing');
  }

  #fire(shot: Shot<A>, now: EpochMs): void {
    if (now - shot.at >= this.#overflow.discardAfterMs) {
      this.#ending.recordDiscarded(shot, now);
      this.#queue.release(shot);
      this.#failIfFailed();
      return;
    }
    const instance = this.#instances.take();
    shot.instance = instance.id;
    shot.slotWait = Math.max(0, instance.freeSince - shot.at);
    shot.started = now;
    this.#meter.requests++;
    this.#watch?.arm();
    instance.fire(shot);
  }

  /** A pushed shot found no place in the backlog. */
  #dropped(shot: Shot<A>): void {
    this.#ending.recordDiscarded(shot, this.scheduler.now());
    this.#ending.failures.attempt(() => this.options.backlog?.onDiscard?.(shot));
    this.#failIfFailed();
  }

  ended(instance: Instance<A, S>, shot: Shot<A>): void {
    this.#meter.responses++;
    if (instance.samples === 0) this.#meter.withoutSample++;
    // Another instance is free already and waits for the next moment.
    const awaited = this.#queue.held && this.#instances.free > 0;
    this.#instances.release(instance, this.scheduler.now());
    try {
      this.#queue.release(shot);
    } catch (error) {
      this.fail(error);
    }
    if (this.#runs) this.#loop = 'again';
    else if (!this.#fires) this.#finishIfDone();
    else if (!awaited) this.#runAtEndOfTurn();
  }

  failed(error: unknown, instance: Instance<A, S>, shot: Shot<A> | undefined): void {
    if (shot !== undefined) {
      this.#meter.responses++;
      this.#instances.release(instance, this.scheduler.now());
      this.#ending.failures.add(error);
      this.#ending.failures.attempt(() => this.#queue.release(shot));
    }
    this.fail(error);
  }

  /** Ends with an error: shots under way are aborted and recorded, overdue ones are recorded, and everything is closed. */
  fail(error: unknown): void {
    this.#ending.failures.add(error);
    this.#failIfFailed();
  }

  #failIfFailed(): void {
    const { failures, abandoning } = this.#ending;
    if (!failures.any || abandoning || this.#phase === 'failing' || this.#phase === 'closed') return;
    const now = this.scheduler.now();
    this.#noMoreShots('failing');
    this.#ending.abandon(this.#queue, now);
    this.#recordOverdue(now);
  }

  #noMoreShots(phase: 'finishing' | 'draining' | 'failing'): void {
    const fired = this.#fires;
    this.#phase = phase;
    this.#ending.failures.attempt(() => this.#timer.unsubscribe());
    if (!fired) return;
    this.#ending.failures.attempt(() => this.#startup.unsubscribe());
    this.#ending.failures.attempt(() => this.options.onExhausted?.());
    this.#failIfFailed();
  }

  /** No new shot starts, overdue ones are recorded as unfinished, and those under way get `limitMs` more. */
  drain(limitMs: Millis): void {
    if (this.#phase === 'failing' || this.#phase === 'closed') return;
    this.#limit.unsubscribe();
    this.#limit = this.scheduler.schedule(() => this.#giveUp(limitMs), limitMs);
    if (!this.#fires) return;
    this.#noMoreShots('draining');
    if (this.#phase === 'draining') this.#recordOverdue(this.scheduler.now());
  }

  #recordOverdue(now: EpochMs): void {
    if (this.#ending.recordOverdue(this.#queue, now, this.#run)) {
      this.#timer = this.scheduler.schedule(() => this.#recordOverdue(now));
      return;
    }
    if (this.#phase === 'draining') this.#phase = 'finishing';
    if (this.#phase === 'failing') this.#end();
    else {
      this.#failIfFailed();
      this.#finishIfDone();
    }
  }

  /** The time for shots under way is up. */
  #giveUp(limitMs: Millis): void {
    if (limitMs > 0) this.#watch?.warnOfLimit(limitMs);
    this.#ending.abandon(this.#queue, this.scheduler.now());
    this.#failIfFailed();
    this.#finishIfDone();
  }

  #finishIfDone(): void {
    if (this.#instances.busy > 0 || this.#runs) return;
    const useless = this.#phase === 'firing' && this.#instances.size === 0 && !this.#overflow.mayGrow;
    if (this.#phase === 'finishing' || useless) this.#end();
  }

  #end(): void {
    this.#close();
    this.#ending.settle();
  }

  #close(): void {
    const { failures } = this.#ending;
    if (this.#fires) failures.attempt(() => this.options.onExhausted?.());
    this.#phase = 'closed';
    this.#ending.abandon(this.#queue, this.scheduler.now());
    for (const timer of [this.#startup, this.#timer, this.#limit]) failures.attempt(() => timer.unsubscribe());
    failures.attempt(() => this.#watch?.close());
    this.#ending.close(this.#queue);
  }

  /**
   * The consumer has unsubscribed: shots under way are aborted and counted as unfinished, and everything is closed. What fails
   * is logged, or thrown as RxJS does where there is no log.
   */
  unsubscribed(): void {
    if (this.#phase === 'closed') return;
    this.#close();
    const { failures } = this.#ending;
    if (!failures.any) return;
    const { log } = this.options;
    if (log === undefined) throw failures.error;
    log.error(`after the end of a shoot: ${String(failures.error)}`);
  }
}
