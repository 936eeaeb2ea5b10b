import { from, fromEvent, map, merge, type Observable, type ObservableInput, of, take } from 'rxjs';
import { A_STREAM, checkArgument, either } from '../../lib/core/argument.js';
import type { Millis } from '../../lib/core/units.js';

/**
 * Makes the `drain` of a {@link shoot} or of a run. Like the notifier of `takeUntil` of RxJS, but the end is soft: at
 * each value of a notifier, or the abort of an `AbortSignal`, no new shot starts, and shots under way may take
 * `limitMs` more.
 *
 * ```text
 * notifier                  ----x------y--|
 * drainOn(notifier, 300)    ----300----300|
 * ```
 *
 * - A drain ends a pipeline softly: shots under way finish and are recorded, reporters flush, and everything completes.
 *   Unsubscribing ends it hard: shots under way are aborted and reporters close at once.
 * - Two drains in a row are `merge(drainOn(first, 30_000), drainOn(second, 0))`: the later value is the limit.
 * - Errors and completion of the notifier pass through; an error fails the drained stream, completion has no effect.
 * - With a signal that is already aborted it emits at once. It completes after the abort. Unsubscribing removes the listener.
 *
 * @param notifier Starts the drain.
 * @param limitMs The time limit of shots under way, in milliseconds; those that take longer are recorded as
 *   unfinished. Default 30,000.
 * @see [takeUntil](https://rxjs.dev/api/operators/takeUntil)
 * @see {@link shoot}, {@link stopWhen}
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
  checkArgument('drainOn', 'notifier', notifier, A_NOTIFIER);
  checkArgument('drainOn', 'limitMs', limitMs, A_LIMIT);
  const values = notifier instanceof AbortSignal ? aborted(notifier) : from(notifier);
  return values.pipe(map(() => limitMs));
}

const A_NOTIFIER = either({ expected: 'an AbortSignal', holds: (value) => value instanceof AbortSignal }, A_STREAM);

const A_LIMIT = {
  expected: 'a number of at least 0',
  holds: (value: unknown) => typeof value === 'number' && value >= 0,
};

function aborted(signal: AbortSignal): Observable<unknown> {
  return merge(signal.aborted ? of(signal) : [], fromEvent(signal, 'abort')).pipe(take(1));
}
