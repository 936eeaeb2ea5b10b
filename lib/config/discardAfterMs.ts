import type { Millis } from '../core/units.js';

/** Pandora's rule: an operation that is overdue by this much is not worth shooting any more. */
export const DISCARD_AFTER_MS: Millis = 2000;
