import { Script } from 'node:vm';
import type { Millis } from '../core/units.js';

/** A call that was stopped because it took longer than it may. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';

  constructor(readonly ms: Millis) {
    super(`took over ${ms} ms`);
  }
}

const STOPPED = 'ERR_SCRIPT_EXECUTION_TIMEOUT';

/** Where a script finds what it calls; only there during a call. */
const SLOT = Symbol.for('elpis.callWithin');
/** Scripts of `node:vm` are the one thing that Node can stop while it runs. */
const SCRIPT = new Script("globalThis[Symbol.for('elpis.callWithin')]()");

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
