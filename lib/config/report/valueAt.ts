import { recipes } from '../../plugin/recipe.js';
import type { Path } from './pathOf.js';

/** The value that a path leads to, or undefined. It leads through the options of components that were made in code. */
export function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const part of path) {
    value = recipes.of(value)?.options ?? value;
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}
