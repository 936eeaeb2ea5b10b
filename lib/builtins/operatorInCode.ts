import type { Deps } from '../core/deps.js';
import type { OperatorPoint } from '../core/operatorPoint.js';
import type { PointOperator } from '../engine/poolPoints.js';
import type { OperatorDescriptor } from '../plugin/operatorDescriptor.js';
import { recipes } from '../plugin/recipe.js';
import type { CodeOptions } from './codeOptions.js';
import { inCode } from './inCode.js';

/**
 * Turns an operator of the config into a function for code that answers the RxJS operator.
 *
 * @example
 * const retag = operatorInCode(retagOperator);
 * samples.pipe(retag({ pattern: '[0-9]+' }));
 */
export function operatorInCode<P extends OperatorPoint, C>(
  descriptor: OperatorDescriptor<P, C>,
): (options?: CodeOptions<C>, deps?: Partial<Deps>) => PointOperator<P> {
  const make = inCode(descriptor);
  return (options, deps) => {
    const made = make(options, deps);
    const operator = made.operator as PointOperator<P>;
    const recipe = recipes.of(made);
    return recipe === undefined ? operator : recipes.keep(operator, recipe);
  };
}
