import type { PoolEvent } from '../engine/runEvent.js';
import { mergeWindows } from '../measure/window.js';

/** The most windows of one pool that are kept. */
export const MAX_KEPT_WINDOWS = 256;

/**
 * The events of a rehearsal in bounded memory. When there are too many windows of a pool, each two neighbours become one: nothing
 * is lost, and windows of long rehearsals span 2, 4, 8 and so on of the original length. A merged window has the place and the time of its
 * second part.
 */
export class KeptEvents {
  #events: PoolEvent[] = [];
  readonly #windows = new Map<string, number>();

  /** In the order in which they were added. */
  get all(): readonly PoolEvent[] {
    return this.#events;
  }

  add(event: PoolEvent): void {
    this.#events.push(event);
    if (event.type !== 'window') return;
    const count = (this.#windows.get(event.pool) ?? 0) + 1;
    this.#windows.set(event.pool, count);
    if (count > MAX_KEPT_WINDOWS) this.#halve(event.pool);
  }

  #halve(pool: string): void {
    let first: (PoolEvent & { readonly type: 'window' }) | undefined;
    const kept: PoolEvent[] = [];
    let count = 0;
    for (const event of this.#events) {
      if (event.type !== 'window' || event.pool !== pool) kept.push(event);
      else if (first === undefined) first = event;
      else {
        kept.push({ ...event, window: mergeWindows(first.window, event.window) });
        first = undefined;
        count++;
      }
    }
    if (first !== undefined) {
      kept.push(first);
      count++;
    }
    this.#events = kept;
    this.#windows.set(pool, count);
  }
}
