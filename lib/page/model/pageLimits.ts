import type { ViewLimits } from '../../view/runView.js';

/**
 * The bounds of a page, in the process of the run and in the browser: a quarter of an hour by the second, then by two seconds, and so
 * on; with many tags earlier. A report has at most about 12 MB of numbers, before it is compressed.
 */
export const PAGE_LIMITS: ViewLimits = { slots: 900, values: 1_500_000, lines: 300 };
