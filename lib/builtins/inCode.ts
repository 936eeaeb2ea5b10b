import { isLeft } from 'fp-ts/lib/Either.js';
import type { Flaw } from '../codec/flaw.js';
import { ConfigError } from '../config/report/configError.js';
import { drawProblems } from '../config/report/drawProblems.js';
import { problemsOf } from '../config/report/problemsOf.js';
import type { ComponentKind, ComponentKinds } from '../core/component.js';
import type { Deps } from '../core/deps.js';
import type { Descriptor } from '../plugin/descriptor.js';
import { pluginCodecs } from '../plugin-config/pluginCodecs.js';
import { builtins } from './builtins.js';
import type { CodeOptions } from './codeOptions.js';
import { defaultDeps } from './defaultDeps.js';

/** Makes a component from options in code. */
export type CodeComponent<K extends ComponentKind, C> = (
  options?: CodeOptions<C>,
  deps?: Partial<Deps>,
) => ComponentKinds[K];

/**
 * Turns a component of the config into a function for code, with the same keys, defaults and checks.
 *
 * @example
 * const http = inCode(httpGun);
 * http({ target: 'localhost:8080' });
 */
export function inCode<K extends ComponentKind, C>(descriptor: Descriptor<K, C>): CodeComponent<K, C> {
  return (options = {}, deps = {}) => {
    const decoded = descriptor.codec(pluginCodecs(builtins())).decode(options);
    if (isLeft(decoded)) {
      const problems = problemsOf(decoded.left as Flaw[]);
      throw new ConfigError(drawProblems(problems, { name: `${descriptor.kind} "${descriptor.name}"` }), problems);
    }
    return descriptor.create(decoded.right, { ...defaultDeps(), ...deps });
  };
}
