// The record of a day: 24 hours of windows of a second with 50 tags of 20 operations each, and what opening it costs. Prints JSON.
// The lines of ten minutes are made as in a run, with their longer windows; those of the other ten minutes are the same, at their own times.
// Usage: dayRecord.ts [HOURS] [TAGS] [ROUNDS]
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunEvent } from '../../lib/engine/runEvent.js';
import { summaryOf } from '../../lib/measure/summary.js';
import { mergeWindows, type Window } from '../../lib/measure/window.js';
import { WindowRecorder } from '../../lib/measure/windowRecorder.js';
import { RecordFile } from '../../lib/record/file/recordFile.js';
import { type RecordLine, RecordLines } from '../../lib/record/recordLines.js';
import { seededRandom } from '../../lib/time/seededRandom.js';
import { sampleOf } from '../micro/sampleOf.js';
import { ELPIS } from '../support/folders.js';

const [hours = 24, tags = 50, rounds = 5] = process.argv.slice(2).map(Number);
/** All times of the record have 13 digits before the point, and no other number has. */
const START = 1_700_000_000_000;
const TEN_MINUTES = 600_000;
const PER_TAG = 20;

const random = seededRandom(1);

function windowAt(from: number): Window {
  const recorder = new WindowRecorder({ from, tagLimit: 1000 });
  for (let i = 0; i < tags * PER_TAG; i++) {
    const sample = sampleOf(i);
    sample.tag = `tag ${i % tags}`;
    sample.intended = sample.started = from + (1000 * i) / (tags * PER_TAG);
    sample.responded = sample.ended = sample.started + 20 * Math.exp(0.6 * (random() + random() + random() - 1.5));
    sample.protoCode = random() < 0.01 ? 503 : 200;
    recorder.record(sample);
  }
  return recorder.close(from + 1000, { planned: tags * PER_TAG, started: tags * PER_TAG });
}

const progress = {
  ...{ elapsed: 0, requests: 1000, responses: 1000, inFlight: 7, instances: 50, instancesStarted: 50 },
  ...{ instancesGrown: 0, discarded: 0, unfinished: 0, emptyShots: 0 },
};

const folder = mkdtempSync(join(tmpdir(), 'day-record-'));
const path = join(folder, 'day.elp');
const lines = new RecordLines(200, START);
const file = new RecordFile(path, {
  atOnce: true,
  onError: (error) => {
    throw error;
  },
});
const add = (event: RunEvent): readonly RecordLine[] => lines.add(event);
function put(all: readonly RecordLine[]): void {
  for (const line of all) file.add(line);
}
put(add({ type: 'run-started', at: START, threads: 1, seed: 1, pools: [{ id: 'main', rpsPerInstance: false }] }));
const template: RecordLine[] = [];
let merged: Window | undefined;
for (let from = START; from < START + TEN_MINUTES; from += 1000) {
  const window = windowAt(from);
  merged = merged === undefined ? window : mergeWindows(merged, window);
  template.push(...add({ type: 'window', pool: 'main', at: from + 1000, window }));
  template.push(...add({ type: 'progress', pool: 'main', at: from + 1000, progress }));
}
const end = START + hours * 3_600_000;
for (let shift = 0; START + shift < end; shift += TEN_MINUTES)
  put(
    template.map(({ text, periodic }) => ({
      text: text.replaceAll(/\b17\d{11}(?:\.\d+)?\b/g, (time) => String(Number(time) + shift)),
      periodic,
    })),
  );
if (merged === undefined) throw new Error('there is no window');
put(add({ type: 'run-finished', at: end, summaries: [summaryOf(merged, { pool: 'main', planned: null })], seed: 1 }));
await new Promise<void>((resolve) => file.end(resolve));

/** Prints what the process has used, when it ends. */
const USAGE = `data:text/javascript,process.on('exit',()=>console.error('USED '+JSON.stringify(process.resourceUsage())))`;

/** Runs a command of the built Elpis on the record. */
function opened(args: readonly string[]): {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly rssMb: number;
} {
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, ['--import', USAGE, ELPIS, ...args], { encoding: 'utf8' });
  const seconds = (performance.now() - started) / 1000;
  if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
  const used = JSON.parse(/USED (.*)/.exec(stderr)?.[1] ?? '') as NodeJS.ResourceUsage;
  const cpuSeconds = (used.userCPUTime + used.systemCPUTime) / 1e6;
  return { seconds, cpuSeconds, rssMb: used.maxRSS / 1024 };
}

const bytes = statSync(path).size;
const show = Array.from({ length: rounds }, () => opened(['show', path]));
const report = Array.from({ length: rounds }, () => opened(['report', path, '--out', join(folder, 'day.html')]));
const reportBytes = statSync(join(folder, 'day.html')).size;
rmSync(folder, { recursive: true });
console.log(JSON.stringify({ bytes, windows: (end - START) / 1000, show, report, reportBytes }));
