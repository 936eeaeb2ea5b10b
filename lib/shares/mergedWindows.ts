import type { ThreadWindow } from '../engine/runEvent.js';
import { mergeWindows, type Window } from '../measure/window.js';

/** A window of several shares, and the part of each. */
export interface MergedWindow {
  /** Partial only when the window of every share is. */
  readonly window: Window;
  readonly parts: readonly ThreadWindow[];
}

/** A window of some shares that waits for the others. */
interface WaitingWindow {
  window: Window;
  readonly parts: ThreadWindow[];
}

/**
 * The largest number of windows that wait for a slow share. Beyond it the oldest is emitted, and its late part is
 * emitted alone.
 */
const MAX_WAITING = 10;

/** Windows of all shares have the same boundaries, except the first and the last. */
function ofSameTime(a: Window, b: Window): boolean {
  const holds = (outer: Window, inner: Window): boolean => {
    const middle = (inner.from + inner.to) / 2;
    return outer.from <= middle && middle < outer.to;
  };
  return a.from === b.from || holds(a, b) || holds(b, a);
}

/**
 * Merges the windows of several shares: each window is emitted when every share has sent its part or has ended, in
 * the order of time.
 *
 * ```text
 * share 0    --[1)-----[2)--|
 * share 1    -----[1)-----------[2)
 * merged     -----[1)-----------[2)
 * ```
 */
export class MergedWindows {
  /** Oldest first. */
  readonly #waiting: WaitingWindow[] = [];
  /** Shares that have ended. */
  readonly #done = new Set<number>();

  /** @param shares How many shares there are. */
  constructor(private shares: number) {}

  /** There is one more share. */
  grow(): void {
    this.shares++;
  }

  /** Returns the windows that are complete now. */
  add(share: number, window: Window): readonly MergedWindow[] {
    const part: ThreadWindow = { thread: share, ended: window.total.ended, lateness: window.lateness };
    const known = this.#waiting.find((waiting) => ofSameTime(waiting.window, window));
    if (known === undefined) {
      this.#waiting.push({ window, parts: [part] });
      this.#waiting.sort((a, b) => a.window.from - b.window.from);
    } else {
      const partial = known.window.partial && window.partial;
      known.window = { ...mergeWindows(known.window, window), partial };
      known.parts.push(part);
    }
    return this.#complete();
  }

  /** Records that the share sends no more windows. Returns those that are complete now. */
  end(share: number): readonly MergedWindow[] {
    this.#done.add(share);
    return this.#complete();
  }

  /** True when no share sends more windows. */
  get ended(): boolean {
    return this.#done.size >= this.shares;
  }

  /** All waiting windows, complete or not. */
  rest(): readonly MergedWindow[] {
    return this.#waiting.splice(0);
  }

  #complete(): readonly MergedWindow[] {
    const complete = ({ parts }: WaitingWindow): boolean =>
      new Set([...this.#done, ...parts.map(({ thread }) => thread)]).size >= this.shares;
    const count = Math.max(this.#waiting.findLastIndex(complete) + 1, this.#waiting.length - MAX_WAITING);
    return this.#waiting.splice(0, count);
  }
}
