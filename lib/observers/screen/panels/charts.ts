import type { Millis } from '../../../core/units.js';
import type { Histogram } from '../../../measure/histogram.js';
import { formatClock } from '../../../report/format.js';
import type { Slot } from '../../../view/timeline.js';
import { msText, rateText } from '../figures.js';
import { box, cell, fit, type Line, type Span, span, title } from '../line.js';
import { type Shown, subject } from './shown.js';

const EIGHTHS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const AXIS = 8;

/** The slots of a chart with so many columns, and the time that they span. */
function columnsOf(shown: Shown, width: number): { readonly slots: readonly Slot[]; readonly note: string } {
  const { totals } = subject(shown);
  const slots = totals.slots.slice(-Math.max(0, width - AXIS));
  const spanMs: Millis = slots.length * totals.slotMs;
  const each = totals.slotMs > 1000 ? `, ${totals.slotMs / 1000} s each` : '';
  return { slots, note: slots.length === 0 ? '' : `last ${formatClock(spanMs)}${each}` };
}

/** The ended rate over time as bars; `╴` marks the planned rate where it is above. */
export function rateChartPanel(shown: Shown, width: number, height: number): readonly Line[] {
  const { slots, note } = columnsOf(shown, width);
  const rows = height - 1;
  const top = Math.max(1e-9, ...slots.flatMap(({ point }) => [point.endedPerSecond ?? 0, point.plannedPerSecond ?? 0]));
  const line = (row: number): Line => {
    const floor = rows - 1 - row;
    const label = row === 0 ? rateText(top > 1e-9 ? top : 0) : row === rows - 1 ? '0' : '';
    const spans: Span[] = [span(`${cell(label, AXIS - 2, 'right')} ┤`, 'dim')];
    for (const { point } of slots) {
      const eighths = Math.round((((point.endedPerSecond ?? 0) / top) * rows - floor) * 8);
      const planned =
        point.plannedPerSecond === null ? -1 : Math.min(rows - 1, Math.floor((point.plannedPerSecond / top) * rows));
      if (eighths <= 0 && planned === floor && point.plannedPerSecond !== 0) spans.push(span('╴', 'dim'));
      else spans.push(span(EIGHTHS[Math.max(0, Math.min(8, eighths))] as string, 'accent'));
    }
    return fit(spans, width);
  };
  return box(
    [title('ended and planned rate', width, note), ...Array.from({ length: rows }, (_, row) => line(row))],
    width,
    height,
  );
}

/** The part of a histogram in each of some bands; `edges` are their lower ends in µs. */
function bandsOf({ buckets, count }: Histogram, edges: readonly number[]): readonly number[] {
  const parts = edges.map(() => 0);
  let band = 0;
  for (let i = 0; i < buckets.length; i += 2) {
    while (band < edges.length - 1 && (buckets[i] as number) >= (edges[band + 1] as number)) band++;
    parts[band] = (parts[band] as number) + (buckets[i + 1] as number) / count;
  }
  return parts;
}

/** The response times over time: each column is a span of time, each row a band of times, and the shade is the part of the operations. */
export function heatMapPanel(shown: Shown, width: number, height: number): readonly Line[] {
  const { slots, note } = columnsOf(shown, width);
  const rows = Math.max(1, height - 1);
  const spreads = slots.flatMap(({ point }) => point.response ?? []);
  const heading = title('response time, ms', width, note);
  if (spreads.length === 0) return box([heading, [span('         no operation has ended yet', 'dim')]], width, height);
  const low = Math.max(1, Math.min(...spreads.map(({ min }) => min * 1000)));
  const high = Math.max(low * 2, ...spreads.map(({ p999 }) => p999 * 1000));
  const bands = 2 * rows;
  const ratio = (high / low) ** (1 / bands);
  const edges = Array.from({ length: bands }, (_, band) => (band === 0 ? 0 : low * ratio ** band));
  const columns = slots.map(({ window: { total } }) =>
    total.response.count === 0 ? undefined : bandsOf(total.response, edges),
  );
  // A square root shows the tail, which is small beside the bulk.
  const level = (part: number | undefined): number => Math.sqrt(part ?? 0);
  const lines = Array.from({ length: rows }, (_, row): Line => {
    const upper = bands - 1 - 2 * row;
    const labelled = row === 0 || row === rows - 1 || (rows >= 5 && row === Math.floor(rows / 2));
    const label = labelled ? msText((low * ratio ** upper) / 1000) : '';
    return [
      span(`${cell(label, AXIS - 2, 'right')} ┤`, 'dim'),
      ...columns.map((parts): Span => {
        const tone = { upper: level(parts?.[upper]), lower: level(parts?.[upper - 1]) };
        return { text: ' ', tone };
      }),
    ];
  });
  return box([heading, ...lines], width, height);
}
