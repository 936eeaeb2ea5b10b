import type { Millis } from '../core/units.js';
import type { Distribution } from './histogram.js';

/** Planned operations that were not shot. */
export interface NotShot {
  readonly count: number;
  /** Of so many that were planned or recorded. */
  readonly of: number;
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
    ...{ count, of: whole, why },
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
