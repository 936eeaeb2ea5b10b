import { ElpisError, type ElpisErrorOptions } from '../../core/errors.js';
import type { AmmoErrorKind } from './ammoErrorKind.js';

/** An {@link ElpisError} about ammo; `kind` is stable and finer than `code`. */
export type AmmoError = ElpisError & { readonly kind: AmmoErrorKind };

/**
 * Makes an error about ammo: `ELPIS_NO_AMMO` when there is none at all, else `ELPIS_AMMO`.
 *
 * @example
 * throw ammoError('bad-size', 'ammo.raw:3: "x tag" does not start with a size', { hint: 'write the bytes that follow' });
 */
export function ammoError(kind: AmmoErrorKind, message: string, options: ElpisErrorOptions = {}): AmmoError {
  const code = kind === 'no-ammo' ? 'ELPIS_NO_AMMO' : 'ELPIS_AMMO';
  return Object.assign(new ElpisError(code, message, options), { kind });
}
