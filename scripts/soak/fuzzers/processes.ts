import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { startTarget, type Target } from '../../../lib/target/target.js';
import { Bench, BIN, type Finished } from '../../../spec/acceptance/elpis.js';

/** One run of the built command in a folder of its own, at a target of its own. */
export interface Playground {
  readonly bench: Bench;
  readonly target: Target;
}

/** Gives a script a folder and a target, and removes them afterwards. @throws when the command is not built */
export async function onPlayground(script: (place: Playground) => Promise<void>): Promise<void> {
  assert.ok(existsSync(BIN), 'npm run build comes first');
  const bench = new Bench();
  const target = await startTarget();
  try {
    await script({ bench, target });
  } finally {
    await target.close();
    bench.remove();
  }
}

/** Writes a config of one pool: so many operations per second for a time, at a page that takes a while. */
export function writeLoad(
  { bench, target }: Playground,
  {
    ms,
    delayMs = 0,
    result = '{type: phout, destination: phout.log}',
    more = '',
    pool = '',
  }: {
    readonly ms: number;
    readonly delayMs?: number;
    readonly result?: string;
    readonly more?: string;
    readonly pool?: string;
  },
): void {
  bench.write(
    'load.yaml',
    `pools:
  - id: main
    gun: {type: http, target: "127.0.0.1:${target.port}"}
    ammo: {type: uri, uris: ["/delay/${delayMs} a", "/ b"]}
    result: ${result}
    rps: {type: const, ops: 100, duration: ${ms}ms}
    startup: {type: once, times: 8}
${pool}${more}
`,
  );
}

/** The end of a process, as a shell shows it. */
export async function endOf(
  child: { readonly signalCode: NodeJS.Signals | null },
  finished: Promise<Finished>,
): Promise<Finished & { readonly signal: NodeJS.Signals | null }> {
  const done = await finished;
  return { ...done, signal: child.signalCode };
}

interface SummaryJson {
  readonly pools: readonly {
    readonly total: { readonly shots: number; readonly discarded: number; readonly unfinished: number };
  }[];
}

/** The lines of the results are those that the summary counts, and no half line is among them. */
export function linesAgree(bench: Bench, file = 'phout.log', summary = 's.json'): void {
  const text = bench.read(file);
  assert.ok(text === '' || text.endsWith('\n'), 'the last line is whole');
  const lines = text.split('\n').length - 1;
  for (const line of text.split('\n').slice(0, -1)) assert.equal(line.split('\t').length, 12, line);
  const { pools } = JSON.parse(bench.read(summary)) as SummaryJson;
  const counted = pools.reduce((sum, { total }) => sum + total.shots + total.discarded + total.unfinished, 0);
  assert.equal(lines, counted, `${lines} lines in ${file}, ${counted} in the summary`);
}

/** Waits for a moment after the target has seen the first request, or from the start. */
export async function momentOf(target: Target, shooting: boolean, ms: number): Promise<void> {
  const limit = performance.now() + 10_000;
  while (shooting && target.stats().total === 0 && performance.now() < limit) await delay(5);
  await delay(ms);
}
