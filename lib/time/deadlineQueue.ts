import type { SchedulerLike, Subscription } from 'rxjs';
import type { EpochMs, Millis } from '../core/units.js';

/** A member of a {@link DeadlineQueue}, which links it to its neighbours. */
export interface Deadline {
  deadline: EpochMs;
  earlier: Deadline | undefined;
  later: Deadline | undefined;
  /** The deadline was reached. The member is no longer in the queue. */
  expired(): void;
}

/**
 * Deadlines with the same time from start to end. They are added in the order in which they are due, so a linked list
 * has that order, and one timer serves all. Adding and removing take a few assignments, for any length of the queue.
 */
export class DeadlineQueue {
  #first: Deadline | undefined;
  #last: Deadline | undefined;
  #timer: Subscription | undefined;

  /** @param limit From the start of a member to its deadline. */
  constructor(
    readonly scheduler: SchedulerLike,
    readonly limit: Millis,
  ) {}

  /** @param start Begin of its time: not before that of the previous member. */
  add(member: Deadline, start: EpochMs): void {
    member.deadline = start + this.limit;
    member.earlier = this.#last;
    member.later = undefined;
    if (this.#last === undefined) this.#first = member;
    else this.#last.later = member;
    this.#last = member;
    if (this.#timer === undefined) this.#schedule(member);
  }

  /** Removes a member; nothing happens when it is not in the queue. */
  remove(member: Deadline): void {
    const { earlier, later } = member;
    if (earlier === undefined && this.#first !== member) return;
    if (earlier === undefined) this.#first = later;
    else earlier.later = later;
    if (later === undefined) this.#last = earlier;
    else later.earlier = earlier;
    member.earlier = member.later = undefined;
  }

  /** Removes a member that will not come back. An empty queue then has no timer, so that it keeps no process running. */
  forget(member: Deadline): void {
    this.remove(member);
    if (this.#first === undefined) this.close();
  }

  /** Cancels the timer. No deadline is reached after it. */
  close(): void {
    this.#timer?.unsubscribe();
    this.#timer = undefined;
    this.#first = this.#last = undefined;
  }

  #schedule({ deadline }: Deadline): void {
    this.#timer = this.scheduler.schedule(() => this.#fired(), Math.max(0, deadline - this.scheduler.now()));
  }

  #fired(): void {
    this.#timer = undefined;
    const now = this.scheduler.now();
    // A timer may fire a fraction of a millisecond early; no further timer is set for that.
    for (let first = this.#first; first !== undefined && first.deadline - now < 1; first = this.#first) {
      this.remove(first);
      first.expired();
    }
    if (this.#timer === undefined && this.#first !== undefined) this.#schedule(this.#first);
  }
}
