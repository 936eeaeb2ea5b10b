import type { Millis } from '../../core/units.js';
import type { Distribution } from '../histogram.js';
import type { VerdictReason } from '../runVerdict.js';
import type { SummarySnapshot } from '../summary.js';
import { VERDICT_LIMITS as LIMITS, type ReasonCode, type VerdictSettings } from './limits.js';

/** The reason for pauses of the garbage collector that take this part of the time; none when it is small enough. */
export function gcReason(partPercent: number, longestMs: Millis): PoolReason[] {
  if (partPercent <= LIMITS.gcPercent) return [];
  const level = partPercent > LIMITS.gcInvalidPercent ? 'INVALID' : 'DEGRADED';
  const text = `the garbage collector stopped the generator for ${percent(partPercent)} of the time, for up to ${ms(longestMs)}`;
  return [{ code: 'gc', level, text, value: partPercent, limit: LIMITS.gcPercent }];
}

/** A reason whose code is one of the table. */
export type PoolReason = VerdictReason & { readonly code: ReasonCode };

type Level = VerdictReason['level'];

const ms = (value: Millis): string => `${value.toFixed(1)} ms`;
const percent = (value: number): string => `${Number(value.toPrecision(2))} %`;

/** The limit of a delay of the generator: absolute, or a share of the median response time. */
export function latenessLimit({ latenessMs }: VerdictSettings, response: Pick<Distribution, 'p50'>): Millis {
  return Math.max(latenessMs, (LIMITS.latenessOfResponsePercent / 100) * response.p50);
}

/** The level of a delay with that 99th percentile; undefined when it is small enough. */
function levelOfDelay(p99: Millis, limitMs: Millis): Level | undefined {
  if (p99 > limitMs) return 'INVALID';
  return p99 > LIMITS.degradedPart * limitMs ? 'DEGRADED' : undefined;
}

function latenessReasons({ latenessMs, loop, total }: SummarySnapshot, settings: VerdictSettings): PoolReason[] {
  const limit = latenessLimit(settings, total.responseTimeMs);
  const late = latenessMs.count === 0 ? undefined : levelOfDelay(latenessMs.p99, limit);
  const blocked = loop.delayMs.count === 0 ? undefined : levelOfDelay(loop.delayMs.p99, limit);
  const trust = (level: Level): string =>
    level === 'INVALID' ? 'do not trust these times' : 'small times are not exact';
  const reasons: PoolReason[] = [];
  if (late !== undefined) {
    const text = `the generator, not the target, was late (p99 ${ms(latenessMs.p99)}, limit ${ms(limit)}): ${trust(late)}`;
    reasons.push({ code: 'lateness', level: late, text, value: latenessMs.p99, limit });
  }
  if (blocked !== undefined) {
    const text = `the event loop of the generator was blocked (p99 ${ms(loop.delayMs.p99)}, limit ${ms(limit)}): ${trust(blocked)}`;
    reasons.push({ code: 'event-loop', level: blocked, text, value: loop.delayMs.p99, limit });
  }
  const busy = 100 * (loop.utilization ?? 0);
  // Without an operation there is no rate to limit: a run that ends at once is busy with its own start.
  if (busy >= LIMITS.busyPercent && total.count > 0) {
    const text = `a core was used up (${percent(busy)} busy), so the generator may limit the rate: use more threads`;
    reasons.push({ code: 'busy', level: 'DEGRADED', text, value: busy, limit: LIMITS.busyPercent });
  }
  return reasons;
}

/** Pauses of the garbage collector, over all threads that shoot: of each, the same part of its time. */
function gcReasons({ window: { loop } }: SummarySnapshot): PoolReason[] {
  const spanMs = loop.activeMs + loop.idleMs;
  return spanMs === 0 ? [] : gcReason((100 * loop.gcMs) / spanMs, loop.longestGcMs);
}

function loadReasons(
  { planned, total, notShot, applied, window }: SummarySnapshot,
  settings: VerdictSettings,
): PoolReason[] {
  if (total.count === 0 && window.withoutAmmo === 0) {
    if (planned?.count === 0) return [];
    const text = 'nothing was shot, so the run proves nothing';
    return [{ code: 'nothing-shot', level: 'INVALID', text, value: 0, limit: 1 }];
  }
  const reasons: PoolReason[] = [];
  if (notShot !== undefined) {
    const value = (100 * notShot.count) / notShot.of;
    const limit = settings.notShotPercent;
    const level = value > limit ? 'INVALID' : 'DEGRADED';
    reasons.push({ code: 'not-shot', level, text: notShot.text, value, limit });
  }
  if (applied !== undefined && applied.planned >= LIMITS.leastOperations) {
    const missed = applied.planned - applied.begun;
    const value = (100 * missed) / applied.planned;
    // Operations that were not shot have a reason of their own.
    const explained = (reasons[0]?.value ?? 0) >= value;
    if (value > LIMITS.missedRatePercent && !explained) {
      const level = value > LIMITS.missedRateInvalidPercent ? 'INVALID' : 'DEGRADED';
      const text = `the load was lower than the plan: ${missed} of ${applied.planned} operations were due and not begun at its end`;
      reasons.push({ code: 'missed-rate', level, text, value, limit: LIMITS.missedRatePercent });
    }
  }
  return reasons;
}

function lostShareReasons({ lostShares = [] }: SummarySnapshot): PoolReason[] {
  const [first] = lostShares;
  if (first === undefined) return [];
  const [which, whose] =
    lostShares.length === 1 ? [`share ${first.share} was`, 'its'] : [`${lostShares.length} shares were`, 'their'];
  const missing = lostShares.reduce((sum, lost) => sum + (lost.missing ?? 0), 0);
  const known = lostShares.every((lost) => lost.missing !== null);
  const count = known ? `${missing}` : missing > 0 ? `at least ${missing}` : 'an unknown number';
  const text = `${which} lost: ${count} of ${whose} operations are missing`;
  return [{ code: 'lost-share', level: 'DEGRADED', text, value: lostShares.length, limit: 0 }];
}

/** Failures for which this machine is the cause, by their stable names. */
const EXHAUSTED: readonly (readonly [ReasonCode, readonly string[], string])[] = [
  [
    'ports',
    ['no local port', 'no local address'],
    'local ports were used up: keep connections, or use more local addresses',
  ],
  ['files', ['too many open files'], 'open files were used up: raise ulimit -n'],
];

function connectionReasons({ total, window }: SummarySnapshot): PoolReason[] {
  const reasons = EXHAUSTED.flatMap(([code, names, cause]): PoolReason[] => {
    const count = total.failures.reduce(
      (sum, failure) => (names.includes(failure.name) ? sum + failure.count : sum),
      0,
    );
    if (count === 0) return [];
    const value = (100 * count) / total.ended;
    const level = value > LIMITS.exhaustedPercent ? 'INVALID' : 'DEGRADED';
    const text = `${count} operations failed on this machine, not at the target: ${cause}`;
    return [{ code, level, text, value, limit: 0 }];
  });
  const { closedByTarget } = window.connections;
  const value = total.ended === 0 ? 0 : (100 * closedByTarget) / total.ended;
  if (value > LIMITS.notKeptPercent && closedByTarget >= LIMITS.leastOperations) {
    const text = `the target closed ${closedByTarget} connections, one for ${percent(value)} of the operations: the times contain the opening of new ones`;
    reasons.push({ code: 'connections', level: 'DEGRADED', text, value, limit: LIMITS.notKeptPercent });
  }
  return reasons;
}

function threadReasons({ threads = [], total }: SummarySnapshot, settings: VerdictSettings): PoolReason[] {
  const mean = threads.reduce((sum, { ended }) => sum + ended, 0) / Math.max(1, threads.length);
  const limit = latenessLimit(settings, total.responseTimeMs);
  return threads.flatMap(({ ended, latenessP99Ms }, thread): PoolReason[] => {
    const value = (100 * ended) / Math.max(1, mean);
    if (mean >= LIMITS.leastOperations && value < LIMITS.threadPercent) {
      const text = `thread ${thread} ended ${ended} operations, ${percent(value)} of the mean of the threads`;
      return [{ code: 'threads', level: 'DEGRADED', text, value, limit: LIMITS.threadPercent }];
    }
    if (latenessP99Ms <= limit) return [];
    const text = `thread ${thread} was late (p99 ${ms(latenessP99Ms)}, limit ${ms(limit)})`;
    return [{ code: 'threads', level: 'DEGRADED', text, value: latenessP99Ms, limit }];
  });
}

/** What makes the numbers of one pool less valid. */
export function poolReasons(summary: SummarySnapshot, settings: VerdictSettings): readonly PoolReason[] {
  return [
    ...loadReasons(summary, settings),
    ...lostShareReasons(summary),
    ...latenessReasons(summary, settings),
    ...gcReasons(summary),
    ...connectionReasons(summary),
    ...threadReasons(summary, settings),
  ];
}
