import { type SchedulerAction, type SchedulerLike, Subscription } from 'rxjs';
import type { EpochMs, Millis } from '../core/units.js';

/**
 * An action that waits for its virtual moment. Actions of the same moment run in the order in which they were
 * scheduled.
 */
class VirtualAction<T> extends Subscription implements SchedulerAction<T> {
  due = 0;
  order = 0;
  state: T | undefined;

  constructor(
    private readonly clock: VirtualClock,
    readonly work: (this: SchedulerAction<T>, state?: T) => void,
  ) {
    super();
  }

  schedule(state?: T, delay = 0): Subscription {
    if (this.closed) return this;
    this.state = state;
    this.clock.enqueue(this, delay);
    return this;
  }

  run(): void {
    if (!this.closed) this.work.call(this, this.state as T);
  }

  before(other: VirtualAction<unknown>): boolean {
    return this.due < other.due || (this.due === other.due && this.order < other.order);
  }
}

/**
 * A virtual clock for long rehearsals and engine tests: a `SchedulerLike` over a binary heap, so scheduling takes
 * O(log n), while the `VirtualTimeScheduler` of RxJS sorts all actions each time. Time advances only in
 * {@link VirtualClock.run}.
 *
 * @example
 * const clock = new VirtualClock();
 * timer(3_600_000, clock).subscribe(() => console.log(clock.now())); // 3600000
 * clock.run();
 */
export class VirtualClock implements SchedulerLike {
  readonly #heap: VirtualAction<unknown>[] = [];
  #now: EpochMs;
  #order = 0;

  constructor(startAt: EpochMs = 0) {
    this.#now = startAt;
  }

  now(): EpochMs {
    return this.#now;
  }

  schedule<T>(work: (this: SchedulerAction<T>, state?: T) => void, delay = 0, state?: T): Subscription {
    return new VirtualAction<T>(this, work).schedule(state, delay);
  }

  /** Runs the scheduled actions in the order of time, up to `until`; by default until none is left. */
  run(until: EpochMs = Number.POSITIVE_INFINITY): void {
    for (let next = this.#heap[0]; next !== undefined && next.due <= until; next = this.#heap[0]) {
      this.#pop();
      if (next.closed) continue;
      this.#now = Math.max(this.#now, next.due);
      next.run();
    }
    if (Number.isFinite(until)) this.#now = Math.max(this.#now, until);
  }

  /**
   * Runs at most `most` actions, each only while `shouldContinue` returns true.
   *
   * @returns The number of actions that ran.
   */
  runSome(most: number, shouldContinue: () => boolean = () => true): number {
    let ran = 0;
    for (let next = this.#heap[0]; next !== undefined && ran < most && shouldContinue(); next = this.#heap[0]) {
      this.#pop();
      if (next.closed) continue;
      if (next.due > this.#now) this.#now = next.due;
      next.run();
      ran++;
    }
    return ran;
  }

  /** Runs the next `ms` milliseconds. */
  advance(ms: Millis): void {
    this.run(this.#now + ms);
  }

  /** Internal: called by actions. */
  enqueue<T>(action: VirtualAction<T>, delay: Millis): void {
    action.due = this.#now + Math.max(0, delay);
    action.order = this.#order++;
    const heap = this.#heap;
    const entry = action as VirtualAction<unknown>;
    let child = heap.push(entry) - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (!entry.before(heap[parent] as VirtualAction<unknown>)) break;
      heap[child] = heap[parent] as VirtualAction<unknown>;
      child = parent;
    }
    heap[child] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop() as VirtualAction<unknown>;
    const size = heap.length;
    if (size === 0) return;
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= size) break;
      const right = heap[child + 1];
      if (right?.before(heap[child] as VirtualAction<unknown>)) child++;
      const candidate = heap[child] as VirtualAction<unknown>;
      if (!candidate.before(last)) break;
      heap[hole] = candidate;
      hole = child;
    }
    heap[hole] = last;
  }
}
