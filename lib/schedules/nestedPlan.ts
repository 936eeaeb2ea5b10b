import { ElpisError } from '../core/errors.js';
import type { Deps } from '../core/deps.js';
import type { Plan } from '../core/plan.js';
import type { Chosen } from '../plugin/chosen.js';
import { isPlan } from '../plugin/isPlan.js';

/**
 * The plan of a schedule inside another.
 *
 * @param whole What the other one is, such as `a composite`.
 * @throws ElpisError `ELPIS_CONFIG` when the schedule is a stream.
 */
export function nestedPlan(part: Chosen<'schedule'>, whole: string, deps: Deps): Plan {
  const made = part.create(deps);
  if (isPlan(made)) return made;
  throw new ElpisError('ELPIS_CONFIG', `schedule "${part.name}" is a stream, so it can not be part of ${whole}`, {
    hint: 'let it make a Plan, or join streams in code',
  });
}
