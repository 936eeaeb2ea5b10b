import type { Millis } from '../lib/core/units.js';

/**
 * What becomes of a shot that is due while no instance is free.
 *
 * - `queue`: it waits and keeps its intended time.
 * - `discard`: it waits; if it is overdue by at least `afterMs` when its turn comes, it is recorded as discarded instead.
 * - `grow`: when it has been due for `afterMs` (default 0), one more instance is started for it, until there are
 *   `maxInstances`; from then on as `queue`. A stream of instances counts towards the maximum but is not bounded by it.
 * - `abort`: when it has been due for `afterMs` (default 0), everything ends with the error `ELPIS_OVERFLOW`. Timers and
 *   the event loop are late by up to some milliseconds; a tolerance keeps that from counting.
 *
 * An unlimited schedule has no shot due while no instance is free, so it neither grows nor aborts.
 */
export type OverflowPolicy =
  | { readonly policy: 'queue' }
  | { readonly policy: 'discard'; readonly afterMs: Millis }
  | { readonly policy: 'grow'; readonly maxInstances: number; readonly afterMs?: Millis }
  | { readonly policy: 'abort'; readonly afterMs?: Millis };
