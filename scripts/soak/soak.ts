import { Worker } from 'node:worker_threads';
import type { Defect, Fuzzer } from './fuzzer.js';
import { FUZZERS } from './fuzzers.js';
import { NO_FUZZER, type Order, seedOf, type Tried } from './protocol.js';

/** What was found of one fuzzer. */
interface Line {
  rounds: number;
  inputs: number;
  ms: number;
  defects: number;
}

/** One input may take this long. Then the thread is ended, and the input reported. */
const LONGEST_INPUT_MS = 60_000;

/** The heap that the fuzzers may use. What grows without bound meets it. */
const MOST_MEMORY_MB = 768;

/** A time such as `90s`, `5m` or `1h` in milliseconds; `undefined` when it is none. */
export function parseMillis(text: string): number | undefined {
  const [, count, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? [];
  const length = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[unit ?? ''];
  return length === undefined ? undefined : Number(count) * length;
}

/** The code of a thread that runs a program in TypeScript: threads do not inherit the loader of tsx. */
const threadOf = (program: URL): string =>
  `import('tsx/esm/api').then(({ register }) => { register(); return import(${JSON.stringify(program.href)}); });`;

function defectText(name: string, holds: string, seed: number, { input, error, shrinks }: Defect): string {
  return `✖ ${name}: ${holds}
  seed ${seed}; the smallest input (after ${shrinks} smaller ones):
  ${input}
  ${error.replaceAll('\n', '\n  ')}
  again: npm run soak -- --seed ${seed} --rounds 1 ${name}`;
}

/**
 * Runs the fuzzers in a thread, round after round, and watches it: an input that takes too long, too much memory or ends the thread is a defect
 * too. Prints the seed first, each defect with its seed and its smallest input, and last how often each fuzzer ran.
 * @returns whether no defect was found
 */
export async function soak(
  { seed, rounds, forMs, only }: Omit<Order, 'at'>,
  print: (text: string) => void,
  program = new URL('./worker.ts', import.meta.url),
  fuzzers: readonly Fuzzer[] = FUZZERS,
): Promise<boolean> {
  print(`soak: seed ${seed}`);
  const lines = new Map<string, Line>();
  const lineOf = (name: string): Line => {
    const line = lines.get(name) ?? { rounds: 0, inputs: 0, ms: 0, defects: 0 };
    lines.set(name, line);
    return line;
  };
  const at = new Int32Array(new SharedArrayBuffer(16));
  at[0] = NO_FUZZER;
  const worker = new Worker(threadOf(program), {
    eval: true,
    workerData: { seed, rounds, forMs, only, at } satisfies Order,
    resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY_MB },
  });

  /** The thread did not survive an input: which one is in `at`. */
  const lost = (error: string): void => {
    const fuzzer = fuzzers[Atomics.load(at, 0)];
    if (fuzzer === undefined) throw new Error(error);
    const n = Math.max(1, Atomics.load(at, 1));
    const roundSeed = seedOf(seed, Atomics.load(at, 2));
    const line = lineOf(fuzzer.name);
    line.defects++;
    line.inputs += n;
    print(defectText(fuzzer.name, fuzzer.holds, roundSeed, { input: fuzzer.inputAt(roundSeed, n), error, shrinks: 0 }));
  };

  await new Promise<void>((resolve, reject) => {
    let before = '';
    let since = performance.now();
    const watchdog = setInterval(() => {
      const now = at.join();
      if (now !== before) [before, since] = [now, performance.now()];
      if (performance.now() - since < LONGEST_INPUT_MS) return;
      clearInterval(watchdog);
      try {
        lost(`the input takes more than ${LONGEST_INPUT_MS / 1000} s`);
      } catch (error) {
        reject(error);
      }
      void worker.terminate();
    }, 1000);
    worker.on('message', ({ name, runs, ms, seed: roundSeed, defect }: Tried) => {
      const line = lineOf(name);
      line.rounds++;
      line.inputs += runs;
      line.ms += ms;
      if (defect === undefined) return;
      line.defects++;
      const holds = fuzzers.find((fuzzer) => fuzzer.name === name)?.holds ?? '';
      print(defectText(name, holds, roundSeed, defect));
    });
    worker.on('error', (error) => {
      try {
        lost(`the thread ended: ${error.stack ?? String(error)}`);
      } catch (cause) {
        reject(cause);
      }
    });
    worker.on('exit', () => {
      clearInterval(watchdog);
      resolve();
    });
  });

  print(`${'fuzzer'.padEnd(20)} rounds    inputs   seconds  defects`);
  for (const [name, { rounds: played, inputs, ms, defects }] of lines)
    print(
      `${name.padEnd(20)} ${String(played).padStart(6)} ${String(inputs).padStart(9)} ${(ms / 1000).toFixed(1).padStart(9)} ${String(defects).padStart(8)}`,
    );
  const found = [...lines.values()].reduce((sum, { defects }) => sum + defects, 0);
  print(`soak: seed ${seed}, ${found === 0 ? 'no defects' : `${found} defects`}`);
  return found === 0;
}
