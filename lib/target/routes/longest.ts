import type { Millis } from '../../core/units.js';

/** The longest wait that may be asked for: an hour. */
export const longest: Millis = 3_600_000;
