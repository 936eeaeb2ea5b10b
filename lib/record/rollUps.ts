import type { Millis } from '../core/units.js';
import type { RunEvent, ThreadWindow } from '../engine/runEvent.js';
import { mergeHistograms } from '../measure/histogram.js';
import { mergeWindows, type Window } from '../measure/window.js';

/** The event of a window. */
export type WindowEvent = Extract<RunEvent, { readonly type: 'window' }>;

/** The lengths of longer windows, which a record has besides the windows of the run: with them a long record opens quickly. */
export const LEVELS: readonly Millis[] = [60_000, 600_000];

function mergeThreads(
  a: readonly ThreadWindow[] | undefined,
  b: readonly ThreadWindow[] | undefined,
): readonly ThreadWindow[] | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const merged = new Map(a.map((part) => [part.thread, part]));
  for (const { thread, ended, lateness } of b) {
    const known = merged.get(thread);
    merged.set(thread, {
      thread,
      ended: ended + (known?.ended ?? 0),
      lateness: known === undefined ? lateness : mergeHistograms(known.lateness, lateness),
    });
  }
  return [...merged.values()];
}

/** One event for the windows of both, which are of one pool. */
export function mergeWindowEvents(a: WindowEvent, b: WindowEvent): WindowEvent {
  const threads = mergeThreads(a.threads, b.threads);
  const window = mergeWindows(a.window, b.window);
  return { ...b, window, ...(threads === undefined ? {} : { threads }) };
}

/** A window that was merged of shorter ones. */
export interface RollUp {
  readonly everyMs: Millis;
  readonly event: WindowEvent;
}

const lengthOf = ({ from, to }: Window): Millis => to - from;

/**
 * Merges the windows of each pool into longer ones, of the lengths {@link LEVELS}. Each is returned with the window that completes it.
 *
 * ```text
 * windows    -w-w-w-w-w-w-w-
 * minutes    -----m-----m---     the w after the last m is in none yet
 * ```
 */
export class RollUps {
  readonly #open = LEVELS.map(() => new Map<string, WindowEvent>());

  add(event: WindowEvent): readonly RollUp[] {
    const completed: RollUp[] = [];
    let next: WindowEvent | undefined = event;
    for (const [level, everyMs] of LEVELS.entries()) {
      if (next === undefined) break;
      next = this.#merge(level, everyMs, next);
      if (next !== undefined) completed.push({ everyMs, event: next });
    }
    return completed;
  }

  #merge(level: number, everyMs: Millis, event: WindowEvent): WindowEvent | undefined {
    const open = this.#open[level] as Map<string, WindowEvent>;
    const before = open.get(event.pool);
    const merged = before === undefined ? event : mergeWindowEvents(before, event);
    // A window is at most a few milliseconds shorter than planned.
    if (lengthOf(merged.window) < everyMs * 0.99) {
      open.set(event.pool, merged);
      return undefined;
    }
    open.delete(event.pool);
    return merged;
  }
}
