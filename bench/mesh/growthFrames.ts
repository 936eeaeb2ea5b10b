import type { PoolEvent, PoolProgress } from '../../lib/engine/runEvent.js';
import type { Window } from '../../lib/measure/window.js';
import { WindowRecorder } from '../../lib/measure/windowRecorder.js';
import { packBodies } from '../../lib/mesh/journal/frame.js';
import { fromShareToJson } from '../../lib/mesh/shareMessages.js';
import { sampleOf } from '../micro/sampleOf.js';

/** What a worker costs the coordinator. */
export interface GrowthCost {
  readonly workers: number;
  /** CPU time in milliseconds per worker and second. */
  readonly ms: number;
  /** What a worker sends per second. */
  readonly bytes: number;
}

/** So many workers send different values. */
export const DIFFERENT = 16;

const progress: PoolProgress = {
  ...{ elapsed: 1000, requests: 1000, responses: 1000, inFlight: 5, instances: 10, instancesStarted: 10 },
  ...{ instancesGrown: 0, discarded: 0, unfinished: 0, emptyShots: 0 },
};

function windowOf(worker: number, second: number, tags: number): Window {
  const from = 1_700_000_000_000 + second * 1000;
  const recorder = new WindowRecorder({ from, tagLimit: 1000 });
  for (let i = 0; i < 1000; i++) {
    const sample = sampleOf(worker * 7919 + i * 13);
    sample.tag = `tag ${i % tags}`;
    recorder.record(sample);
  }
  return recorder.close(from + 1000, { planned: 1000, started: 1000 });
}

/** What a worker sends in a second: a progress event and a window of 1,000 operations, as the bodies of frames. */
function bodiesOf(worker: number, second: number, tags: number): readonly Uint8Array[] {
  const events: readonly PoolEvent[] = [
    { type: 'progress', pool: 'p', at: second, progress },
    { type: 'window', pool: 'p', at: second, window: windowOf(worker, second, tags) },
  ];
  return packBodies(JSON.stringify(events.map((event) => fromShareToJson({ type: 'event', event }))), 1024 * 1024);
}

/** What {@link DIFFERENT} workers send, by second and worker. Made before a measurement. */
export function secondsOfBodies(seconds: number, tags: number): readonly (readonly (readonly Uint8Array[])[])[] {
  return Array.from({ length: seconds }, (_, second) =>
    Array.from({ length: DIFFERENT }, (_unused, worker) => bodiesOf(worker, second, tags)),
  );
}
