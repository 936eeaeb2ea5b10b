import type { Millis } from '../core/units.js';

/** How long it takes to be turned away: about a round trip in one data centre. */
export const REFUSED_AFTER_MS: Millis = 0.1;

/** No answer is faster, so that virtual time always moves. */
export const FASTEST_MS: Millis = 0.001;
