import pico from 'picocolors';
import type { Millis, PerSecond } from '../core/units.js';
import { formatClock, formatCount, formatMs, formatRate } from './format.js';

/** The state of a pool at one moment. */
export interface ProgressState {
  /** Empty: the line has no name. */
  readonly pool: string;
  readonly elapsedMs: Millis;
  /** Planned length of the run; `null` when unknown. */
  readonly totalMs: Millis | null;
  /** `Infinity` while unlimited; `null` when unknown. */
  readonly plannedPerSecond: PerSecond | null;
  /** Rate of the last window. */
  readonly achievedPerSecond: PerSecond | null;
  readonly inFlight: number;
  /** Operations since the start that ended bad or failed. */
  readonly bad: number;
  /** Response times of the last window; `null` when nothing ended in it. */
  readonly p50Ms: Millis | null;
  readonly p99Ms: Millis | null;
}

/** Options of {@link progressLine}. */
export interface ProgressLineOptions {
  /** Default false. */
  readonly colour?: boolean;
  /** Columns of the terminal; parts that do not fit are omitted, beginning with the last. Default 100. */
  readonly width?: number;
}

/**
 * One line about a running pool.
 *
 * @example
 * declare const state: ProgressState;
 * progressLine(state);
 * // 'main  00:12 of 01:00  498/s of 500/s  p50 12.10 p99 40.25 ms  in flight 12  bad 0'
 */
export function progressLine(state: ProgressState, options: ProgressLineOptions = {}): string {
  const { colour = false, width = 100 } = options;
  const paint = pico.createColors(colour);
  const { pool, elapsedMs, totalMs, plannedPerSecond, p50Ms, p99Ms, bad } = state;
  const plain = (text: string): string => text;
  const times =
    p50Ms === null || p99Ms === null ? 'p50 - p99 - ms' : `p50 ${formatMs(p50Ms)} p99 ${formatMs(p99Ms)} ms`;
  const planned = plannedPerSecond === null ? '' : ` of ${formatRate(plannedPerSecond)}`;
  const parts: readonly (readonly [text: string, paint: (text: string) => string])[] = [
    [pool, paint.bold],
    [`${formatClock(elapsedMs)}${totalMs === null ? '' : ` of ${formatClock(totalMs)}`}`, plain],
    [`${formatRate(state.achievedPerSecond)}${planned}`, plain],
    [times, plain],
    [`in flight ${formatCount(state.inFlight)}`, plain],
    [`bad ${formatCount(bad)}`, bad > 0 ? paint.red : plain],
  ];
  let used = 0;
  const shown: string[] = [];
  for (const [text, painted] of parts) {
    if (text === '') continue;
    used += text.length + (shown.length > 0 ? 2 : 0);
    if (used > width) break;
    shown.push(painted(text));
  }
  return shown.join('  ');
}
