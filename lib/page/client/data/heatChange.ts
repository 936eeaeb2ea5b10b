import { heatGrid } from './heat.js';
import type { Row } from './selection.js';

/** How a distribution over time has changed. */
export interface HeatChange {
  /** The edges of the rows in milliseconds, as in a `HeatGrid`. */
  readonly edges: readonly number[];
  /** The spans of the columns, in seconds. */
  readonly spans: readonly (readonly [from: number, to: number])[];
  /** For each column and row: the part of the operations after the change minus the part before it, from -1 to 1. */
  readonly changes: readonly (readonly number[])[];
}

/** With more columns, each has few operations, and differs by chance alone. */
const MAX_COLUMNS = 60;

/**
 * Compares the distributions of runs over time, from the start of each. Each column is a span of time; when a side has several runs, their
 * operations are counted together. A column that only one side has is 0.
 *
 * @param rows The number of bands of times.
 */
export function heatChange(
  before: readonly (readonly Row[])[],
  after: readonly (readonly Row[])[],
  rows: number,
): HeatChange {
  const all = [...before, ...after].flat();
  const end = Math.max(0, ...all.map(({ x, lengthMs }) => x + lengthMs / 2000));
  const longest = Math.max(1000, ...all.map(({ lengthMs }) => lengthMs)) / 1000;
  const width = Math.max(longest, end / MAX_COLUMNS);
  const count = Math.max(1, Math.ceil(end / width - 0.5));
  const grid = heatGrid(
    all.map(({ counts }) => counts.response),
    rows,
  );
  if (grid.peak === 0) return { edges: [], spans: [], changes: [] };
  const columnOf = new Map(all.map((row, i) => [row, grid.columns[i] as Float64Array]));
  const parts = (side: readonly (readonly Row[])[]): readonly (readonly number[] | undefined)[] => {
    const sums = Array.from({ length: count }, () => new Float64Array(rows));
    for (const row of side.flat()) {
      const sum = sums[Math.min(count - 1, Math.max(0, Math.floor(row.x / width)))] as Float64Array;
      for (const [i, value] of (columnOf.get(row) as Float64Array).entries()) sum[i]! += value;
    }
    return sums.map((sum) => {
      const whole = sum.reduce((a, b) => a + b, 0);
      return whole === 0 ? undefined : Array.from(sum, (value) => value / whole);
    });
  };
  const [olds, news] = [parts(before), parts(after)];
  return {
    edges: grid.edges,
    spans: olds.map((_, i) => [i * width, (i + 1) * width]),
    changes: olds.map((old, i) => {
      const next = news[i];
      return Array.from({ length: rows }, (_, row) =>
        old === undefined || next === undefined ? 0 : (next[row] as number) - (old[row] as number),
      );
    }),
  };
}
