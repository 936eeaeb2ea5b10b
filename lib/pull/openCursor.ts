import { from, type ObservableInput, type SchedulerLike } from 'rxjs';
import type { Cursor } from '../core/cursor.js';
import { BacklogCursor, type BacklogOptions } from './backlog.js';
import { AsyncIterableCursor, IterableCursor } from './iterables.js';
import { Pullable } from './pullable.js';

function has<K extends symbol>(input: object, key: K): boolean {
  return typeof (input as Record<K, unknown>)[key] === 'function';
}

/**
 * Opens anything that can be observed for pulling: a {@link Pullable} and iterables directly, on demand; everything else
 * by subscribing and keeping what comes too early in a bounded backlog.
 */
export function openCursor<T>(
  input: ObservableInput<T>,
  scheduler: SchedulerLike,
  backlog: BacklogOptions<T> = {},
): Cursor<T> {
  if (input instanceof Pullable) return (input as Pullable<T>).open(scheduler);
  if (has(input, Symbol.iterator)) return new IterableCursor(input as Iterable<T>);
  if (has(input, Symbol.asyncIterator)) return new AsyncIterableCursor(input as AsyncIterable<T>);
  return new BacklogCursor(from(input), backlog);
}
