import { from, fromEvent, map, merge, type Observable, type ObservableInput, of, take } from 'rxjs';
import type { Millis } from '../../lib/core/units.js';

/**
 * Makes the `drain` of a {@link shoot} or of a run: each value of a notifier, or the abort of an `AbortSignal`, says that
 * what is under way may take `limitMs` more and that nothing new starts.
 *
 * ```text
 * notifier                  ----x------y--|
 * drainOn(notifier, 300)    ----300----300|
 * ```
 *
 * - A drain ends a pipeline softly: shots under way finish and are recorded, reporters flush, and everything completes.
 *   Unsubscribing ends it hard: shots under way are aborted and reporters close at once.
 * - Two drains in a row are `merge(drainOn(first, 30_000), drainOn(second, 0))`: the later value is the limit.
 * - Errors and completion of the notifier pass through; an error fails what is drained, completion changes nothing.
 * - A signal that is aborted already says so at once. Unsubscribing stops listening.
 *
 * @param limitMs How long shots under way may still take; what takes longer is recorded as unfinished. Default 30,000.
 * @example
 * const controller = new AbortController();
 * constant({ ops: 10, duration: '60s' }).pipe(
 *   zipAmmo(uri({ file: './ammo.uri' })),
 *   shoot(http({ target: 'localhost:8080' }), { drain: drainOn(controller.signal, 5000) }),
 * );
 * controller.abort();
 */
export function drainOn(
  notifier: AbortSignal | ObservableInput<unknown>,
  limitMs: Millis = 30_000,
): Observable<Millis> {
  const values = notifier instanceof AbortSignal ? aborted(notifier) : from(notifier);
  return values.pipe(map(() => limitMs));
}

function aborted(signal: AbortSignal): Observable<unknown> {
  return merge(signal.aborted ? of(signal) : [], fromEvent(signal, 'abort')).pipe(take(1));
}
