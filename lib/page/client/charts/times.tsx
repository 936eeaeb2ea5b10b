import type { Histogram } from '../../../measure/histogram.js';
import type { WindowCounts } from '../../../measure/windowCounts.js';
import { ms } from '../data/format.js';
import type { Selected } from '../data/selection.js';
import { type ChartContext, column, moments } from './context.js';
import { Figure } from './figure.js';
import { faded } from './palette.js';
import { TimePlot } from './timePlot.js';

/** A logarithmic scale has no 0. */
export const LEAST_MS = 0.001;

/** Percentiles of a time, as bands. */
export function Percentiles(props: {
  readonly context: ChartContext;
  readonly title: string;
  readonly note: string;
  readonly of: (counts: WindowCounts) => Histogram;
}) {
  const { context, title, note, of } = props;
  const { selected, palette, spread } = context;
  const { logarithmic } = context.store.state;
  const at = (run: Selected, key: 'p50' | 'p90' | 'p99' | 'p999' | 'max') => ({
    whole: ms(spread(of(run.counts))?.[key]),
    values: column(run, ({ counts }) => {
      const value = spread(of(counts))?.[key];
      return value === undefined ? null : Math.max(logarithmic ? LEAST_MS : 0, value);
    }),
  });
  const whole = spread(of(selected.counts));
  return (
    <Figure title={title} note={note} empty={whole === null && 'No operation has ended yet.'}>
      <TimePlot
        context={context}
        summary={`${title} over time. Median ${ms(whole?.p50)}, 99th percentile ${ms(whole?.p99)}, maximum ${ms(whole?.max)}.`}
        of={(run) => ({
          x: moments(run),
          courses: [
            { label: 'max', colour: palette.grey, width: 1, detail: true, ...at(run, 'max') },
            { label: 'p99.9', colour: palette.red, width: 1, detail: true, ...at(run, 'p999') },
            { label: 'p99', colour: palette.orange, ...at(run, 'p99') },
            { label: 'p90', colour: palette.blue, detail: true, ...at(run, 'p90') },
            { label: 'p50', colour: palette.teal, width: 2, ...at(run, 'p50') },
          ],
        })}
        bands={[
          { upper: 1, lower: 2, fill: faded(palette.red, 0.08) },
          { upper: 2, lower: 3, fill: faded(palette.orange, 0.13) },
          { upper: 3, lower: 4, fill: faded(palette.blue, 0.16) },
        ]}
        scale={{ format: ms, logarithmic, atLeast: 0.01 }}
      />
    </Figure>
  );
}
