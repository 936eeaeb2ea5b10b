import { isLeft } from 'fp-ts/lib/Either.js';
import type { Flaw } from '../codec/flaw.js';
import type { ComponentKind, ComponentKinds } from '../core/component.js';
import type { Deps } from '../core/deps.js';
import { ElpisError } from '../core/errors.js';
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

function draw({ context, expected, hint, value }: Flaw): string {
  const path = context.map(({ key }) => key).filter((key) => key !== '');
  const got = value === undefined ? 'nothing' : JSON.stringify(value);
  return `${path.join('.') || 'options'}: expected ${expected}, got ${got}${hint === undefined ? '' : ` (${hint})`}`;
}

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
      const flaws = (decoded.left as Flaw[]).map(draw).join('\n  ');
      throw new ElpisError('ELPIS_CONFIG', `${descriptor.kind} "${descriptor.name}" can not be made:\n  ${flaws}`);
    }
    return descriptor.create(decoded.right, { ...defaultDeps(), ...deps });
  };
}
