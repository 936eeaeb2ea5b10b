import * as TE from 'fp-ts/lib/TaskEither.js';
import { isMap } from '../codec/struct.js';
import { isTypeKey } from '../codec/text/substitute.js';
import { withContext } from '../core/errorContext.js';
import type { ElpisError } from '../core/errors.js';
import type { AnyComponent } from '../plugin/anyComponent.js';
import { madeInCode } from '../plugin/configured.js';
import type { Registry } from '../plugin/registry.js';

/** The names that are written under `type` in a value, at any depth, and the components that were made in code. */
function namedIn(value: unknown, names: Set<unknown>, made: Set<AnyComponent>): void {
  const inCode = madeInCode(value);
  if (inCode !== undefined) {
    made.add(inCode.component);
    namedIn(inCode.written, names, made);
  } else if (Array.isArray(value)) for (const item of value) namedIn(item, names, made);
  else if (isMap(value)) {
    for (const [key, inner] of Object.entries(value)) {
      if (isTypeKey(key)) names.add(inner);
      else namedIn(inner, names, made);
    }
  }
}

/** Loads the code of the components that a config names, of those that are loaded only when they are needed. */
export function loadComponents(value: unknown, registry: Registry): TE.TaskEither<ElpisError, void> {
  const names = new Set<unknown>();
  const made = new Set<AnyComponent>();
  namedIn(value, names, made);
  const named = registry.all().filter(({ name }) => names.has(name));
  return TE.tryCatch(
    async () => {
      await Promise.all([...named, ...made].map(({ load }) => load?.()));
    },
    (error) => withContext(error, {}, { code: 'ELPIS_INTERNAL', what: 'the code of a component cannot be loaded' }),
  );
}
