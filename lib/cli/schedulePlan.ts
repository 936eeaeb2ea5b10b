import type { Deps } from '../core/deps.js';
import type { Plan } from '../core/plan.js';
import type { Chosen } from '../plugin/chosen.js';
import { isPlan } from '../plugin/isPlan.js';

/** The plan behind a configured schedule; undefined when it is a stream, whose future nobody knows. */
export function schedulePlan(chosen: Chosen<'schedule'>, deps: Deps): Plan | undefined {
  const made = chosen.create(deps);
  return isPlan(made) ? made : undefined;
}
