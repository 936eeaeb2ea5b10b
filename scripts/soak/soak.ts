import { Worker } from 'node:worker_threads';
import type { Defect, Fuzzer } from './fuzzer.js';
import { FUZZERS } from './fuzzers.js';
import { FINISHED, NO_FUZZER, type Order, seedOf, type Tried } from './protocol.js';

/** What was found of one fuzzer. */
interface Line {
  rounds: number;
  inputs: number;
  ms: number;
  defects: number;
}

/** The parts of a soak; for its own spec. */
export interface SoakParts {
  /** The program of the thread. */
  readonly program: URL;
  /** The fuzzers that it runs. */
  readonly fuzzers: readonly Fuzzer[];
  /** One input may take this long. Then the thread is ended, and the input reported. */
  readonly longestInputMs: number;
  /** The heap that the fuzzers may use, in MB. Code that grows without limit reaches it. */
  readonly mostMemory: number;
}

const PARTS: SoakParts = {
  program: new URL('./worker.ts', import.meta.url),
  fuzzers: FUZZERS,
  longestInputMs: 60_000,
  mostMemory: 768,
};

/** Starting a thread, on a machine that is busy with other work, may take this long. */
const LONGEST_START_MS = 60_000;

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

const columns = (name: string, ...numbers: readonly string[]): string =>
  `${name.padEnd(20)}${numbers.map((text) => text.padStart(10)).join('')}`;

/**
 * Runs the fuzzers in a thread, round after round, and watches it: an input that takes too long, takes too much memory or ends the thread is a
 * defect too, and ends the soak. Prints the seed first, each defect with its seed and its smallest input, and last how often each fuzzer ran.
 * @returns whether no defect was found
 */
export async function soak(
  { seed, rounds, forMs, only }: Omit<Order, 'at'>,
  print: (text: string) => void,
  { program, fuzzers, longestInputMs, mostMemory }: SoakParts = PARTS,
): Promise<boolean> {
  print(`soak: seed ${seed}`);
  const lines = new Map<string, Line>();
  const count = (name: string, { runs = 0, ms = 0, defect }: Partial<Tried>, roundSeed: number): void => {
    const line = lines.get(name) ?? { rounds: 0, inputs: 0, ms: 0, defects: 0 };
    lines.set(name, line);
    line.rounds++;
    line.inputs += runs;
    line.ms += ms;
    if (defect === undefined) return;
    line.defects++;
    print(defectText(name, fuzzers.find((fuzzer) => fuzzer.name === name)?.holds ?? '', roundSeed, defect));
  };
  const at = new Int32Array(new SharedArrayBuffer(16));
  at[0] = NO_FUZZER;
  const worker = new Worker(threadOf(program), {
    eval: true,
    workerData: { seed, rounds, forMs, only, at } satisfies Order,
    resourceLimits: { maxOldGenerationSizeMb: mostMemory },
  });
  worker.on('message', (tried: Tried) => count(tried.name, tried, tried.seed));

  const why = await new Promise<string>((resolve) => {
    let before = '';
    let since = performance.now();
    const watchdog = setInterval(() => {
      const now = at.join();
      if (now !== before) [before, since] = [now, performance.now()];
      // Before the first input the thread loads its program.
      const limit = at[0] === NO_FUZZER ? LONGEST_START_MS : longestInputMs;
      if (performance.now() - since < limit) return;
      end(`the input takes more than ${longestInputMs / 1000} s`);
      void worker.terminate();
    }, 500);
    const end = (reason: string): void => {
      clearInterval(watchdog);
      resolve(reason);
    };
    worker.on('error', (error) => end(`the thread ended: ${error.stack ?? String(error)}`));
    worker.on('exit', (code) => end(code === FINISHED ? '' : `the thread ended with code ${code}`));
  });

  if (why !== '') {
    const fuzzer = fuzzers[Atomics.load(at, 0)];
    if (fuzzer === undefined) throw new Error(why);
    const [n, roundSeed] = [Math.max(1, Atomics.load(at, 1)), seedOf(seed, Atomics.load(at, 2))];
    const defect = { input: fuzzer.inputAt(roundSeed, n), error: why, shrinks: 0 };
    count(fuzzer.name, { runs: n, defect }, roundSeed);
  }
  print(columns('fuzzer', 'rounds', 'inputs', 'seconds', 'defects'));
  for (const [name, { rounds: played, inputs, ms, defects }] of lines)
    print(columns(name, String(played), String(inputs), (ms / 1000).toFixed(1), String(defects)));
  const found = [...lines.values()].reduce((sum, { defects }) => sum + defects, 0);
  print(`soak: seed ${seed}, ${found === 0 ? 'no defects' : `defects: ${found}`}`);
  return found === 0;
}
