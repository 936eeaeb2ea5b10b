import type { EpochMs, Millis } from '../core/units.js';
import type { Histogram } from '../measure/histogram.js';
import { plannedCounts } from '../measure/summary.js';
import { emptyWindow, mergeWindows, type Window } from '../measure/window.js';
import { type Point, pointOf } from './point.js';

/** The bounds of a {@link Timeline}. */
export interface TimelineLimits {
  /** The largest number of slots. */
  readonly slots: number;
  /** The largest amount of numbers in all histograms; each takes 8 bytes. A single slot may have more. */
  readonly values: number;
}

const valuesIn = (...histograms: readonly Histogram[]): number =>
  histograms.reduce((sum, { buckets }) => sum + buckets.length, 0);

/** How many numbers the histograms of a window have. */
function valuesOf({ total, tags, groups, scenarios, slotWait, lateness, loop, connections }: Window): number {
  const { dns, connect, tls, wait, receive } = connections.phases;
  let values = valuesIn(total.response, total.service, slotWait, lateness, loop.delay);
  values += valuesIn(dns, connect, tls, wait, receive);
  for (const counts of [tags, groups, scenarios])
    for (const { response, service } of counts.values()) values += valuesIn(response, service);
  return values;
}

/** A span of time of a {@link Timeline}, and the window of all that ended in it. Immutable. */
export class Slot {
  readonly values: number;
  #point: Point | undefined;

  constructor(
    /** Its place: slots are `slotMs` apart, and the ones without a window are left out. */
    readonly number: number,
    readonly window: Window,
  ) {
    this.values = valuesOf(window);
  }

  /** Its figures, computed once. */
  get point(): Point {
    this.#point ??= pointOf(this.window);
    return this.#point;
  }
}

/** The length of a slot at the beginning. */
const FIRST_SLOT_MS: Millis = 1000;
/** Less than a window, more than an error of rounding. */
const MOMENT_MS: Millis = 1;

/**
 * The windows of a run of any length in bounded memory. Windows of the same second are merged. When there are too many slots, neighbours
 * are merged pairwise and all slots are twice as long, so the whole run stays at one resolution.
 *
 * ```text
 * limit 4     [1)[2)[3)[4)
 * add 5       [1  2)[3  4)[5   )
 * ```
 *
 * - The order in which windows arrive does not matter, except that the first one sets the boundaries of the slots, and their length when it
 *   is longer: the windows of another timeline give the same slots again.
 * - Every count is in exactly one slot, so merging all slots gives the window of the whole run.
 */
export class Timeline {
  #slots: Slot[] = [];
  #slotMs = FIRST_SLOT_MS;
  #origin: EpochMs | undefined;
  #values = 0;

  constructor(private readonly limits: TimelineLimits) {}

  /** In the order of time. */
  get slots(): readonly Slot[] {
    return this.#slots;
  }

  /** The length of a slot: a power of two in seconds. */
  get slotMs(): Millis {
    return this.#slotMs;
  }

  add(window: Window): void {
    if (this.#origin === undefined) {
      while (window.to - window.from > this.#slotMs + MOMENT_MS) this.#slotMs *= 2;
      // Windows are aligned, so the end of the first one is a boundary, and the middle of another is far from one.
      this.#origin = window.to - this.#slotMs;
    }
    const number = Math.floor(((window.from + window.to) / 2 - this.#origin) / this.#slotMs);
    let place = this.#slots.length;
    while (place > 0 && (this.#slots[place - 1] as Slot).number > number) place--;
    const known = this.#slots[place - 1];
    if (known?.number === number) this.#replace(place - 1, 1, new Slot(number, mergeWindows(known.window, window)));
    else this.#replace(place, 0, new Slot(number, window));
    while (this.#slots.length > 1 && this.#isFull) this.#halve();
  }

  /** The window of all slots whose middle is in a span; an empty window when there is none. */
  between(from: EpochMs, to: EpochMs): Window {
    const inside = this.#slots.filter(({ window }) => {
      const middle = (window.from + window.to) / 2;
      return from <= middle && middle < to;
    });
    return inside.length === 0 ? emptyWindow(from) : inside.map(({ window }) => window).reduce(mergeWindows);
  }

  /** The window of the last `ms` milliseconds, at least of the last slot; an empty window when there is none. */
  last(ms: Millis): Window {
    const end = this.#slots.at(-1)?.window;
    if (end === undefined) return emptyWindow(0);
    const windows = this.#slots.map(({ window }) => window).filter(({ from }) => from > end.to - ms - MOMENT_MS);
    return windows.length === 0 ? end : windows.reduce(mergeWindows);
  }

  get #isFull(): boolean {
    return this.#slots.length > this.limits.slots || this.#values > this.limits.values;
  }

  #replace(place: number, count: number, slot: Slot): void {
    for (const { values } of this.#slots.splice(place, count, slot)) this.#values -= values;
    this.#values += slot.values;
  }

  #halve(): void {
    const old = this.#slots;
    this.#slots = [];
    this.#values = 0;
    this.#slotMs *= 2;
    for (const { number, window } of old) {
      const half = Math.floor(number / 2);
      const last = this.#slots.at(-1);
      if (last?.number === half)
        this.#replace(this.#slots.length - 1, 1, new Slot(half, mergeWindows(last.window, window)));
      else this.#replace(this.#slots.length, 0, new Slot(half, window));
    }
  }
}

/** The same window without rows for tags and without metrics. Its scenarios, which the plan counts, are one row. */
export function withoutTags(window: Window): Window {
  const { tags, groups, metrics, scenarios } = emptyWindow(0);
  return {
    ...window,
    ...{ tags, groups, metrics },
    scenarios: window.scenarios.size === 0 ? scenarios : new Map([['', plannedCounts(window)]]),
  };
}
