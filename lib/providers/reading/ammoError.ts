import type { SchedulerLike } from 'rxjs';
import { defined } from '../../core/defined.js';
import type { Deps, Log } from '../../core/deps.js';
import { ElpisError, type ElpisErrorOptions } from '../../core/errors.js';
import type { EpochMs } from '../../core/units.js';
import { BadAmmoTotals } from '../../measure/badAmmo.js';
import { userPlace } from '../../plugin/userPlace.js';

/** Stable names of the errors of ammo: the `kind` of an {@link ammoError}. */
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
  | 'bad-template'
  | 'line-too-long'
  | 'too-large';

/** An {@link ElpisError} about ammo; `kind` is stable and finer than `code`. */
export type AmmoError = ElpisError & { readonly kind: AmmoErrorKind };

/**
 * Makes an error about ammo: `ELPIS_NO_AMMO` when there is none, otherwise `ELPIS_AMMO`.
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
export interface BadAmmoOptions {
  /** Name of the source, for the totals. */
  readonly name: string;
  /** Skip bad items instead of failing. */
  readonly tolerant: boolean;
  /** False in all shares except one: every share decodes the whole source, and therefore finds the same items. */
  readonly reports: boolean;
  readonly log: Log;
  readonly scheduler: Pick<SchedulerLike, 'now'>;
  /** Receives each item that counts, for the summary of the run. */
  readonly onBadAmmo?: Deps['onBadAmmo'];
}

const UNSHOOTABLE = 'cannot be shot';

/**
 * The handling of bad items: the run fails, or they are skipped, counted by kind and logged. At most one line per
 * second is logged while they are found, and the totals with the first places when the source was read once or the run
 * ends. Only the first pass over a source counts, since further passes find the same items.
 */
export class BadAmmoPolicy {
  readonly #totals = new BadAmmoTotals();
  #passes = 0;
  #reported = false;
  #nextLog: EpochMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly options: BadAmmoOptions) {}

  /** A pass over the source begins. */
  startPass(): void {
    this.#passes++;
  }

  /** Reports a bad item, which the caller then skips. @throws ElpisError when bad items are not tolerated. */
  bad(kind: AmmoErrorKind, message: string, hint: string): void {
    if (!this.options.tolerant) throw ammoError(kind, message, { hint });
    this.#found(kind, message, `bad ammo skipped: ${message}`);
  }

  /** Reports an item that can be read and cannot be shot. */
  unshootable(message: string): void {
    this.#found(UNSHOOTABLE, message, `ammo that cannot be shot: ${message}`);
  }

  /** Code of the user failed for an item of this share: a failed sample follows, so it is no bad item. @param cause What was thrown. */
  failed(message: string, cause: unknown): void {
    this.#warn(`ammo that cannot be shot: ${message}`, cause);
  }

  /** Logs the totals, once, when there are any. */
  report(): void {
    const all = this.#totals.all;
    if (this.#reported || all.length === 0 || !this.options.reports) return;
    this.#reported = true;
    const shown = all.map(({ kind, count, first }) => {
      const more = count > first.length ? '; ...' : '';
      return `${count.toLocaleString('en-US')} x ${kind} (${first.join('; ')}${more})`;
    });
    this.options.log.warn(`${this.options.name}: bad items: ${shown.join(', ')}`, this.#counts());
  }

  #found(kind: string, message: string, line: string): void {
    if (this.#passes > 1) return;
    this.#totals.add(kind, message);
    if (!this.options.reports) return;
    this.options.onBadAmmo?.(kind, message);
    this.#warn(line);
  }

  /** The number of items of each kind. */
  #counts(): Record<string, number> {
    return Object.fromEntries(this.#totals.all.map(({ kind, count }) => [kind, count]));
  }

  #warn(message: string, cause?: unknown): void {
    const now = this.options.scheduler.now();
    if (now < this.#nextLog) return;
    this.#nextLog = now + QUIET_MS;
    const at = userPlace(cause);
    this.options.log.warn(message, { ...this.#counts(), ...defined({ at }) });
  }
}
