import { isMap } from '../codec/isMap.js';
import type { Path } from '../config/report/pathOf.js';
import { pathText } from '../config/report/pathText.js';
import { ElpisError } from '../core/errors.js';
import { isMadeInCode } from '../plugin/isMadeInCode.js';
import { type Recipe, recipes } from '../plugin/recipe.js';
import type { Registry } from '../plugin/registry.js';

function refuse(path: Path, what: string): never {
  throw new ElpisError('ELPIS_CONFIG', `${pathText(path)} can not be sent to other threads: it is ${what}`, {
    hint: 'pass the path of the config file instead, so that every thread makes its own; or run in one thread',
  });
}

const isObject = (value: unknown): boolean =>
  typeof value === 'function' || (typeof value === 'object' && value !== null);

/** Refuses a component that other threads could not make in the same way. */
function ensureSendable({ descriptor, deps }: Recipe, path: Path, registry: Registry): void {
  if (Object.keys(deps).length > 0) refuse(path, 'made with dependencies of its own');
  if (registry.find(descriptor.kind, descriptor.name) !== descriptor) refuse(path, 'a component of your own');
}

/**
 * A config in code as plain data that means the same, for other threads: components from the vocabulary become their names
 * and options.
 *
 * @throws ElpisError `ELPIS_CONFIG` for a value of the user's own, which exists in this thread only.
 */
export function sendableConfig(config: unknown, registry: Registry): unknown {
  const plain = (value: unknown, path: Path): unknown => {
    const recipe = recipes.of(value);
    if (recipe !== undefined) {
      ensureSendable(recipe, path, registry);
      return { type: recipe.descriptor.name, ...(plain(recipe.options, path) as object) };
    }
    if (Array.isArray(value)) return value.map((item: unknown, i) => plain(item, [...path, i]));
    if (value instanceof URL) return value.href;
    if (value instanceof RegExp) return value.source;
    if (isMap(value) && !isMadeInCode(value))
      return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, plain(child, [...path, key])]));
    return isObject(value) ? refuse(path, 'a value of your own') : value;
  };
  return plain(config, []);
}
