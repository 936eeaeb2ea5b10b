import fc from 'fast-check';
import type { RunEvent } from '../../../lib/engine/runEvent.js';
import type { ProcessReading } from '../../../lib/measure/processReading.js';
import { RunView, type ViewLimits } from '../../../lib/view/runView.js';
import { command } from '../../../operators/ticks/command.js';
import { commandAt, progress, START, started, windowAt, windowEvent } from './sampleEvents.js';

export function viewOf(events: readonly RunEvent[], limits?: Partial<ViewLimits>): RunView {
  const view = new RunView(limits);
  for (const event of events) view.add(event);
  return view;
}

export const reading: ProcessReading = {
  ...{ spanMs: 1000, userMs: 300, systemMs: 200, rssBytes: 1e8, heapUsedBytes: 5e7 },
  ...{ gcPauseMs: 5, longestGcPauseMs: 3, openFiles: 30, openFilesLimit: 1024 },
};

export const tag = fc.constantFrom('a', 'b', '__proto__');
export const sample = fc.record({ second: fc.nat(30), ms: fc.nat(3000), fields: fc.record({ tag }) });
export const pool = fc.constantFrom('main', 'other');
/** Windows, progress, commands and readings of two pools in the order of their seconds. */
export const events = fc
  .array(
    fc.oneof(
      fc.record({ second: fc.nat(30), pool, samples: fc.array(sample, { maxLength: 8 }) }).map((made) => ({
        second: made.second + 1,
        event: windowEvent(windowAt(made.second, made.samples), made.pool),
      })),
      fc.record({ second: fc.nat(30), pool, inFlight: fc.nat(9) }).map((made) => ({
        second: made.second,
        event: {
          ...{ type: 'progress', pool: made.pool, at: START + made.second * 1000 },
          progress: progress({ inFlight: made.inFlight }),
        } as RunEvent,
      })),
      fc.record({ second: fc.nat(30), factor: fc.constantFrom(0.5, 2) }).map(({ second, factor }) => ({
        second,
        event: commandAt(second, command.scaleBy(factor)),
      })),
      fc.nat(30).map((second) => ({
        second,
        event: { type: 'process', at: START + second * 1000, reading } as RunEvent,
      })),
    ),
    { maxLength: 60 },
  )
  .map((list) => [
    ...started('main', 'other'),
    ...list.toSorted((a, b) => a.second - b.second).map(({ event }) => event),
  ]);
