import type { Subscriber } from 'rxjs';
import type { Shot } from '../../lib/core/shot.js';
import type { EpochMs } from '../../lib/core/units.js';
import { Failures } from '../../lib/coreutil/failures.js';
import type { ShootOptions } from '../shots/shoot.js';
import type { InstancePool } from './instances.js';
import type { FiringMeter } from './meter.js';
import type { ShotQueue } from './supply.js';

/** How many shots may start, or be recorded, in one turn of the event loop, so that the rest of the process keeps running. */
export const SHOTS_PER_TURN = 512;

/**
 * The end of a {@link shoot}: records the shots that no gun finishes, so that nothing that was due is missing from the numbers,
 * closes what is open, and keeps what fails on the way. An exception of a function that makes samples is kept too; that
 * function is then not called again, and further shots of its kind are only counted.
 */
export class Ending<A, S> {
  readonly failures = new Failures('ELPIS_SHOT');
  /** True while shots under way are being aborted: what fails then must not end the recording. */
  abandoning = false;
  #discarded: ShootOptions<A, S>['discarded'];
  #unfinished: ShootOptions<A, S>['unfinished'];

  constructor(
    private readonly destination: Subscriber<S>,
    private readonly instances: InstancePool<A, S>,
    private readonly meter: FiringMeter,
    { discarded, unfinished }: ShootOptions<A, S>,
  ) {
    this.#discarded = discarded;
    this.#unfinished = unfinished;
  }

  /** A shot that is not shot because it is overdue, or because no instance and no place in the backlog was free. */
  recordDiscarded(shot: Shot<A>, now: EpochMs): void {
    this.meter.discarded++;
    if (!this.#emit(this.#discarded, shot, now)) this.#discarded = undefined;
  }

  /** A shot that was due or under way when the run ended. */
  recordUnfinished(shot: Shot<A>, now: EpochMs): void {
    this.meter.unfinished++;
    if (!this.#emit(this.#unfinished, shot, now)) this.#unfinished = undefined;
  }

  /** Returns false when the function threw. */
  #emit(make: ((shot: Shot<A>, now: EpochMs) => S) | undefined, shot: Shot<A>, now: EpochMs): boolean {
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

  /** Aborts the shots under way and records them as unfinished. */
  abandon(queue: ShotQueue<A>, now: EpochMs): void {
    this.abandoning = true;
    for (const instance of this.instances.all) {
      const shot = instance.abort();
      if (shot === undefined) continue;
      this.instances.release(instance, now);
      this.meter.responses++;
      this.recordUnfinished(shot, now);
      this.failures.attempt(() => queue.release(shot));
    }
    this.abandoning = false;
  }

  /**
   * Records shots of the queue that were due before `now` as unfinished, as many as fit in one turn, and puts back the first
   * that was not due.
   *
   * @returns true when there may be more of them.
   */
  recordOverdue(queue: ShotQueue<A>, now: EpochMs, wake: () => void): boolean {
    try {
      for (let recorded = 0; recorded < SHOTS_PER_TURN; recorded++) {
        const shot = queue.peek(wake);
        if (shot === undefined) return false;
        if (shot.at >= now) {
          queue.putBack();
          return false;
        }
        queue.take();
        this.recordUnfinished(shot, now);
        queue.release(shot);
        if (this.destination.closed) return false;
      }
      return true;
    } catch (error) {
      this.failures.add(error);
      return false;
    }
  }

  /** Closes the guns and the source, each under its own guard. */
  close(queue: ShotQueue<A>): void {
    this.instances.close(this.failures);
    this.failures.attempt(() => queue.close());
  }

  /** Emits the end: the error when something has failed, else the completion. */
  settle(): void {
    if (this.failures.any) this.destination.error(this.failures.error);
    else this.destination.complete();
  }
}
