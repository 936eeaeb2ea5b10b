import { parentPort, workerData } from 'node:worker_threads';
import type { Fuzzer } from './fuzzer.js';
import { FINISHED, NO_FUZZER, type Order, seedOf, type Tried } from './protocol.js';

/** Runs fuzzers in this thread, round after round, by the order that it was given, reports each, and ends the thread. */
export async function playRounds(fuzzers: readonly Fuzzer[]): Promise<never> {
  const { seed, only, rounds, forMs, at } = workerData as Order;
  const chosen = fuzzers.filter(({ name }) => only.length === 0 || only.some((part) => name.startsWith(part)));
  const deadline = performance.now() + forMs;
  const broken = new Set<string>();
  for (let round = 0; round < rounds && broken.size < chosen.length; round++) {
    for (const fuzzer of chosen) {
      if (broken.has(fuzzer.name)) continue;
      if (performance.now() >= deadline) process.exit(FINISHED);
      const started = performance.now();
      Atomics.store(at, 1, 0);
      Atomics.store(at, 2, round);
      Atomics.store(at, 0, fuzzers.indexOf(fuzzer));
      const onInput = (n?: number): void => {
        if (n !== undefined) Atomics.store(at, 1, n);
        Atomics.add(at, 3, 1);
      };
      const trial = { seed: seedOf(seed, round), runs: fuzzer.runs, onInput };
      const outcome = await fuzzer.play(trial);
      Atomics.store(at, 0, NO_FUZZER);
      if (outcome.defect !== undefined) broken.add(fuzzer.name);
      const tried: Tried = { ...outcome, name: fuzzer.name, round, seed: trial.seed, ms: performance.now() - started };
      parentPort?.postMessage(tried);
    }
  }
  process.exit(FINISHED);
}
