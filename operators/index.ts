// -- pacing

// -- control
export { type Command, command } from './command.js';
export { control } from './control.js';
export type { ControlOptions } from './controlOptions.js';
// -- firing
export { drainOn } from './drainOn.js';
export { FiringMeter } from './firingMeter.js';
export type { OverflowPolicy } from './overflowPolicy.js';
// -- reporting
export { reportTo } from './reportTo.js';
export { shoot } from './shoot.js';
export type { ShootOptions } from './shootOptions.js';
export { ticks } from './ticks.js';
// -- matching
export { zipAmmo } from './zipAmmo.js';
