import { type Either, isLeft } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { type Codec, fail } from '../codec/issue.js';
import { nonEmpty } from '../codec/scalars.js';
import { withSchema } from '../codec/schema.js';
import { isMap } from '../codec/struct.js';

/** The exports of a module. */
export type Exports = Readonly<Record<string, unknown>>;

const NAME = 'the path of a module';

/**
 * Reads the name of a user's module and returns its exports. Modules under the key `use` are loaded with the config,
 * before it is decoded.
 *
 * @param exportsOf Returns the exports of a module by its name as written, or a sentence that says why there are none;
 *   undefined when it was not loaded.
 */
export function moduleCodec(
  exportsOf: (specifier: string) => Either<string, Exports> | undefined,
): Codec<Exports, string> {
  const codec = new t.Type<Exports, string, unknown>(
    NAME,
    isMap,
    (raw, context) => {
      const written = nonEmpty.validate(raw, context);
      if (isLeft(written)) return written;
      const loaded = exportsOf(written.right);
      if (loaded === undefined) {
        const hint = 'in code, import the module and use what it exports';
        return fail(raw, context, 'bad-module', 'a module that was loaded with the config', hint);
      }
      return isLeft(loaded) ? fail(raw, context, 'bad-module', 'a module that can be loaded', loaded.left) : loaded;
    },
    () => '',
  );
  return withSchema(codec, () => ({ type: 'string', minLength: 1 }));
}
