// What a second of a run on many machines costs the coordinator: for each worker one progress event and one window of 1,000
// operations, as they arrive from the journal: decompressed, parsed, checked, merged, and added to the summary.
// Usage: npx tsx --tsconfig bench/tsconfig.json bench/mesh/growth.ts [tags]
import { Summaries } from '../../lib/engine/summaries.js';
import { packBodies, unpackBodies } from '../../lib/mesh/journal/frame.js';
import { fromShare, fromShareToJson } from '../../lib/mesh/shareMessages.js';
import { MergedEvents } from '../../lib/shares/mergedEvents.js';
import { framesEvents } from './growthEvents.js';

const SECONDS = 5;
const WORKERS = [2, 8, 32, 128];
const tags = Number(process.argv[2] ?? 100);

/** The frames of a worker in a second. */
function framesOf(worker: number, second: number): readonly Uint8Array[] {
  const list = framesEvents(worker, second, tags).map((event) => fromShareToJson({ type: 'event', event }));
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
