import type { Random } from '../core/deps.js';
import { valueAtPercentile } from '../measure/histogram.js';
import { METRICS, type Metric, type Spreads, spreadsOf } from './bootstrap.js';
import { type Block, type ComparedRun, type Subject, sumOf } from './comparedRun.js';
import { studentQuantile } from './quantiles.js';

/** The chance that a comparison of two equal systems reports any difference. */
export const FALSE_ALARMS = 0.05;
/** The smallest difference that is reported: 2 % of a time or a rate. */
const LEAST_RATIO = 0.02;
/** The smallest difference of errors that is reported, in percentage points. */
const LEAST_POINTS = 0.1;

/** How many operations a metric needs on each side; a percentile needs 10 beyond it. */
const NEEDED: Readonly<Record<Metric, number>> = {
  ...{ rate: 1, errors: 20, mean: 20, p50: 20, p90: 100, p95: 200, p99: 1000 },
};

/** The comparison of one number. */
export interface Difference {
  readonly subject: Subject;
  readonly metric: Metric;
  /** Of the baseline and of the new side: rate per second, errors in %, times in milliseconds. */
  readonly before: number;
  readonly after: number;
  /** The change in % of `before`; for errors in percentage points. */
  readonly change: number;
  /** The 95 % confidence interval of the change. */
  readonly interval: readonly [from: number, to: number];
  /**
   * `lower` or `higher` when the change is larger than chance explains, over all numbers of the comparison together, and at least 2 %
   * (errors: 0.1 points); otherwise `same`.
   */
  readonly verdict: 'same' | 'lower' | 'higher';
}

/** The result of {@link compareRuns}. */
export interface Comparison {
  readonly differences: readonly Difference[];
  /** Subjects that only one side has. */
  readonly onlyBefore: readonly Subject[];
  readonly onlyAfter: readonly Subject[];
}

interface Side {
  readonly sum: Block;
  readonly spreads: Spreads;
  /** Number of independent parts. */
  readonly parts: number;
}

const keyOf = ({ pool, tag, stage }: Subject): string => JSON.stringify([pool, stage ?? 0, tag ?? null]);

/** The blocks of each subject, by run. */
function subjectsOf(
  runs: readonly ComparedRun[],
): Map<string, { readonly subject: Subject; readonly runs: (readonly Block[])[] }> {
  const found = new Map<string, { readonly subject: Subject; readonly runs: (readonly Block[])[] }>();
  for (const run of runs)
    for (const { subject, blocks } of run.subjects) {
      const key = keyOf(subject);
      const known = found.get(key) ?? { subject, runs: [] };
      known.runs.push(blocks);
      found.set(key, known);
    }
  return found;
}

function sideOf(runs: readonly (readonly Block[])[], random: Random): Side {
  const parts = runs.length > 1 ? runs.length : (runs[0]?.length ?? 0);
  return { sum: sumOf(runs.flat()), spreads: spreadsOf(runs, random), parts };
}

function metricOf({ lengthMs, ended, wrong, response }: Block, metric: Metric): number {
  if (metric === 'rate') return lengthMs === 0 ? 0 : (ended * 1000) / lengthMs;
  if (metric === 'errors') return ended === 0 ? 0 : (100 * wrong) / ended;
  if (metric === 'mean') return response.count === 0 ? 0 : response.sumUs / response.count / 1000;
  return valueAtPercentile(response, Number(metric.slice(1)));
}

/** A difference before the number of all is known: `quantile` decides how large chance may be. */
type Measured = Omit<Difference, 'verdict'> & { readonly spread: number; readonly freedom: number };

/** The degrees of freedom of the sum of both uncertainties (Welch and Satterthwaite). */
function freedomOf(before: Side, after: Side, metric: Metric): number {
  const [a, b] = [before.spreads[metric] ** 2, after.spreads[metric] ** 2];
  const freedom = (a + b) ** 2 / (a ** 2 / (before.parts - 1) + b ** 2 / (after.parts - 1));
  return Number.isFinite(freedom) && freedom > 0 ? freedom : before.parts + after.parts - 2;
}

function measured(subject: Subject, metric: Metric, before: Side, after: Side): Measured | undefined {
  if (Math.min(before.sum.ended, after.sum.ended) < NEEDED[metric]) return undefined;
  if (before.parts < 2 || after.parts < 2) return undefined;
  const [a, b] = [metricOf(before.sum, metric), metricOf(after.sum, metric)];
  const spread = Math.hypot(before.spreads[metric], after.spreads[metric]);
  const freedom = freedomOf(before, after, metric);
  const quantile = studentQuantile(0.975, freedom);
  const named = { subject, metric, before: a, after: b, freedom };
  if (metric === 'errors') {
    const [change, points] = [b - a, 100 * spread];
    return { ...named, spread: points, change, interval: [change - quantile * points, change + quantile * points] };
  }
  if (a === 0 || b === 0) return undefined;
  const ratio = Math.log(b / a);
  const percent = (log: number): number => 100 * (Math.exp(log) - 1);
  const interval = [percent(ratio - quantile * spread), percent(ratio + quantile * spread)] as const;
  return { ...named, spread, change: percent(ratio), interval };
}

function verdictOf(
  { metric, change, spread, freedom, before, after }: Measured,
  numbers: number,
): Difference['verdict'] {
  const errors = metric === 'errors';
  if (Math.abs(change) < (errors ? LEAST_POINTS : 100 * LEAST_RATIO)) return 'same';
  const distance = errors ? Math.abs(change) : Math.abs(Math.log(after / before));
  if (distance <= studentQuantile(1 - FALSE_ALARMS / numbers / 2, freedom) * spread) return 'same';
  return change > 0 ? 'higher' : 'lower';
}

/**
 * Compares the runs of a baseline with new ones: for each pool, tag and stage the rate, the errors and the response times, with intervals. Several
 * runs of a side also show how much runs differ from each other.
 *
 * - The uncertainty comes from a bootstrap over the parts of the runs, or over the runs when a side has several.
 * - Over all numbers together, the chance of a false alarm is about 5 % (Bonferroni).
 * - A number with too few operations is left out: p99 needs 1000 on each side.
 *
 * @param random Draws the resamples.
 */
export function compareRuns(before: readonly ComparedRun[], after: readonly ComparedRun[], random: Random): Comparison {
  const [olds, news] = [subjectsOf(before), subjectsOf(after)];
  const found = [...olds].flatMap(([key, old]) => {
    const next = news.get(key);
    if (next === undefined) return [];
    const [a, b] = [sideOf(old.runs, random), sideOf(next.runs, random)];
    return METRICS.flatMap((metric) => measured(old.subject, metric, a, b) ?? []);
  });
  return {
    differences: found.map((row): Difference => {
      const { spread: _spread, freedom: _freedom, ...difference } = row;
      return { ...difference, verdict: verdictOf(row, found.length) };
    }),
    onlyBefore: [...olds].flatMap(([key, { subject }]) => (news.has(key) ? [] : [subject])),
    onlyAfter: [...news].flatMap(([key, { subject }]) => (olds.has(key) ? [] : [subject])),
  };
}
