import { AsyncLocalStorage } from 'node:async_hooks';

const reading = new AsyncLocalStorage<true>();

/**
 * While a config in code is being read, a component with wrong options is not refused on the spot: the check of the whole
 * config tells every flaw at once, each with its place.
 */
export const lenient = {
  /** Runs `body`, and all that it waits for, leniently. */
  during<T>(body: () => T): T {
    return reading.run(true, body);
  },

  /** True inside {@link lenient.during}. */
  now(): boolean {
    return reading.getStore() === true;
  },
};
