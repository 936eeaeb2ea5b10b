import { from, type ObservableInput, type SchedulerLike } from 'rxjs';
import type { Cursor } from '../core/cursor.js';
import { BacklogCursor, type BacklogOptions, type StreamName } from './backlogCursor.js';
import { AsyncIterableCursor, IterableCursor } from './iterables.js';
import { Pullable } from './pullable.js';

function has<K extends symbol>(input: object, key: K): boolean {
  return typeof (input as Record<K, unknown>)[key] === 'function';
}

/**
 * Opens any observable input for pulling: a {@link Pullable} and iterables directly, on demand; others by subscribing
 * and buffering early values in a bounded backlog.
 *
 * @param options Bounds of that backlog, and the receiver of errors of closing.
 * @param name The name of the stream, for messages.
 */
export function openCursor<T>(
  input: ObservableInput<T>,
  scheduler: SchedulerLike,
  options: BacklogOptions<T> = {},
  name: StreamName = 'values',
): Cursor<T> {
  if (input instanceof Pullable) return (input as Pullable<T>).open(scheduler);
  if (has(input, Symbol.iterator)) return new IterableCursor(input as Iterable<T>, options);
  if (has(input, Symbol.asyncIterator)) return new AsyncIterableCursor(input as AsyncIterable<T>, options);
  return new BacklogCursor(from(input), options, name);
}
