import { Script } from 'node:vm';
import type { Millis } from '../core/units.js';

/** A call that was stopped at its time limit. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';

  constructor(readonly ms: Millis) {
    super(`took over ${ms} ms`);
  }
}

const STOPPED = 'ERR_SCRIPT_EXECUTION_TIMEOUT';

/** The function that the script calls; set only during a call. */
const SLOT = Symbol.for('elpis.callWithin');
/** Node can stop running code only in scripts of `node:vm`. */
const SCRIPT = new Script("globalThis[Symbol.for('elpis.callWithin')]()");

/**
 * Calls a function, and stops it when it does not return in time: a regular expression that backtracks, a query of
 * quadratic time. The cost is about 60 µs, for the watchdog thread.
 *
 * - A stopped function cannot clean up: its `catch` and `finally` blocks do not run. So it MUST NOT change shared
 *   state.
 * - Inside of another call, only the limit of the outer call applies.
 * - Functions of Node, such as `JSON.parse` of a large text, are stopped when they return.
 *
 * @throws DeadlineError when it was stopped; exceptions of the function are thrown unchanged.
 * @example
 * callWithin(500, () => /^(a+)+$/.test('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!')); // throws after 500 ms
 */
export function callWithin<T>(ms: Millis, call: () => T): T {
  if (Object.hasOwn(globalThis, SLOT)) return call();
  let value: T | undefined;
  const slot = {
    configurable: true,
    value: (): void => {
      value = call();
    },
  };
  Object.defineProperty(globalThis, SLOT, slot);
  try {
    SCRIPT.runInThisContext({ timeout: ms });
  } catch (error) {
    if ((Object(error) as { readonly code?: unknown }).code === STOPPED) throw new DeadlineError(ms);
    throw error;
  } finally {
    Reflect.deleteProperty(globalThis, SLOT);
  }
  return value as T;
}
