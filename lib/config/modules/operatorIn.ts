import { type Either, left, right } from 'fp-ts/lib/Either.js';
import type { AnyOperator } from '../../plugin-config/usedModules.js';
import { componentsIn } from './componentsIn.js';
import type { Exports } from './importModule.js';

const isOperator = (component: { readonly kind: string }): component is AnyOperator => component.kind === 'operator';

/** The operator that a module exports: its default, or the only one. */
export function operatorIn(exports: Exports): Either<string, AnyOperator> {
  const [byDefault] = componentsIn({ default: exports.default }).filter(isOperator);
  if (byDefault !== undefined) return right(byDefault);
  const [only, second] = componentsIn(exports).filter(isOperator);
  if (only === undefined) return left('it exports none: export default defineOperator(...)');
  if (second === undefined) return right(only);
  return left(`it exports several (${only.name}, ${second.name}): make the one that is meant its default export`);
}
