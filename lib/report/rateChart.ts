import type { Plan } from '../core/plan.js';
import type { PerSecond } from '../core/units.js';

/** Size of a {@link rateChart}. */
export interface RateChartOptions {
  /** Characters of the plot, without the axis. Default 60. */
  readonly width?: number;
  /** Lines of the plot. Default 8. */
  readonly height?: number;
}

const EIGHTHS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

function seconds(ns: number): string {
  return `${Number((ns / 1e9).toPrecision(4))} s`;
}

/**
 * Draws the planned rate of a finite plan over its time: one column per time slot, its height the operations that are due
 * in the slot per second. An unlimited plan has no rate to draw and gives an empty string, and so does one without length.
 *
 * @example
 * console.log(rateChart(linePlan({ from: 1, to: 100, duration: 60e9 })));
 */
export function rateChart(plan: Plan, { width = 60, height = 8 }: RateChartOptions = {}): string {
  if (!Number.isFinite(plan.count) || plan.durationNs === 0 || plan.count === 0) return '';
  const edge = (column: number): number => Math.round((plan.durationNs * column) / width);
  const rates: PerSecond[] = Array.from({ length: width }, (_, column) => {
    const [from, to] = [edge(column), edge(column + 1)];
    const until = column === width - 1 ? to + 1 : to;
    return ((plan.countAt(until) - plan.countAt(from)) * 1e9) / Math.max(1, to - from);
  });
  const peak = Math.max(...rates);
  const label = `${Number(peak.toPrecision(3))}/s`;
  const lines = Array.from({ length: height }, (_, line) => {
    const floor = height - 1 - line;
    const plot = rates.map((rate) => {
      const eighths = Math.round(((rate / peak) * height - floor) * 8);
      return EIGHTHS[Math.max(0, Math.min(8, eighths))];
    });
    return `${(line === 0 ? label : line === height - 1 ? '0/s' : '').padStart(label.length)} ┤${plot.join('')}`;
  });
  const end = seconds(plan.durationNs);
  const axis = `${' '.repeat(label.length)} └${'─'.repeat(width)}`;
  return [...lines, axis, `${' '.repeat(label.length + 2)}0 s${end.padStart(width - 3)}`].join('\n');
}
