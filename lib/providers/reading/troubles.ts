import type { SchedulerLike } from 'rxjs';
import type { Log } from '../../core/deps.js';
import type { EpochMs } from '../../core/units.js';
import { ammoError } from './ammoError.js';
import type { AmmoErrorKind } from './ammoErrorKind.js';

const QUIET_MS = 1000;

/** Options of {@link Troubles}. */
export interface TroublesOptions {
  /** Skip bad items instead of failing. */
  readonly tolerant: boolean;
  readonly log: Log;
  readonly scheduler: Pick<SchedulerLike, 'now'>;
}

/** What to do about items that are bad: fail, or tell the log (at most once a second), count and go on. */
export class Troubles {
  /** How many items were skipped. */
  skipped = 0;
  /** How many items can't be shot but are handed on, to be reported. */
  unusable = 0;
  #nextLog: EpochMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly options: TroublesOptions) {}

  /** A bad item, to be skipped when this returns. @throws ElpisError when bad items are not tolerated. */
  bad(kind: AmmoErrorKind, message: string, hint: string): void {
    if (!this.options.tolerant) throw ammoError(kind, message, { hint });
    this.skipped++;
    this.#warn(`bad ammo skipped: ${message}`);
  }

  /** An item that can be read but not be shot. */
  unshootable(message: string): void {
    this.unusable++;
    this.#warn(`ammo that can not be shot: ${message}`);
  }

  #warn(message: string): void {
    const now = this.options.scheduler.now();
    if (now < this.#nextLog) return;
    this.#nextLog = now + QUIET_MS;
    const { skipped, unusable } = this;
    this.options.log.warn(message, { skipped, unusable });
  }
}
