import { createContext, Script } from 'node:vm';
import type { Millis } from '../core/units.js';

/** A call that was stopped because it took longer than it may. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';

  constructor(readonly ms: Millis) {
    super(`took over ${ms} ms`);
  }
}

const STOPPED = 'ERR_SCRIPT_EXECUTION_TIMEOUT';

/** Calls functions in a context of `node:vm`, the one place where Node can stop code that does not return. */
class Watch {
  readonly #global: { call: (() => void) | undefined } = { call: undefined };
  readonly #context = createContext(this.#global);
  readonly #script = new Script('call()');

  run(ms: Millis, call: () => void): void {
    this.#global.call = call;
    try {
      this.#script.runInContext(this.#context, { timeout: ms });
    } finally {
      this.#global.call = undefined;
    }
  }
}

/** Made at the first use, since a context takes a millisecond. It keeps nothing between two calls. */
let watch: Watch | undefined;
let running = false;

/**
 * Calls a function, and stops it when it does not return in time: a regular expression that backtracks, a query that takes quadratic
 * time. It costs about 60 µs, for the thread that watches.
 *
 * - What is stopped has no chance to clean up: `catch` and `finally` in it do not run. So it must not change anything that others use.
 * - Inside of another call, the limit of the outer one holds alone.
 * - Work of Node itself, such as `JSON.parse` of a large text, is stopped when it returns.
 *
 * @throws DeadlineError when it was stopped; what the function throws is thrown unchanged.
 * @example
 * callWithin(500, () => /^(a+)+$/.test('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!')); // throws after 500 ms
 */
export function callWithin<T>(ms: Millis, call: () => T): T {
  if (running) return call();
  let value: T | undefined;
  watch ??= new Watch();
  running = true;
  try {
    watch.run(ms, () => {
      value = call();
    });
  } catch (error) {
    if ((Object(error) as { readonly code?: unknown }).code === STOPPED) throw new DeadlineError(ms);
    throw error;
  } finally {
    running = false;
  }
  return value as T;
}
