import type { PageComparison, PageDifference } from '../page/model/pageComparison.js';
import type { Comparison, Difference } from './compareRuns.js';
import { type CompareTextOptions, changeText, sentencesOf, valueText } from './compareText.js';

/** More operations per second are better; more of anything else is worse. */
function verdictOf({ metric, verdict }: Difference): PageDifference['verdict'] {
  if (verdict === 'same') return 'same';
  return (verdict === 'higher') === (metric === 'rate') ? 'better' : 'worse';
}

function differenceOf(row: Difference): PageDifference {
  const { subject, metric, before, after, change, interval } = row;
  return {
    ...{ ...subject, metric, before, after, change, interval, verdict: verdictOf(row) },
    texts: { before: valueText(metric, before), after: valueText(metric, after), change: changeText(row) },
  };
}

/** A comparison for its page: the same sentences and numbers as in its text. */
export function pageComparisonOf(comparison: Comparison, options: CompareTextOptions): PageComparison {
  const { failed, findings, nothing, remarks } = sentencesOf(comparison, options);
  return {
    ...{ before: options.before, after: options.after, remarks },
    failed: failed.map(({ condition, text }) => `${condition}: ${text}`),
    findings: nothing === undefined ? findings : [nothing],
    differences: comparison.differences.map(differenceOf),
  };
}
