import { EMPTY, from, fromEvent, map, merge, type Observable, of, take } from 'rxjs';
import type { Millis } from '../core/units.js';

/** What may end a run softly. */
export interface DrainSources {
  readonly signal?: AbortSignal | undefined;
  readonly drainMs?: Millis | undefined;
  readonly drain?: Observable<Millis> | undefined;
}

/** Shots under way may take this long after an abort, as after Ctrl-C. */
const DEFAULT_DRAIN_MS: Millis = 30_000;

/** The limits that an abort signal and a notifier ask for, as one stream. A signal that was aborted before counts at once. */
export function drainOf({ signal, drainMs = DEFAULT_DRAIN_MS, drain }: DrainSources): Observable<Millis> {
  const aborted = signal === undefined ? EMPTY : signal.aborted ? of(signal) : fromEvent(signal, 'abort').pipe(take(1));
  return merge(from(aborted).pipe(map(() => drainMs)), drain ?? EMPTY);
}
