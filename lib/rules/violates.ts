import { ElpisError } from '../core/errors.js';
import { valueText } from '../measure/stateText.js';
import type { Window } from '../measure/window.js';
import { threshold } from './parseThreshold.js';
import { measureText, type Threshold } from './threshold.js';
import { ThresholdFold } from './thresholdFold.js';

/** A clause that only a threshold of a run can have. */
function clauseOfRun({ overMs, inARow, afterMs, pool, otherwise }: Threshold): string | undefined {
  if (overMs !== undefined && inARow === 1) return 'over';
  if (inARow !== 1) return 'for';
  if (afterMs !== 0) return 'after';
  if (pool !== undefined) return 'of pool';
  return otherwise === 'fail' ? undefined : 'otherwise';
}

/**
 * A threshold as a condition for `stopWhen` and `whenWindow`: it holds for a window that violates the threshold, with the measured
 * value as the reason. The operator has the length and the number of the windows, so the text has no `over` and no `for`.
 *
 * @param text A threshold without clauses besides `of`, such as `p99(response) < 250ms of tag "login"`.
 * @throws ElpisError `ELPIS_CONFIG` that shows every fault below its place, or names a clause that does not belong to a condition.
 * @see docs/THRESHOLDS.md for the grammar.
 * @example
 * declare const windows: Observable<Window>;
 * windows.pipe(whenWindow(violates('errors < 1%'), { windows: 10 })).subscribe(({ reason }) => console.log(reason));
 */
export function violates(text: string): (window: Window) => string | false {
  const rule = threshold(text);
  const clause = clauseOfRun(rule);
  if (clause !== undefined)
    throw new ElpisError(
      'ELPIS_CONFIG',
      `violates(${JSON.stringify(text)}): a condition of a window has no clause "${clause}"`,
      {
        hint: 'the options of the operator have the length and the number of the windows; a config has the other clauses',
      },
    );
  return (window) => {
    const fold = new ThresholdFold(rule);
    fold.add([[window, { busy: 0, instances: 0 }]]);
    const { status, value, unit, condition } = fold.state();
    return (
      status === 'fails' &&
      `${measureText(rule.measure)} was ${valueText(value, unit)}, not ${condition.slice(measureText(rule.measure).length + 1)}`
    );
  };
}
