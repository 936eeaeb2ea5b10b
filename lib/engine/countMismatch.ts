import type { FiringMeter } from '../../operators/firing/meter.js';
import { countInShare, WHOLE } from '../core/deps.js';
import { ElpisError } from '../core/errors.js';
import type { Pool } from './pool.js';

/**
 * Checks at the end of a pool that every operation of its plan is counted once: as given to a gun, discarded,
 * unfinished, without ammo, or not due yet when the run was ended. Undefined when the counts agree, or when the
 * number of operations is unknown: with an unlimited schedule, a pushed one, one per instance, operators of shots, a
 * share that has taken over those of a lost one, a pool that failed before it opened its schedule, or samples that an operator has ended.
 */
export function countMismatch(pool: Pool, meter: FiringMeter): ElpisError | undefined {
  const { plan, rpsPerInstance, operators, share = WHOLE, from } = pool;
  const changed = operators?.shots !== undefined && operators.shots.length > 0;
  if (
    plan === undefined ||
    !Number.isFinite(plan.count) ||
    rpsPerInstance ||
    changed ||
    from !== undefined ||
    !meter.accounted ||
    meter.stoppedAt === Number.NEGATIVE_INFINITY
  )
    return undefined;
  const planned = countInShare(share, plan.count);
  const { requests, responses, discarded, overdue, withoutAmmo, notDue } = meter;
  const counted = requests + discarded + overdue + withoutAmmo + notDue;
  if (counted === planned && requests === responses) return undefined;
  const parts = `${requests} given to guns (${responses} ended), ${discarded} discarded, ${overdue} unfinished, ${withoutAmmo} without ammo, ${notDue} not due`;
  return new ElpisError('ELPIS_COUNTS', `${planned} operations were planned, and ${counted} are counted: ${parts}`, {
    hint: 'the results of this run are incomplete; this is a defect of Elpis or of your own schedule: please report it',
  });
}
