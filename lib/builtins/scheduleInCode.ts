import { ticks } from '../../operators/ticks.js';
import type { Deps } from '../core/deps.js';
import { ElpisError } from '../core/errors.js';
import type { Schedule } from '../coreutil/schedule.js';
import type { Descriptor } from '../plugin/descriptor.js';
import { isPlan } from '../plugin/isPlan.js';
import { lenient } from '../plugin/lenient.js';
import { recipes } from '../plugin/recipe.js';
import type { CodeOptions } from './codeOptions.js';
import { inCode } from './inCode.js';

/**
 * Turns a schedule of the config into a function for code that answers a stream of ticks.
 *
 * @example
 * const line = scheduleInCode(lineSchedule);
 * line({ from: 1, to: 500, duration: '60s' }).subscribe();
 */
export function scheduleInCode<C>(
  descriptor: Descriptor<'schedule', C>,
): (options?: CodeOptions<C>, deps?: Partial<Deps>) => Schedule {
  const make = inCode(descriptor);
  return (options, deps = {}) => {
    const plan = make(options, deps);
    const recipe = recipes.of(plan);
    // Wrong options in a config, which is checked as a whole.
    if (lenient.now() && recipe !== undefined && !isPlan(plan)) return plan as Schedule;
    if (!isPlan(plan)) throw new ElpisError('ELPIS_CONFIG', `schedule "${descriptor.name}" makes no plan`);
    const { scheduler, share } = deps;
    const schedule = ticks(plan, {
      ...(scheduler === undefined ? {} : { scheduler }),
      ...(share === undefined ? {} : { share }),
    });
    return recipe === undefined ? schedule : recipes.keep(schedule, recipe);
  };
}
