import { defined } from '../../core/defined.js';
import type { RunVerdict, VerdictLevel, VerdictReason } from '../runVerdict.js';
import type { SummarySnapshot } from '../summary.js';
import { DEFAULT_VERDICT, type ReasonCode, type VerdictSettings } from './limits.js';
import { type PoolReason, poolReasons } from './poolReasons.js';
import { NO_PROCESS, type ProcessTotals, processReasons } from './processTotals.js';

/** The facts of a run besides the summaries of its pools. */
export interface VerdictFacts {
  readonly settings?: VerdictSettings;
  /** Default: not measured. */
  readonly usage?: ProcessTotals;
  /** How many threads shared the run. Default 1. */
  readonly threads?: number;
  /** Samples that were dropped because a result was too slow. Default 0. */
  readonly dropped?: number;
}

/** Reasons that all pools of a thread have in common. */
const ONE_FOR_ALL: ReadonlySet<ReasonCode> = new Set(['busy', 'event-loop', 'gc']);

const ORDER: readonly VerdictLevel[] = ['VALID', 'DEGRADED', 'INVALID'];

/** True when a level is as bad as another, or worse. */
export function atLeastAsBad(level: VerdictLevel, as: VerdictLevel): boolean {
  return ORDER.indexOf(level) >= ORDER.indexOf(as);
}

function droppedReason(count: number): readonly PoolReason[] {
  if (count === 0) return [];
  const text = `${count} samples were dropped because a result was too slow: the numbers are not complete`;
  return [{ code: 'dropped', level: 'INVALID', text, value: count, limit: 0 }];
}

/**
 * Whether a run is evidence about its target, with the reasons that make it less valid: the worst first.
 *
 * @param pools The summaries of all pools.
 * @example
 * declare const summaries: readonly SummarySnapshot[];
 * const { level, reasons } = verdictOf(summaries);
 * console.log(level, reasons.map(({ text }) => text));
 */
export function verdictOf(pools: readonly SummarySnapshot[], facts: VerdictFacts = {}): RunVerdict {
  const { settings = DEFAULT_VERDICT, usage = NO_PROCESS, threads = 1, dropped = 0 } = facts;
  const ofPools = pools.flatMap((summary) =>
    poolReasons(summary, settings).map((reason): PoolReason => {
      const pool = pools.length > 1 && summary.pool !== '' ? summary.pool : undefined;
      return { ...reason, ...defined({ pool }) };
    }),
  );
  // A blocked or busy event loop is one for all pools of a thread, and a busy loop is a busy core.
  const seen = new Set<ReasonCode>();
  const distinct = ofPools.filter(({ code }) => {
    const repeated = ONE_FOR_ALL.has(code) && seen.has(code);
    seen.add(code);
    return !repeated;
  });
  const ofProcess = processReasons(usage, threads).filter(
    ({ code }) => !(code === 'cpu' && seen.has('busy')) && !(code === 'gc' && seen.has('gc')),
  );
  const reasons = [...droppedReason(dropped), ...distinct, ...ofProcess].filter(
    ({ code }) => !settings.ignore.includes(code),
  );
  const worst = (a: VerdictReason, b: VerdictReason): number => ORDER.indexOf(b.level) - ORDER.indexOf(a.level);
  const ordered = reasons.toSorted(worst);
  return { level: ordered[0]?.level ?? 'VALID', reasons: ordered };
}
