// The thread in which the fuzzers run, beside the one that watches it: run.ts.
import { parentPort, workerData } from 'node:worker_threads';
import { FUZZERS } from './fuzzers.js';
import { NO_FUZZER, type Order, seedOf, type Tried } from './protocol.js';

const { seed, only, rounds, forMs, at } = workerData as Order;
const chosen = FUZZERS.filter(({ name }) => only.length === 0 || only.some((part) => name.startsWith(part)));
const deadline = performance.now() + forMs;
const broken = new Set<string>();

for (let round = 0; round < rounds && broken.size < chosen.length; round++) {
  for (const fuzzer of chosen) {
    if (broken.has(fuzzer.name)) continue;
    if (performance.now() >= deadline) process.exit();
    const started = performance.now();
    Atomics.store(at, 0, FUZZERS.indexOf(fuzzer));
    Atomics.store(at, 1, 0);
    Atomics.store(at, 2, round);
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
