import type { TimedSample } from '../../../lib/core/sample.js';
import type { PoolProgress, RunEvent } from '../../../lib/engine/runEvent.js';
import type { Window } from '../../../lib/measure/window.js';
import type { WindowFacts } from '../../../lib/measure/windowRecorder.js';
import { WindowRecorder } from '../../../lib/measure/windowRecorder.js';
import { linePlan } from '../../../lib/schedules/line.js';
import type { Command } from '../../../operators/ticks/command.js';
import { timed } from '../../operators/timed.js';

/** The start of every run here: a round number of seconds, as the boundaries of windows are. */
export const START = 1_000_000;

/** A sample that ended `second` seconds after the start. */
export interface SampleAt {
  readonly second: number;
  readonly ms: number;
  readonly fields: Partial<TimedSample>;
}

/** The window of the samples of a second of the run. */
export function windowAt(
  second: number,
  samples: readonly { readonly ms: number; readonly fields?: Partial<TimedSample> }[],
  facts: WindowFacts = {},
): Window {
  const from = START + second * 1000;
  const recorder = new WindowRecorder({ from, tagLimit: 100 });
  for (const { ms, fields = {} } of samples) {
    recorder.record(timed(ms, { intended: from, started: from, ended: from + ms, ...fields }));
  }
  return recorder.close(from + 1000, { planned: samples.length, started: samples.length, ...facts });
}

export const progress = (fields: Partial<PoolProgress> = {}): PoolProgress => ({
  elapsed: 0,
  requests: 0,
  responses: 0,
  inFlight: 0,
  instances: 1,
  instancesStarted: 1,
  instancesGrown: 0,
  discarded: 0,
  unfinished: 0,
  emptyShots: 0,
  ...fields,
});

/** A pool of 60 s, from 0 to 100 per second. */
export const announced = (id: string): Extract<RunEvent, { type: 'run-started' }>['pools'][number] => ({
  id,
  plan: linePlan({ from: 0, to: 100, duration: 60e9 }),
  rpsPerInstance: false,
});

export const started = (...pools: readonly string[]): readonly RunEvent[] => [
  { type: 'run-started', at: START, pools: pools.map(announced), threads: 1, seed: 7 },
  ...pools.map((pool): RunEvent => ({ type: 'pool-started', pool, at: START })),
];

export const windowEvent = (window: Window, pool = 'main'): RunEvent => ({
  type: 'window',
  pool,
  at: window.to,
  window,
});

export const commandAt = (second: number, command: Command, pool?: string): RunEvent => ({
  type: 'command',
  at: START + second * 1000,
  command,
  ...(pool === undefined ? {} : { pool }),
});
