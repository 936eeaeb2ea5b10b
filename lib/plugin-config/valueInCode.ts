import { map, right } from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';
import { fail } from '../codec/fail.js';
import type { ComponentKind } from '../core/component.js';
import type { Chosen } from '../plugin/chosen.js';
import type { Descriptor } from '../plugin/descriptor.js';
import { isOwn } from '../plugin/isOwn.js';
import { ownComponent } from '../plugin/ownComponent.js';
import { recipes } from '../plugin/recipe.js';
import type { Registry } from '../plugin/registry.js';
import type { optionsReader } from './optionsReader.js';
import { PLUGIN_EXAMPLES } from './pluginExamples.js';

/**
 * Reads a component that was made in code; undefined for anything else. One from the vocabulary stands for its name and
 * options, so that each run makes its own, by the registry's component of that name if it has one. Any other value that fits
 * the kind is the user's own and taken as it is.
 */
export function valueInCode<K extends ComponentKind>(
  kind: K,
  raw: unknown,
  context: t.Context,
  registry: Registry,
  readOptions: ReturnType<typeof optionsReader>,
): t.Validation<Chosen<K>> | undefined {
  const recipe = recipes.of(raw);
  if (recipe === undefined) return isOwn(kind, raw) ? right(ownComponent(kind, raw)) : undefined;
  const { descriptor, options, deps: given } = recipe;
  const { name } = descriptor;
  if (descriptor.kind !== kind)
    return fail(raw, context, 'bad-value', PLUGIN_EXAMPLES[kind], `this is the ${descriptor.kind} ${name}`);
  const known = registry.find(kind, name) ?? (descriptor as Descriptor<K, unknown>);
  return map(
    (config: unknown): Chosen<K> => ({
      kind,
      name,
      config,
      create: (deps) => known.create(config, { ...deps, ...given }),
    }),
  )(readOptions(known, options, context));
}
