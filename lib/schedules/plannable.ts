import { checked } from '../codec/bounds.js';
import type { Fields, Struct, StructOf } from '../codec/struct.js';
import { isElpisError } from '../core/errors.js';
import type { Plan } from '../core/plan.js';

/** Why no plan can be made; undefined when it can. */
function refusal(make: () => Plan): string | undefined {
  try {
    make();
    return undefined;
  } catch (error) {
    if (isElpisError(error, 'ELPIS_CONFIG')) return [error.message, error.hint].join('; ');
    throw error;
  }
}

/**
 * The options of a schedule, with an issue when no plan can be made from them, such as for more operations than can be
 * numbered. So `check` reports the place in the config.
 *
 * @param make Makes the plan; throws `ELPIS_CONFIG` when that is impossible.
 */
export function plannable<F extends Fields>(options: Struct<F>, make: (config: StructOf<F>) => Plan): Struct<F> {
  const codec = checked(
    options,
    (config) => refusal(() => make(config)) === undefined,
    'a schedule that can be counted',
    'max',
    { hint: (config) => refusal(() => make(config)) },
  );
  return Object.assign(codec, { fields: options.fields });
}
