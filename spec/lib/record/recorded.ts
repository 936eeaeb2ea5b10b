import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { from } from 'rxjs';
import type { RunEvent, RunFacts } from '../../../lib/engine/runEvent.js';
import type { Window } from '../../../lib/measure/window.js';
import { WindowRecorder } from '../../../lib/measure/windowRecorder.js';
import { type RecordOptions, writeRecordTo } from '../../../lib/observers/record.js';
import { type RecordEventsOptions, readRecord } from '../../../lib/record/file/readRecord.js';
import { FakeRunHandle } from '../../../lib/testing/index.js';
import { timed } from '../../operators/timed.js';

export const facts: RunFacts = {
  config: { name: 'load.yaml', text: 'pools: []', overrides: ['--target a:80'] },
  versions: { elpis: '1.2.3', node: '20.0.0' },
  host: { platform: 'linux x64', cpus: 2, cpuModel: 'fast', memoryBytes: 1e9, openFilesLimit: null },
};

export const started = (...ids: string[]): RunEvent => ({
  type: 'run-started',
  at: 0,
  threads: 1,
  seed: 7,
  facts,
  pools: ids.map((id) => ({ id, rpsPerInstance: false })),
});

/** A window of `everyMs` in which each tag has one operation, of as many milliseconds as the number of the window. */
export function windowAt(number: number, tags: readonly string[], everyMs = 1000): Window {
  const recorder = new WindowRecorder({ from: number * everyMs, tagLimit: 1000 });
  for (const tag of tags) recorder.record(timed(1 + number, { tag }));
  return recorder.close((number + 1) * everyMs, { planned: tags.length, started: tags.length });
}

export const windowEvent = (pool: string, window: Window, threads?: number): RunEvent => ({
  type: 'window',
  pool,
  at: window.to,
  window,
  ...(threads === undefined
    ? {}
    : {
        threads: Array.from({ length: threads }, (_, thread) => ({
          thread,
          ended: window.total.ended,
          lateness: window.lateness,
        })),
      }),
});

/** Runs `use` with a path for a record in a folder of its own, which is removed afterwards. */
export async function inFolder<T>(use: (file: string, folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'elpis-record-'));
  try {
    return await use(join(folder, 'run.elp'), folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Writes the events to a record; rejects with the error of the observer. */
export function recordOf(
  file: string,
  events: Iterable<RunEvent>,
  options: Partial<RecordOptions> = {},
): Promise<void> {
  return new Promise((resolve, reject) => {
    writeRecordTo({ file, ...options })(from(events), new FakeRunHandle()).subscribe({
      error: reject,
      complete: () => resolve(),
    });
  });
}

/** All events of a record. */
export async function eventsOf(file: string, options: RecordEventsOptions = {}): Promise<RunEvent[]> {
  const { events } = await readRecord(file);
  const all: RunEvent[] = [];
  for await (const event of events(options)) all.push(event);
  return all;
}
