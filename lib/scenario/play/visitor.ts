import type { EpochMs } from '../../core/units.js';
import type { Transport } from '../../protocols/transport.js';
import type { Cookies } from './cookies.js';

/** One instance as the user that it plays: what it keeps from one run of a scenario to the next. */
export interface Visitor {
  readonly transport: Transport<unknown>;
  /** Undefined when cookies are off. */
  readonly cookies: Cookies | undefined;
  /** When each `pacing` was passed last. */
  readonly passed: Map<object, EpochMs>;
}
