import { ticks } from '../../operators/ticks.js';
import type { Plan } from '../core/plan.js';
import { Schedule } from '../coreutil/schedule.js';
import type { NamedOperator } from './poolOperators.js';
import { throughOperators } from './throughOperators.js';

/**
 * What a plan becomes behind operators of ticks: operators of plans change it, such as `scaleRate`; undefined behind any
 * other, for nobody knows what that one does to the ticks.
 *
 * @throws ElpisError `ELPIS_OPERATOR` when an operator can not be applied.
 */
export function planThrough(plan: Plan | undefined, operators: readonly NamedOperator<'ticks'>[]): Plan | undefined {
  if (plan === undefined || operators.length === 0) return plan;
  const made = throughOperators(ticks(plan), 'ticks', operators);
  return made instanceof Schedule ? made.plan : undefined;
}
