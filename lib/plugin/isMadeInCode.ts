import { recipes } from './recipe.js';

/** True for a map that is really a component, made or chosen in code: nobody looks for config keys in it. */
export function isMadeInCode(value: Readonly<Record<string, unknown>>): boolean {
  if (recipes.of(value) !== undefined) return true;
  return ['create', 'make', 'open', 'atNs'].some((method) => typeof value[method] === 'function');
}
