// What a second of a run on many machines costs the coordinator: for each worker one progress event and one window of 1,000
// operations, as they arrive from the journal: decompressed, parsed, checked, merged, and added to the summary. Prints JSON.
// Usage: growth.ts TAGS WORKERS...
import { Summaries } from '../../lib/engine/summaries.js';
import { unpackBodies } from '../../lib/mesh/journal/frame.js';
import { fromShare } from '../../lib/mesh/shareMessages.js';
import { MergedEvents } from '../../lib/shares/mergedEvents.js';
import { DIFFERENT, type GrowthCost, secondsOfBodies } from './growthFrames.js';

const SECONDS = 5;

/** CPU time of the coordinator in milliseconds per worker and second, and the bytes of a worker per second. */
function cost(workers: number, arriving: ReturnType<typeof secondsOfBodies>): GrowthCost {
  const merged = new MergedEvents(workers);
  const summaries = new Summaries([{ id: 'p', rpsPerInstance: false }]);
  const before = process.cpuUsage();
  for (const second of arriving)
    for (let worker = 0; worker < workers; worker++)
      for (const raw of JSON.parse(unpackBodies(second[worker % DIFFERENT] ?? [])) as unknown[]) {
        const message = fromShare(raw, 'worker');
        if (message.type === 'event') for (const event of merged.add(worker, message.event)) summaries.add(event);
      }
  const { user, system } = process.cpuUsage(before);
  const bytes = arriving[0]?.[0]?.reduce((sum, { length }) => sum + length, 0) ?? 0;
  return { workers, ms: (user + system) / 1000 / SECONDS / workers, bytes };
}

const [tags = 100, ...counts] = process.argv.slice(2).map(Number);
const arriving = secondsOfBodies(SECONDS, tags);
for (let warmUp = 0; warmUp < 3; warmUp++) cost(32, arriving);
console.log(JSON.stringify(counts.map((workers) => cost(workers, arriving))));
