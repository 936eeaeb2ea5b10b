import { dirname } from 'node:path';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { ParsedDocument } from '../../codec/text/yaml.js';
import { ElpisError, isElpisError } from '../../core/errors.js';
import { importModule, moduleFault } from '../modules/importModule.js';

/**
 * Reads a config that a module in TypeScript or JavaScript exports by default: a value, or a function that returns it.
 *
 * @param path The absolute path of the module; `name` is its name in messages.
 */
export function moduleDocument(path: string, name: string): TE.TaskEither<ElpisError, ParsedDocument> {
  const evaluate = async (exported: unknown): Promise<unknown> =>
    typeof exported === 'function' ? (exported as () => unknown)() : exported;
  return pipe(
    importModule(path, dirname(path), 'ELPIS_CONFIG_READ'),
    TE.chain((exports) =>
      TE.tryCatch(
        async () => {
          const value = await evaluate(exports.default);
          if (value !== undefined) return { name, written: value, place: () => undefined, issues: [] };
          throw new ElpisError('ELPIS_CONFIG_READ', 'it has no default export', {
            hint: 'write export default { pools: [...] }',
          });
        },
        (error) => moduleFault('ELPIS_CONFIG_READ', path, error, isElpisError(error) ? error.hint : undefined),
      ),
    ),
  );
}
