// -- pacing

export type { Seeded } from '../lib/coreutil/plans/seeded.js';
export type { Schedule } from '../lib/coreutil/schedule.js';
export type { ScheduleOptions } from '../lib/coreutil/scheduleOptions.js';
export { clip } from './clip.js';
export { concatTicks } from './concatTicks.js';
export { filterPulled } from './filterPulled.js';
export { jitter } from './jitter.js';
export { mapPulled } from './mapPulled.js';
export { mergeTicks } from './mergeTicks.js';
export { poisson } from './poisson.js';
export { repeatTicks } from './repeatTicks.js';
export { scaleRate } from './scaleRate.js';
export { shiftBy } from './shiftBy.js';
export { stretch } from './stretch.js';
export { ticks } from './ticks.js';

// -- matching

export { mixAmmo } from './mixAmmo.js';
export type { MixAmmoOptions, WeightedAmmo } from './mixAmmoOptions.js';
export { zipAmmo } from './zipAmmo.js';

// -- firing

export { FiringMeter } from './firingMeter.js';
export type { OverflowPolicy } from './overflowPolicy.js';
export { shoot } from './shoot.js';
export type { ShootOptions } from './shootOptions.js';

// -- lifecycle

export { drainOn } from './drainOn.js';
export { stopWhen } from './stopWhen.js';
export type { StopWhenOptions } from './stopWhenOptions.js';
export type { Verdict } from './verdict.js';
export { whenWindow } from './whenWindow.js';
export type { WindowCondition } from './windowCondition.js';

// -- reporting

export type { LatencyHistogram } from '../lib/coreutil/latencyHistogram.js';
export { bufferSamples } from './bufferSamples.js';
export type { BufferSamplesOptions } from './bufferSamplesOptions.js';
export { errorRate } from './errorRate.js';
export { filterSamples } from './filterSamples.js';
export { isolated } from './isolated.js';
export type { IsolatedOptions, ReporterFailure } from './isolatedOptions.js';
export { mergeWindows } from './mergeWindows.js';
export { percentile } from './percentile.js';
export { reportTo } from './reportTo.js';
export { rollUp } from './rollUp.js';
export type { RollUpOptions } from './rollUpOptions.js';
export type { Window } from './window.js';
export type { WindowCounts } from './windowCounts.js';

// -- control

export type { BacklogOptions, Overflow } from '../lib/coreutil/backlogCursor.js';
export { type Command, command } from './command.js';
export { control } from './control.js';
export type { ControlOptions } from './controlOptions.js';
