import { type Plan, planLeaves } from '../core/plan.js';
import type { Millis, Nanos, PerSecond } from '../core/units.js';

/** A rate over time. */
export interface RateSeries {
  /** The title of its plot, when there are several. */
  readonly label: string;
  /** One rate per slot of time; all slots have the same length. */
  readonly perSecond: readonly PerSecond[];
}

/** Options of {@link rateChart}. */
export interface RateChartOptions {
  /** The time from the begin of the first slot to the end of the last. */
  readonly durationMs: Millis;
  /** Characters of a plot, without the axis. Default 60. */
  readonly width?: number;
  /** Lines of a plot. Default 8 for one series, 4 for several. */
  readonly height?: number;
}

const EIGHTHS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

function seconds(ms: Millis): string {
  return `${Number((ms / 1000).toPrecision(4))} s`;
}

/** The mean rate in each of `width` columns. */
function resample(perSecond: readonly PerSecond[], width: number): readonly PerSecond[] {
  const slots = perSecond.length;
  const upTo = [0];
  for (const rate of perSecond) upTo.push((upTo.at(-1) as number) + rate);
  const sumTo = (slot: number): number => {
    const whole = Math.min(slots, Math.floor(slot));
    return (upTo[whole] as number) + (slot - whole) * (perSecond[whole] ?? 0);
  };
  return Array.from({ length: width }, (_, column) => {
    const [from, to] = [(slots * column) / width, (slots * (column + 1)) / width];
    return (sumTo(to) - sumTo(from)) / (to - from);
  });
}

function plot(rates: readonly PerSecond[], peak: PerSecond, height: number, label: string): string[] {
  return Array.from({ length: height }, (_, line) => {
    const floor = height - 1 - line;
    const bars = rates.map((rate) => {
      const eighths = Math.round(((rate / peak) * height - floor) * 8);
      return EIGHTHS[Math.max(0, Math.min(8, eighths))];
    });
    return `${(line === 0 ? label : line === height - 1 ? '0/s' : '').padStart(label.length)} ┤${bars.join('')}`;
  });
}

/**
 * Draws rates over time in a terminal, one plot above another, all on the same scales, so that the same time is in
 * the same column. Returns an empty string when there are no rates or all are 0.
 *
 * @example
 * console.log(rateChart([{ label: 'planned', perSecond: [1, 2, 3] }], { durationMs: 3000 }));
 */
export function rateChart(series: readonly RateSeries[], options: RateChartOptions): string {
  const { durationMs, width = 60, height = series.length > 1 ? 4 : 8 } = options;
  const drawn = series
    .filter(({ perSecond }) => perSecond.length > 0)
    .map(({ label, perSecond }) => ({ label, rates: resample(perSecond, width) }));
  const peak = Math.max(0, ...drawn.flatMap(({ rates }) => rates));
  if (peak === 0 || durationMs <= 0) return '';
  const scale = `${Number(peak.toPrecision(3))}/s`;
  const margin = ' '.repeat(scale.length);
  const plots = drawn.flatMap(({ label, rates }) => [
    ...(drawn.length > 1 ? [`${margin}  ${label}`] : []),
    ...plot(rates, peak, height, scale),
  ]);
  const axis = `${margin} └${'─'.repeat(width)}`;
  return [...plots, axis, `${margin}  0 s${seconds(durationMs).padStart(width - 3)}`].join('\n');
}

/**
 * Operations up to a moment, with a fraction for the time to the next one, so that a constant rate is shown as constant
 * for any length of the slots.
 */
function reached(plan: Plan, offsetNs: Nanos): number {
  const before = plan.countAt(offsetNs);
  // In a pause no operation is under way.
  if (before === 0 || plan.rateAt(offsetNs) === 0) return before;
  const last = plan.atNs(before - 1);
  const next = before < plan.count ? plan.atNs(before) : plan.durationNs;
  return before - 1 + (next > last ? Math.min(1, (offsetNs - last) / (next - last)) : 1);
}

/**
 * The planned rate of a finite plan in each of `slots` slots of its time: the operations in it per second. An
 * operation is spread from its moment to the next one. A plan without end or length has no rates.
 */
export function planRates(plan: Plan, slots: number): readonly PerSecond[] {
  if (!Number.isFinite(plan.count) || plan.durationNs === 0 || plan.count === 0) return [];
  const edge = (slot: number): number => Math.round((plan.durationNs * slot) / slots);
  return Array.from({ length: slots }, (_, slot) => {
    const [from, to] = [edge(slot), edge(slot + 1)];
    const until = slot === slots - 1 ? plan.count : reached(plan, to);
    return ((until - reached(plan, from)) * 1e9) / Math.max(1, to - from);
  });
}

const PROBES = 1000;

/**
 * The highest planned rate. `Infinity` when a part is unlimited or a burst (no time, some operations); 0 for a pause.
 */
export function peakRate(plan: Plan): PerSecond {
  let peak = 0;
  for (const leaf of planLeaves(plan)) {
    if (leaf.unlimited === true) return Number.POSITIVE_INFINITY;
    for (let probe = 0; probe <= PROBES; probe++) {
      peak = Math.max(peak, leaf.rateAt(Math.min(leaf.durationNs - 1, (leaf.durationNs * probe) / PROBES)));
    }
  }
  return peak;
}
