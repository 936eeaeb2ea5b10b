// What a second of a run on many machines costs the coordinator: for each worker one progress event and one window of 1,000
// operations, as they arrive from the journal: decompressed, parsed, checked, merged, and added to the summary.
// Usage: npx tsx --tsconfig bench/tsconfig.json bench/mesh/growth.ts [tags]
import type { PoolEvent, PoolProgress } from '../../lib/engine/runEvent.js';
import { Summaries } from '../../lib/engine/summaries.js';
import type { Window } from '../../lib/measure/window.js';
import { WindowRecorder } from '../../lib/measure/windowRecorder.js';
import { packBodies, unpackBodies } from '../../lib/mesh/journal/frame.js';
import { fromShare, fromShareToJson } from '../../lib/mesh/shareMessages.js';
import { MergedEvents } from '../../lib/shares/mergedEvents.js';
import { sampleOf } from '../micro/sampleOf.js';

const SECONDS = 5;
const WORKERS = [2, 8, 32, 128];
const tags = Number(process.argv[2] ?? 100);

const progress: PoolProgress = {
  ...{ elapsed: 1000, requests: 1000, responses: 1000, inFlight: 5, instances: 10, instancesStarted: 10 },
  ...{ instancesGrown: 0, discarded: 0, unfinished: 0, emptyShots: 0 },
};

function windowOf(worker: number, second: number): Window {
  const from = 1_700_000_000_000 + second * 1000;
  const recorder = new WindowRecorder({ from, tagLimit: 1000 });
  for (let i = 0; i < 1000; i++) {
    const sample = sampleOf(worker * 7919 + i * 13);
    sample.tag = `tag ${i % tags}`;
    recorder.record(sample);
  }
  return recorder.close(from + 1000, { planned: 1000, started: 1000 });
}

/** The frames of a worker in a second. */
function framesOf(worker: number, second: number): readonly Uint8Array[] {
  const events: readonly PoolEvent[] = [
    { type: 'progress', pool: 'p', at: second, progress },
    { type: 'window', pool: 'p', at: second, window: windowOf(worker, second) },
  ];
  const list = events.map((event) => fromShareToJson({ type: 'event', event }));
  return packBodies(JSON.stringify(list), 1024 * 1024);
}

/** CPU time of the coordinator in milliseconds per worker and second, and the bytes of a worker per second. */
function cost(workers: number): { readonly ms: number; readonly bytes: number } {
  const arriving = Array.from({ length: SECONDS }, (_, second) =>
    Array.from({ length: workers }, (_unused, worker) => framesOf(worker % 32, second)),
  );
  const merged = new MergedEvents(workers);
  const summaries = new Summaries([{ id: 'p', rpsPerInstance: false }]);
  const before = process.cpuUsage();
  for (const second of arriving)
    for (const [worker, frames] of second.entries())
      for (const raw of JSON.parse(unpackBodies(frames)) as unknown[]) {
        const message = fromShare(raw, 'worker');
        if (message.type === 'event') for (const event of merged.add(worker, message.event)) summaries.add(event);
      }
  const { user, system } = process.cpuUsage(before);
  const bytes = arriving[0]?.[0]?.reduce((sum, { length }) => sum + length, 0) ?? 0;
  return { ms: (user + system) / 1000 / SECONDS / workers, bytes };
}

cost(8);
console.log(`${tags} tags, 1,000 operations per worker and second`);
for (const workers of WORKERS) {
  const { ms, bytes } = cost(workers);
  console.log(
    `${String(workers).padStart(4)} workers: ${ms.toFixed(2)} ms of CPU and ${(bytes / 1000).toFixed(1)} kB per worker and second`,
  );
}
