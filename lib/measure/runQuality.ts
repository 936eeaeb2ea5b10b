import type { Millis } from '../core/units.js';
import type { Distribution } from './histogram.js';

/** Whether a run is evidence about the target, or about the machine that generated the load. */
export interface RunQuality {
  /** True when the generator was so late that the numbers are not valid. */
  readonly late: boolean;
  /** The limit of the 99th percentiles of the lateness and of the delay of the event loop. */
  readonly limitMs: Millis;
  /** The result as a sentence. */
  readonly text: string;
}

/** Figures of the event loop of the generator. */
export interface LoopFigures {
  readonly delayMs: Distribution;
  /** From 0 to 1; `null` when it is not known. */
  readonly utilization: number | null;
}

const LATENESS_FLOOR_MS = 10;
const LATENESS_SHARE_OF_RESPONSE = 0.05;
/** From this utilization on, the generator may limit a closed loop. */
const SATURATED = 0.95;

const ms = (value: Millis): string => `${value.toFixed(1)} ms`;

/**
 * Judges the generator: too late when the 99th percentile of its lateness, or of the delay of its event loop, is more
 * than 10 ms and more than 5 % of the median response time. Waiting for a free instance is not part of it. The event
 * loop also shows stalls in a closed loop, which has no due operation during a stall.
 */
export function runQuality(lateness: Distribution, response: Distribution, loop?: LoopFigures): RunQuality {
  const limitMs = Math.max(LATENESS_FLOOR_MS, LATENESS_SHARE_OF_RESPONSE * response.p50);
  if (lateness.count === 0) return { late: false, limitMs, text: 'nothing was shot' };
  const seen = loop !== undefined && loop.delayMs.count > 0 ? loop : undefined;
  const blocked = seen !== undefined && seen.delayMs.p99 > limitMs;
  const late = lateness.p99 > limitMs;
  const busy =
    seen === undefined || seen.utilization === null ? '' : ` and ${Math.round(seen.utilization * 100)} % busy`;
  const figures = [
    `p99 ${ms(lateness.p99)}`,
    ...(seen === undefined ? [] : [`event loop p99 ${ms(seen.delayMs.p99)}${busy}`]),
    `limit ${ms(limitMs)}`,
  ].join(', ');
  const saturated =
    (seen?.utilization ?? 0) >= SATURATED ? '; a core is used up, so it may be what limits the rate' : '';
  if (late)
    return { late, limitMs, text: `the generator, not the target, was late (${figures}): do not trust these times` };
  if (blocked) return { late: true, limitMs, text: `the generator was blocked (${figures}): do not trust these times` };
  return { late, limitMs, text: `the generator was on time (${figures})${saturated}` };
}

/** Planned operations that were not shot. */
export interface NotShot {
  readonly count: number;
  /** The cause and a remedy: the part of `text` after its colon. */
  readonly why: string;
  /** The part that was not shot, the cause and a remedy, as a sentence. */
  readonly text: string;
}

/** Input of {@link notShotOf}. */
export interface ShotFacts {
  readonly planned: { readonly count: number | null; readonly durationMs: Millis } | null;
  readonly count: number;
  readonly discarded: number;
  readonly discardedLate: number;
  readonly unfinished: number;
  readonly underWay: number;
  readonly withoutAmmo: number;
  readonly service: Distribution;
  /** The number of instances; undefined when it is unknown. */
  readonly instances: number | undefined;
}

const seconds = (value: Millis): string => `${Number((value / 1000).toPrecision(2))} s`;
const percent = (part: number, whole: number): string => {
  const share = (100 * part) / whole;
  if (part < whole && share > 99) return `${Math.floor(share * 100) / 100} %`;
  return share < 0.01 ? '<0.01 %' : `${share < 1 ? share.toFixed(2) : Math.round(share)} %`;
};

/**
 * The part of the planned operations that was due and not shot, with the cause; undefined when there is none. The number of instances
 * needed is the planned rate times the mean service time (Little's law).
 */
export function notShotOf(facts: ShotFacts): NotShot | undefined {
  const { planned, discarded, discardedLate, withoutAmmo, service, instances } = facts;
  const waiting = facts.unfinished - facts.underWay;
  const count = discarded + waiting + withoutAmmo;
  if (count === 0) return undefined;
  const whole = Math.max(planned?.count ?? 0, facts.count + withoutAmmo);
  const because = (why: string): NotShot => ({
    ...{ count, why },
    text: `${percent(count, whole)} of the planned operations were not shot: ${why}`,
  });
  const most = Math.max(withoutAmmo, discardedLate, discarded - discardedLate, waiting);
  if (most === withoutAmmo) return because(`there was no ammo for ${withoutAmmo} of them`);
  if (most === discardedLate && discardedLate > 0) return because('the generator was late');
  if (most === waiting) return because(`${waiting} were still waiting at the end of the run`);
  const had = instances === undefined ? '' : `${instances} ${instances === 1 ? 'instance' : 'instances'}, `;
  const needed =
    planned === null || planned.count === null || planned.durationMs <= 0
      ? undefined
      : Math.ceil((planned.count / planned.durationMs) * service.mean);
  const enough = needed === undefined || needed <= (instances ?? 0) ? '' : `; about ${needed} instances are needed`;
  return because(`${had}${seconds(service.mean)} a shot${enough}`);
}
