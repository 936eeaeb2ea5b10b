import type { PoolEvent } from '../engine/runEvent.js';
import { mergeWindows, type Window } from '../measure/window.js';
import { WindowSum } from '../measure/windowSum.js';

/** The most windows of one pool that are kept. */
export const MAX_KEPT_WINDOWS = 256;

type WindowEvent = PoolEvent & { readonly type: 'window' };

/** Windows that follow one another and will be kept as one. It has the place and the time of its last part. */
class Gathered {
  readonly #sum = new WindowSum();
  #last: WindowEvent;
  parts = 1;

  constructor(first: WindowEvent) {
    this.#last = first;
    this.#sum.add(first.window);
  }

  add(next: WindowEvent): void {
    this.#last = next;
    this.#sum.add(next.window);
    this.parts++;
  }

  get event(): WindowEvent {
    return this.parts === 1 ? this.#last : { ...this.#last, window: this.#sum.window as Window };
  }
}

/** How the windows of one pool are kept. */
interface Kept {
  /** How many windows of the run are one that is kept. */
  span: number;
  /** Number of kept windows, without the one that is gathered. */
  count: number;
  gathered: Gathered | undefined;
}

const eventOf = (kept: PoolEvent | Gathered): PoolEvent => (kept instanceof Gathered ? kept.event : kept);

/**
 * The events of a rehearsal in bounded memory. When there are too many windows of a pool, each two neighbours become one, and from then
 * on twice as many are gathered into one: nothing is lost, and windows of long rehearsals span 2, 4, 8 and so on of the original length.
 * A merged window has the place and the time of its last part.
 */
export class KeptEvents {
  #events: (PoolEvent | Gathered)[] = [];
  readonly #pools = new Map<string, Kept>();

  /** In the order in which they were added. */
  get all(): readonly PoolEvent[] {
    return this.#events.map(eventOf);
  }

  add(event: PoolEvent): void {
    if (event.type === 'window') this.#addWindow(event);
    else this.#events.push(event);
  }

  #addWindow(event: WindowEvent): void {
    const kept = this.#pools.get(event.pool) ?? { span: 1, count: 0, gathered: undefined };
    this.#pools.set(event.pool, kept);
    if (kept.gathered === undefined) {
      if (kept.count === MAX_KEPT_WINDOWS) this.#halve(event.pool, kept);
      kept.gathered = new Gathered(event);
    } else {
      this.#events.splice(this.#events.lastIndexOf(kept.gathered), 1);
      kept.gathered.add(event);
    }
    const complete = kept.gathered.parts === kept.span;
    this.#events.push(complete ? kept.gathered.event : kept.gathered);
    if (!complete) return;
    kept.gathered = undefined;
    kept.count++;
  }

  #halve(pool: string, kept: Kept): void {
    let first: WindowEvent | undefined;
    const events: (PoolEvent | Gathered)[] = [];
    for (const event of this.#events) {
      if (event instanceof Gathered || event.type !== 'window' || event.pool !== pool) events.push(event);
      else if (first === undefined) first = event;
      else {
        events.push({ ...event, window: mergeWindows(first.window, event.window) });
        first = undefined;
      }
    }
    this.#events = events;
    kept.count /= 2;
    kept.span *= 2;
  }
}
