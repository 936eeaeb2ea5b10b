/**
 * Which row comes next.
 *
 * - `next`: in order, from the beginning again after the last. Over all threads each row comes once before any comes twice.
 * - `shuffled`: as `next`, but each pass over the rows is in an order of its own.
 * - `random`: any row at any time, by the seed of the run and the index of the scenario.
 * - `unique`: row i for the scenario start with the global index i: no two starts of a run get the same, however many threads
 *   there are. When there are no more rows, the run ends with an error. Once in a scenario.
 */
export type FeederStrategy = 'next' | 'shuffled' | 'random' | 'unique';

/** What all feeders with rows have in common. */
export interface FeederOptions {
  /** Default `next`. */
  readonly strategy?: FeederStrategy;
  /** Of the orders of `shuffled`: the same seed gives the same orders. Default 1. */
  readonly seed?: number;
}
