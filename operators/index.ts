// -- pacing

// -- firing
export { FiringMeter } from './firingMeter.js';
export type { OverflowPolicy } from './overflowPolicy.js';
// -- reporting
export { reportTo } from './reportTo.js';
export { shoot } from './shoot.js';
export type { ShootOptions } from './shootOptions.js';
export { ticks } from './ticks.js';
// -- matching
export { zipAmmo } from './zipAmmo.js';
