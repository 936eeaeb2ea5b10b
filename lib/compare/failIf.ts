import { excerpt } from '../core/errorContext.js';
import { ElpisError } from '../core/errors.js';
import { METRICS, type Metric } from './bootstrap.js';
import type { Difference } from './compareRuns.js';

/** A condition that fails a comparison, such as `p99 +10%`. */
export interface FailIf {
  /** As written. */
  readonly text: string;
  readonly metric: Metric;
  /** In % of the baseline, for errors in percentage points; above 0: an increase by more than that, below 0: a decrease. */
  readonly limit: number;
  /** Only this tag; absent: all operations. */
  readonly tag?: string;
}

const FORM = new RegExp(
  `^(${METRICS.join('|')})\\s*([+-])\\s*(\\d+(?:\\.\\d+)?)\\s*%?(?:\\s+of(?:\\s+tag)?\\s+"?([^"]+?)"?)?$`,
);

/**
 * Reads a condition: a metric, a sign, a percentage, and a tag if it is about one.
 *
 * @throws ElpisError `ELPIS_USAGE` for another text.
 * @example
 * failIf('p99 +10%'); // more than 10 % higher
 * failIf('rate -5% of "login"');
 */
export function failIf(text: string): FailIf {
  const [, metric, sign, limit, tag] = FORM.exec(text.trim()) ?? [];
  if (metric === undefined) {
    const hint = "--fail-if 'p99 +10%', 'errors +0.5%' (points), 'rate -5% of \"login\"'";
    const expected = `${METRICS.join(', ')}, then + or - and a percentage`;
    throw new ElpisError('ELPIS_USAGE', `--fail-if: expected ${expected}, got ${excerpt(text)}`, { hint });
  }
  const named = { text: text.trim(), metric: metric as Metric, limit: (sign === '-' ? -1 : 1) * Number(limit) };
  return tag === undefined ? named : { ...named, tag };
}

/** A difference that a condition forbids. */
export interface Failure {
  readonly condition: FailIf;
  readonly difference: Difference;
}

/** The differences that the conditions forbid: beyond the limit, and more than chance explains. A condition without a tag is about all operations of a pool. */
export function failuresOf(conditions: readonly FailIf[], differences: readonly Difference[]): readonly Failure[] {
  return conditions.flatMap((condition) => {
    const { metric, limit, tag } = condition;
    return differences
      .filter(({ subject, metric: own, change, verdict }) => {
        if (own !== metric || subject.tag !== tag || verdict === 'same') return false;
        return limit >= 0 && verdict === 'higher' ? change > limit : limit < 0 && change < limit;
      })
      .map((difference) => ({ condition, difference }));
  });
}

/** The conditions that are about no number of the comparison: a tag that no side has, or too few operations. */
export function unjudged(conditions: readonly FailIf[], differences: readonly Difference[]): readonly FailIf[] {
  return conditions.filter(
    ({ metric, tag }) => !differences.some((row) => row.metric === metric && row.subject.tag === tag),
  );
}
