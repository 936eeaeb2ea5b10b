import { join } from 'node:path';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { ElpisError } from '../../core/errors.js';
import type { Registry } from '../../plugin/registry.js';
import { componentsIn } from './componentsIn.js';
import { type Exports, importModule } from './importModule.js';
import { moduleFault } from './moduleFault.js';

/** What a module may export besides components. */
type Register = (registry: Registry) => unknown;

function registerIn(exports: Exports): Register | undefined {
  const named = exports.register ?? exports.default;
  return typeof named === 'function' ? (named as Register) : undefined;
}

async function addAll(exports: Exports, registry: Registry): Promise<void> {
  const components = componentsIn(exports);
  const register = registerIn(exports);
  if (components.length === 0 && register === undefined) {
    throw new ElpisError('ELPIS_PLUGIN', 'it exports no component', {
      hint: 'export what defineComponent returns, a list of such, or a function register(registry)',
    });
  }
  for (const component of components) registry.register(component);
  await register?.(registry);
}

/**
 * Adds the components of user modules to a copy of a registry. A module exports, by name or by default, descriptors made by
 * `defineComponent`, lists of them, or a function `register(registry)`.
 *
 * @param baseDir Where relative paths and packages are looked for: the folder of the config.
 */
export function loadUserModules(
  specifiers: readonly string[],
  registry: Registry,
  baseDir: string,
): TE.TaskEither<ElpisError, Registry> {
  const extended = registry.clone();
  const load = (specifier: string): TE.TaskEither<ElpisError, void> => {
    const file = specifier.startsWith('.') ? join(baseDir, specifier) : specifier;
    return pipe(
      importModule(specifier, baseDir, 'ELPIS_PLUGIN'),
      TE.chain((exports) =>
        TE.tryCatch(
          () => addAll(exports, extended),
          (error) => moduleFault('ELPIS_PLUGIN', file, error, error instanceof ElpisError ? error.hint : undefined),
        ),
      ),
    );
  };
  return pipe(
    specifiers,
    TE.traverseSeqArray(load),
    TE.map(() => extended),
  );
}
