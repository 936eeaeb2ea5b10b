import type { SchedulerLike } from 'rxjs';
import { defined } from '../../core/defined.js';
import type { Log } from '../../core/deps.js';
import { ElpisError, type ElpisErrorOptions } from '../../core/errors.js';
import type { EpochMs } from '../../core/units.js';
import { userPlace } from '../../plugin/userPlace.js';

/** Stable names of what can be wrong with ammo: the `kind` of an {@link ammoError}. */
export type AmmoErrorKind =
  | 'no-ammo'
  | 'bad-uri'
  | 'bad-header-line'
  | 'bad-request-line'
  | 'bad-method'
  | 'bad-size'
  | 'bad-json'
  | 'not-object-or-array'
  | 'empty-file'
  | 'body-truncated'
  | 'line-too-long'
  | 'too-large';

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

const QUIET_MS = 1000;

/** Options of {@link BadAmmoPolicy}. */
export interface TroublesOptions {
  /** Skip bad items instead of failing. */
  readonly tolerant: boolean;
  readonly log: Log;
  readonly scheduler: Pick<SchedulerLike, 'now'>;
}

/** What happens to bad items: the run fails, or they are counted, logged (at most once a second) and skipped. */
export class BadAmmoPolicy {
  /** How many items were skipped. */
  skipped = 0;
  /** How many items cannot be shot and are passed on, so that they are reported. */
  unusable = 0;
  #nextLog: EpochMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly options: TroublesOptions) {}

  /** A bad item, to be skipped when this returns. @throws ElpisError when bad items are not tolerated. */
  bad(kind: AmmoErrorKind, message: string, hint: string): void {
    if (!this.options.tolerant) throw ammoError(kind, message, { hint });
    this.skipped++;
    this.#warn(`bad ammo skipped: ${message}`);
  }

  /** An item that can be read but not be shot. @param cause What was thrown, when it was the user's code. */
  unshootable(message: string, cause?: unknown): void {
    this.unusable++;
    this.#warn(`ammo that cannot be shot: ${message}`, cause);
  }

  #warn(message: string, cause?: unknown): void {
    const now = this.options.scheduler.now();
    if (now < this.#nextLog) return;
    this.#nextLog = now + QUIET_MS;
    const { skipped, unusable } = this;
    const at = userPlace(cause);
    this.options.log.warn(message, { skipped, unusable, ...defined({ at }) });
  }
}
