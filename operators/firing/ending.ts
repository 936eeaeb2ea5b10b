import { type SchedulerLike, type Subscriber, Subscription } from 'rxjs';
import type { Log } from '../../lib/core/deps.js';
import type { Shot } from '../../lib/core/shot.js';
import type { EpochMs, Millis } from '../../lib/core/units.js';
import { Failures } from './failures.js';
import type { InstancePool } from './instancePool.js';
import type { FiringMeter } from './meter.js';
import { StallWatch } from './stallWatch.js';
import { NO_SHOTS, ShotQueue } from './supply.js';

/**
 * The largest number of shots that start or are recorded in one turn of the event loop, so that other work of the
 * process can run.
 */
export const SHOTS_PER_TURN = 512;

/**
 * The phases of a {@link shoot}, always in this order:
 *
 * - `starting`: instances are being started, and shots are fired;
 * - `firing`: all instances have started;
 * - `draining`: no further shot is fired, and overdue ones are being recorded, a limited number per turn;
 * - `finishing`: there are no further shots, and those under way end;
 * - `failing`: after a failure. Shots under way were aborted and recorded; overdue ones are being recorded;
 * - `closed`: all parts are closed.
 */
export type Phase = 'starting' | 'firing' | 'draining' | 'finishing' | 'failing' | 'closed';

/** Makes the sample of a shot that no gun finished. */
type MakeSample<A, S> = (shot: Shot<A>, now: EpochMs) => S;

/** The options of a {@link shoot} that its end needs. */
export interface EndingOptions<A, S> {
  readonly discarded?: MakeSample<A, S>;
  readonly unfinished?: MakeSample<A, S>;
  readonly onExhausted?: () => void;
  readonly log?: Log;
}

/**
 * Ends a {@link shoot}, always in the same way: records the shots that no gun finishes, so that the numbers contain
 * all shots that were due; closes all open parts, each under its own guard; then completes or errors.
 *
 * An exception of a function that makes samples fails the run. That function is not called again; further shots of
 * that kind are only counted.
 */
export class Ending<A, S> {
  readonly failures = new Failures('ELPIS_SHOT');
  /** Starts the instances. */
  readonly startup = new Subscription();
  /** Wakes the firing loop, or the recording of overdue shots in the next turn. */
  timer = Subscription.EMPTY;
  queue = new ShotQueue<A>(NO_SHOTS);
  readonly watch: StallWatch<A, S> | undefined;
  #phase: Phase = 'starting';
  #limit = Subscription.EMPTY;
  /** True while shots under way are being aborted. A failure then must not end the recording. */
  #abandoning = false;
  #putBack = false;
  #discarded: MakeSample<A, S> | undefined;
  #unfinished: MakeSample<A, S> | undefined;

  constructor(
    private readonly destination: Subscriber<S>,
    private readonly instances: InstancePool<A, S>,
    private readonly meter: FiringMeter,
    private readonly options: EndingOptions<A, S>,
    private readonly scheduler: SchedulerLike,
  ) {
    this.#discarded = options.discarded;
    this.#unfinished = options.unfinished;
    if (options.log !== undefined) this.watch = new StallWatch(instances, scheduler, options.log, () => !this.fires);
  }

  get phase(): Phase {
    return this.#phase;
  }

  /** True while shots are fired. */
  get fires(): boolean {
    return this.#phase === 'firing' || this.#phase === 'starting';
  }

  /** All instances have been started. */
  started(): void {
    if (this.#phase === 'starting') this.#phase = 'firing';
  }

  /**
   * Records a shot that is not fired because it is overdue, or because no instance was free and the backlog was full.
   */
  recordDiscarded(shot: Shot<A>, now: EpochMs): void {
    this.meter.discarded++;
    shot.slotWait = this.instances.slotWaitOf(shot, now);
    if (!this.#emit(this.#discarded, shot, now)) this.#discarded = undefined;
    this.failIfFailed();
  }

  /** Records a shot that was due or under way when the run ended. */
  recordUnfinished(shot: Shot<A>, now: EpochMs): void {
    this.meter.unfinished++;
    if (shot.instance < 0) {
      this.meter.overdue++;
      shot.slotWait = this.instances.slotWaitOf(shot, now);
    }
    if (!this.#emit(this.#unfinished, shot, now)) this.#unfinished = undefined;
    this.failures.attempt(() => this.queue.release(shot));
  }

  /** Returns false when the function threw. */
  #emit(make: MakeSample<A, S> | undefined, shot: Shot<A>, now: EpochMs): boolean {
    if (make === undefined || this.destination.closed) return true;
    let sample: S;
    try {
      sample = make(shot, now);
    } catch (error) {
      this.failures.add(error);
      return false;
    }
    this.destination.next(sample);
    return true;
  }

  /** Ends with an error: shots under way are aborted and recorded, overdue ones are recorded, and everything is closed. */
  fail(error: unknown): void {
    this.failures.add(error);
    this.failIfFailed();
  }

  /** Ends with an error when there are failures. */
  failIfFailed(): void {
    if (!this.failures.any || this.#abandoning || this.#phase === 'failing' || this.#phase === 'closed') return;
    const now = this.scheduler.now();
    this.noMoreShots('failing');
    this.#abandon(now);
    this.#recordOverdue(now);
  }

  /** Stops firing. */
  noMoreShots(phase: 'finishing' | 'draining' | 'failing'): void {
    const { fires } = this;
    this.#phase = phase;
    this.failures.attempt(() => this.timer.unsubscribe());
    if (phase !== 'finishing') this.meter.stoppedAt = Math.min(this.meter.stoppedAt, this.scheduler.now());
    if (!fires) return;
    this.failures.attempt(() => this.startup.unsubscribe());
    this.failures.attempt(() => this.options.onExhausted?.());
    this.failIfFailed();
  }

  /** No new shot starts, overdue ones are recorded as unfinished, and shots under way may take `limitMs` more. */
  drain(limitMs: Millis): void {
    if (this.#phase === 'failing' || this.#phase === 'closed') return;
    this.#limit.unsubscribe();
    this.#limit = this.scheduler.schedule(() => this.#giveUp(limitMs), limitMs);
    if (!this.fires) return;
    this.noMoreShots('draining');
    if (this.#phase === 'draining') this.#recordOverdue(this.scheduler.now());
  }

  /** The time limit of shots under way was reached. */
  #giveUp(limitMs: Millis): void {
    if (limitMs > 0) this.watch?.warnOfLimit(limitMs);
    this.#abandon(this.scheduler.now());
    this.failIfFailed();
    this.finishIfDone();
  }

  #abandon(now: EpochMs): void {
    this.#abandoning = true;
    for (const instance of this.instances.all) {
      const shot = instance.abort();
      if (shot === undefined) continue;
      this.instances.release(instance, shot, now);
      this.meter.responses++;
      this.recordUnfinished(shot, now);
    }
    this.#abandoning = false;
  }

  #recordOverdue(now: EpochMs): void {
    if (this.#recordSome(now)) {
      this.timer = this.scheduler.schedule(() => this.#recordOverdue(now));
      return;
    }
    if (this.#phase === 'failing') {
      this.#end();
      return;
    }
    if (this.#phase === 'draining') this.#phase = 'finishing';
    this.failIfFailed();
    this.finishIfDone();
  }

  /** Records the shots of one turn, and puts back the first that was not due. Returns true when there may be more. */
  #recordSome(now: EpochMs): boolean {
    const { queue, destination } = this;
    try {
      for (let recorded = 0; recorded < SHOTS_PER_TURN; recorded++) {
        const shot = destination.closed ? undefined : queue.peek(() => undefined);
        if (shot === undefined) return false;
        if (shot.at >= Math.min(now, this.meter.stoppedAt)) {
          // A run that fails after a drain draws the same shot again.
          if (!this.#putBack) this.meter.notDue++;
          this.#putBack = true;
          queue.putBack();
          return false;
        }
        queue.take();
        this.recordUnfinished(shot, now);
      }
      return true;
    } catch (error) {
      this.failures.add(error);
      return false;
    }
  }

  /** Ends when there are no further shots and none is under way. */
  finishIfDone(): void {
    if (this.#phase === 'finishing' && this.instances.busy === 0) this.#end();
  }

  #end(): void {
    this.#close();
    if (this.failures.any) this.destination.error(this.failures.error);
    else this.destination.complete();
  }

  #close(): void {
    const { failures, fires } = this;
    this.#phase = 'closed';
    if (fires) failures.attempt(() => this.options.onExhausted?.());
    this.#abandon(this.scheduler.now());
    for (const timer of [this.startup, this.timer, this.#limit]) failures.attempt(() => timer.unsubscribe());
    this.watch?.close();
    this.instances.close(failures);
    failures.attempt(() => this.queue.close());
  }

  /**
   * The consumer has unsubscribed: shots under way are aborted and counted as unfinished, and everything is closed. Failures are
   * logged; without a log they are thrown, as RxJS does.
   */
  unsubscribed(): void {
    if (this.#phase === 'closed') return;
    this.meter.stoppedAt = Number.NEGATIVE_INFINITY;
    this.#close();
    if (!this.failures.any) return;
    const { log } = this.options;
    if (log === undefined) throw this.failures.error;
    log.error(`after the end of a shoot: ${String(this.failures.error)}`);
  }
}
