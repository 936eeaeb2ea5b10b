import type { Outcome } from './fuzzer.js';

/** What the thread that runs the fuzzers is given. */
export interface Order {
  readonly seed: number;
  /** Names or beginnings of names; all when empty. */
  readonly only: readonly string[];
  /** How many rounds; with `forMs` the first of the two ends the soak. */
  readonly rounds: number;
  readonly forMs: number;
  /**
   * For a thread that hangs or ends: which fuzzer is at work, or {@link NO_FUZZER}; at which of its inputs, from 1, or which one had failed; in
   * which round; and a number that grows with each input.
   */
  readonly at: Int32Array;
}

/** Stands for the index of a fuzzer while none is at work. */
export const NO_FUZZER = -1;

/** The exit code of a thread that has finished its work. Any other end of the thread has another code. */
export const FINISHED = 42;

/** The report of the thread: one fuzzer was tried in one round. */
export interface Tried extends Outcome {
  readonly name: string;
  readonly round: number;
  /** The seed of the round: the seed of a soak that repeats it. */
  readonly seed: number;
  readonly ms: number;
}

/** The seed of a round. That of round 0 is the seed of the soak, so that one round can be repeated alone. */
export const seedOf = (seed: number, round: number): number => (seed + Math.imul(round, 0x9e37_79b9)) | 0;
