import { defer, filter, map, type OperatorFunction, take } from 'rxjs';
import { ElpisError } from '../../lib/core/errors.js';
import { sumWindows } from './mergeWindows.js';
import type { Window } from './window.js';

/** That a condition held, and over what. */
export interface Verdict {
  /** All that was judged: one window, or several in a row merged into one. */
  readonly window: Window;
  /** The text that the condition answered; `the condition holds` when it answered only `true`. */
  readonly reason: string;
}

/** Judges a window: `true` or a text (the reason) means that the condition holds; `false` or an empty text that it does not. */
export type WindowCondition = (window: Window) => boolean | string;

function judge(windows: readonly [Window, ...Window[]], condition: WindowCondition): Verdict | undefined {
  const window = windows.length === 1 ? windows[0] : sumWindows(windows);
  const answer = condition(window);
  if (answer === true) return { window, reason: 'the condition holds' };
  return answer === false || answer === '' ? undefined : { window, reason: answer };
}

/**
 * Waits until a condition holds over windows, says so once and completes: a notifier for `takeUntil`, or for what drains a run.
 *
 * ```text
 * windows (p99)                       20--30--280-260-270-...
 * whenWindow(p99 > 250)               --------(v|)
 * whenWindow(p99 > 250, windows: 2)   ------------(v|)            judges two windows in a row as one
 * ```
 *
 * - The condition is asked at each window, about the last `windows` of them merged into one; not before there are so many.
 *   `true` or a text means that it holds; the text is the reason.
 * - A partial window is not judged and nothing is merged across it: it starts the count anew.
 * - Completes without a value when the windows complete first; their error passes through. An exception of the condition is
 *   an error.
 * - Unsubscribes from the windows when it has spoken. Keeps the last `windows` windows, no more.
 *
 * @param options.windows Over how many windows in a row. Default 1.
 * @throws ElpisError `ELPIS_CONFIG` when `windows` is not a whole number above 0.
 *
 * @example
 * declare const windows: Observable<Window>;
 * const drain = windows.pipe(
 *   whenWindow((window) => percentile(window, 99) > 250 && 'p99 is over 250 ms', { windows: 10 }),
 *   map(() => 5000),
 * );
 * const fire = shoot(http({ target: 'localhost:8080' }), { drain });
 */
export function whenWindow(
  condition: WindowCondition,
  options: { readonly windows?: number } = {},
): OperatorFunction<Window, Verdict> {
  const { windows: wanted = 1 } = options;
  if (!(Number.isInteger(wanted) && wanted > 0)) {
    const hint = 'say over how many windows in a row the condition must hold';
    throw new ElpisError('ELPIS_CONFIG', `whenWindow: windows is ${wanted}, expected a whole number above 0`, { hint });
  }
  return (windows) =>
    defer(() => {
      const last: Window[] = [];
      return windows.pipe(
        map((window) => {
          if (window.partial) last.length = 0;
          else if (last.push(window) > wanted) last.shift();
          return last.length === wanted ? judge(last as [Window, ...Window[]], condition) : undefined;
        }),
        filter((verdict) => verdict !== undefined),
        take(1),
      );
    });
}
