import type { Millis } from '../../core/units.js';
import { PROCESS_EVERY_MS, type ProcessReading } from '../processReading.js';
import type { VerdictReason } from '../runVerdict.js';
import { VERDICT_LIMITS as LIMITS, type ReasonCode } from './limits.js';
import { gcReason } from './poolReasons.js';

/** What the process of the generator used in a whole run: the sum of its readings. */
export interface ProcessTotals {
  readonly spanMs: Millis;
  readonly cpuMs: Millis;
  readonly gcPauseMs: Millis;
  readonly longestGcPauseMs: Millis;
  /** For how long it was stopped, such as by SIGSTOP or with the whole machine. */
  readonly stoppedMs: Millis;
  /** The largest step of the clock of the machine, forward or back. */
  readonly clockStepMs: Millis;
  /** The largest part of the allowed files that were open, in percent; 0 when it is not known. */
  readonly openFilesPercent: number;
}

export const NO_PROCESS: ProcessTotals = {
  spanMs: 0,
  cpuMs: 0,
  gcPauseMs: 0,
  longestGcPauseMs: 0,
  stoppedMs: 0,
  clockStepMs: 0,
  openFilesPercent: 0,
};

/** A span is long when its timer was late; while the process did no work, it was stopped. */
function stoppedIn({ spanMs, userMs, systemMs }: ProcessReading): Millis {
  const beyond = spanMs - PROCESS_EVERY_MS;
  return beyond > LIMITS.stoppedMs && userMs + systemMs < beyond / 2 ? beyond : 0;
}

/** The totals with one more reading. */
export function addReading(totals: ProcessTotals, reading: ProcessReading): ProcessTotals {
  const { spanMs, userMs, systemMs, gcPauseMs, longestGcPauseMs, clockStepMs = 0, openFiles, openFilesLimit } = reading;
  const open = openFiles === null || openFilesLimit === null ? 0 : (100 * openFiles) / openFilesLimit;
  return {
    spanMs: totals.spanMs + spanMs,
    cpuMs: totals.cpuMs + userMs + systemMs,
    gcPauseMs: totals.gcPauseMs + gcPauseMs,
    longestGcPauseMs: Math.max(totals.longestGcPauseMs, longestGcPauseMs),
    stoppedMs: totals.stoppedMs + stoppedIn(reading),
    clockStepMs: Math.abs(clockStepMs) > Math.abs(totals.clockStepMs) ? clockStepMs : totals.clockStepMs,
    openFilesPercent: Math.max(totals.openFilesPercent, open),
  };
}

const seconds = (value: Millis): string => `${Number((value / 1000).toPrecision(3))} s`;
const percent = (value: number): string => `${Number(value.toPrecision(2))} %`;

/**
 * What makes a run less valid for the whole process.
 *
 * @param threads How many threads shared the run: each may use a core.
 */
export function processReasons(
  totals: ProcessTotals,
  threads: number,
): readonly (VerdictReason & { code: ReasonCode })[] {
  const { spanMs, cpuMs, gcPauseMs, longestGcPauseMs, stoppedMs, clockStepMs, openFilesPercent } = totals;
  if (spanMs === 0) return [];
  const reasons: (VerdictReason & { code: ReasonCode })[] = [];
  const cpu = (100 * cpuMs) / (spanMs * threads);
  if (cpu >= LIMITS.busyPercent) {
    const cores = threads === 1 ? 'a core' : `${threads} cores`;
    const text = `the generator used ${percent(cpu)} of ${cores}: it may limit the rate, use more threads or machines`;
    reasons.push({ code: 'cpu', level: 'DEGRADED', text, value: cpu, limit: LIMITS.busyPercent });
  }
  if (threads === 1) reasons.push(...gcReason((100 * gcPauseMs) / spanMs, longestGcPauseMs));
  if (stoppedMs > 0) {
    const share = (100 * stoppedMs) / spanMs;
    const level = share > LIMITS.stoppedInvalidPercent ? 'INVALID' : 'DEGRADED';
    const text = `the process was stopped for ${seconds(stoppedMs)}: by a signal, or with its machine`;
    reasons.push({ code: 'stopped', level, text, value: stoppedMs, limit: LIMITS.stoppedMs });
  }
  if (Math.abs(clockStepMs) > LIMITS.clockStepMs) {
    const text = `the clock of the machine was moved by ${seconds(clockStepMs)}: the moments of the results do not fit those of other machines`;
    reasons.push({ code: 'clock-step', level: 'DEGRADED', text, value: clockStepMs, limit: LIMITS.clockStepMs });
  }
  if (openFilesPercent > LIMITS.openFilesPercent) {
    const text = `${percent(openFilesPercent)} of the allowed files were open: raise ulimit -n`;
    reasons.push({ code: 'files', level: 'DEGRADED', text, value: openFilesPercent, limit: LIMITS.openFilesPercent });
  }
  return reasons;
}
