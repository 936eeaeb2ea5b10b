import { ElpisError } from '../../core/errors.js';
import type { Plan } from '../../core/plan.js';

/**
 * The plan, when all its operations have planned times.
 *
 * @param verb What can't be done otherwise, such as `scaleRate`.
 * @throws ElpisError `ELPIS_CONFIG` when a part is unlimited.
 */
export function countedPlan(verb: string, plan: Plan): Plan {
  if (Number.isFinite(plan.count)) return plan;
  throw new ElpisError(
    'ELPIS_CONFIG',
    `${verb}: an unlimited schedule has no planned times; expected a schedule with a known count`,
    { hint: `apply ${verb} to the other parts alone, and join them with the unlimited one by concatTicks` },
  );
}
