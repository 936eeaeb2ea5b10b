/// <reference types="node" preserve="true" />
// -- pacing

export type { Schedule, ScheduleOptions } from '../lib/core/schedule.js';
export type { Seeded } from '../lib/plans/chance.js';
export { filterPulled } from './shots/filterPulled.js';
export { mapPulled } from './shots/mapPulled.js';
export { clip } from './ticks/clip.js';
export { concatTicks } from './ticks/concatTicks.js';
export { jitter } from './ticks/jitter.js';
export { mergeTicks } from './ticks/mergeTicks.js';
export { poisson } from './ticks/poisson.js';
export { repeatTicks } from './ticks/repeatTicks.js';
export { scaleRate } from './ticks/scaleRate.js';
export { shiftBy } from './ticks/shiftBy.js';
export { stretch } from './ticks/stretch.js';
export { ticks } from './ticks/ticks.js';

// -- matching

export type { MixAmmoOptions, WeightedAmmo } from './shots/mixAmmo.js';
export { mixAmmo } from './shots/mixAmmo.js';
export { zipAmmo } from './shots/zipAmmo.js';

// -- firing

export { FiringMeter } from './firing/meter.js';
export type { OverflowPolicy } from './firing/overflow.js';
export { type ShootOptions, shoot } from './shots/shoot.js';

// -- lifecycle

export type { StopListener, StoppingOperator, StopWhenOptions } from './samples/stopWhen.js';
export { stopWhen } from './samples/stopWhen.js';
export type { StopReason, WhenWindowOptions, WindowCondition } from './samples/whenWindow.js';
export { whenWindow } from './samples/whenWindow.js';
export { drainOn } from './shots/drainOn.js';

// -- reporting

export type { EventLoop } from '../lib/core/eventLoop.js';
export type { ConnectionCounts, ConnectionPhase } from '../lib/measure/connectionCounts.js';
export type { Counters } from '../lib/measure/counters.js';
export {
  type Distribution,
  distributionOf,
  type Histogram,
  mergeHistograms,
  valueAtPercentile,
} from '../lib/measure/histogram.js';
export type { HistogramJson } from '../lib/measure/histogramJson.js';
export type { LoopReading } from '../lib/measure/loopWatch.js';
export type {
  CounterCount,
  GaugeCount,
  RateCount,
  TrendCount,
  WindowMetrics,
} from '../lib/measure/metrics.js';
export type { TrendCountJson, WindowMetricsJson } from '../lib/measure/metricsJson.js';
export { countsOf, mergeWindows, type Window } from '../lib/measure/window.js';
export type { FailureCount, StatusCount, WindowCounts } from '../lib/measure/windowCounts.js';
export { type WindowCountsJson, type WindowJson, windowFromJson, windowToJson } from '../lib/measure/windowJson.js';
export { type BufferSamplesOptions, bufferSamples } from './samples/bufferSamples.js';
export { errorRate } from './samples/errorRate.js';
export type { IsolatedOptions, ReporterFailure } from './samples/isolated.js';
export { isolated } from './samples/isolated.js';
export { percentile } from './samples/percentile.js';
export { reportTo } from './samples/reportTo.js';
export type { RollUpOptions } from './samples/rollUp.js';
export { rollUp } from './samples/rollUp.js';

// -- control

export type { BacklogOptions, Overflow } from '../lib/pull/backlogCursor.js';
export { type Command, command } from './ticks/command.js';
export type { ControlOptions } from './ticks/control.js';
export { control } from './ticks/control.js';
