import type { Window } from '../measure/window.js';
import { valueText } from '../measure/stateText.js';
import { threshold } from './parseThreshold.js';
import { ThresholdFold } from './thresholdFold.js';
import { measureText } from './threshold.js';

/**
 * A threshold as a condition for `stopWhen` and `whenWindow`: it holds for a window that violates the threshold, with the measured
 * value as the reason. `over` and `for` are those of the operator: its windows.
 *
 * @param text A threshold without clauses besides `of`, such as `p99(response) < 250ms of tag "login"`.
 * @throws ElpisError `ELPIS_CONFIG` that shows every fault below its place.
 * @see docs/THRESHOLDS.md for the grammar.
 * @example
 * declare const windows: Observable<Window>;
 * windows.pipe(whenWindow(violates('errors < 1%'), { windows: 10 })).subscribe(({ reason }) => console.log(reason));
 */
export function violates(text: string): (window: Window) => string | false {
  const { overMs: _length, inARow: _times, afterMs: _begin, ...rule } = threshold(text);
  return (window) => {
    const fold = new ThresholdFold({ ...rule, inARow: 1, afterMs: 0 });
    fold.add([[window, { busy: 0, instances: 0 }]]);
    const { status, value, unit, condition } = fold.state();
    return (
      status === 'fails' &&
      `${measureText(rule.measure)} was ${valueText(value, unit)}, not ${condition.slice(measureText(rule.measure).length + 1)}`
    );
  };
}
