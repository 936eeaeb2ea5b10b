import { isLeft } from 'fp-ts/lib/Either.js';
import type { Flaw } from '../codec/flaw.js';
import { ConfigError } from '../config/report/configError.js';
import { drawProblems } from '../config/report/drawProblems.js';
import { problemsOf } from '../config/report/problemsOf.js';
import type { ComponentKind, ComponentKinds } from '../core/component.js';
import type { Deps } from '../core/deps.js';
import { brokenComponent } from '../plugin/brokenComponent.js';
import type { Descriptor } from '../plugin/descriptor.js';
import { lenient } from '../plugin/lenient.js';
import { type Recipe, recipes } from '../plugin/recipe.js';
import { pluginCodecs } from '../plugin-config/pluginCodecs.js';
import { builtins } from './builtins.js';
import type { CodeOptions } from './codeOptions.js';
import { defaultDeps } from './defaultDeps.js';

/** Makes a component from options in code. */
export type CodeComponent<K extends ComponentKind, C, M extends ComponentKinds[K] = ComponentKinds[K]> = (
  options?: CodeOptions<C>,
  deps?: Partial<Deps>,
) => M;

/**
 * Turns a component of the config into a function for code, with the same keys, defaults and checks. What it makes works on
 * its own, in a pipeline, and in `pool(...)`, where it stands for its name and options.
 *
 * @throws ConfigError with every flaw of the options.
 * @example
 * const nothing = defineComponent({
 *   kind: 'aggregator',
 *   name: 'nothing',
 *   summary: 'Drops every sample.',
 *   codec: () => struct('nothing', {}),
 *   create: () => ignoreElements(),
 * });
 * const dropAll = inCode(nothing);
 * samples.pipe(reportTo(dropAll()));
 */
export function inCode<K extends ComponentKind, C, M extends ComponentKinds[K]>(
  descriptor: Descriptor<K, C, M>,
): CodeComponent<K, C, M> {
  return (options = {}, deps = {}) => {
    const decoded = descriptor.codec(pluginCodecs(builtins())).decode(options);
    const recipe = { descriptor: descriptor as Recipe['descriptor'], options, deps };
    if (isLeft(decoded)) {
      const problems = problemsOf(decoded.left as Flaw[]);
      const drawn = drawProblems(problems, { name: `${descriptor.kind} "${descriptor.name}"` });
      const error = new ConfigError(drawn, problems);
      if (lenient.now()) return recipes.keep(brokenComponent(descriptor.kind, error) as M, recipe);
      throw error;
    }
    return recipes.keep(descriptor.create(decoded.right, { ...defaultDeps(), ...deps }), recipe);
  };
}
