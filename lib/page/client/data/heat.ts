import { bucketWidth, type Histogram } from '../../../measure/histogram.js';

/** A grid of counts: columns are moments, rows are times on a logarithmic scale. */
export interface HeatGrid {
  /** The lower edges of the rows in milliseconds, and the upper edge of the last one. */
  readonly edges: readonly number[];
  /** For each column, the count of each row. */
  readonly columns: readonly Float64Array[];
  /** The largest count of a cell. */
  readonly peak: number;
}

/** Counts the values of histograms in rows of equal height on a logarithmic scale, from the smallest value to the largest. */
export function heatGrid(histograms: readonly Histogram[], rows: number): HeatGrid {
  const filled = histograms.filter(({ count }) => count > 0);
  if (filled.length === 0) return { edges: [], columns: [], peak: 0 };
  const low = Math.max(1, Math.min(...filled.map(({ minUs }) => minUs)));
  const high = Math.max(low * 1.5, ...filled.map(({ maxUs }) => maxUs + 1));
  const step = Math.log(high / low) / rows;
  const edges = Array.from({ length: rows + 1 }, (_, i) => (low * Math.exp(i * step)) / 1000);
  let peak = 0;
  const columns = histograms.map(({ buckets }) => {
    const column = new Float64Array(rows);
    for (let i = 0; i < buckets.length; i += 2) {
      const lowest = buckets[i] as number;
      const middle = lowest + (bucketWidth(lowest) - 1) / 2;
      const row = Math.max(0, Math.min(rows - 1, Math.floor(Math.log(Math.max(1, middle) / low) / step)));
      column[row]! += buckets[i + 1] as number;
      peak = Math.max(peak, column[row] as number);
    }
    return column;
  });
  return { edges, columns, peak };
}
