import type { SchedulerLike } from 'rxjs';
import type { ConnectionWatch } from '../../core/connections.js';
import type { Millis } from '../../core/units.js';
import type { DeadlineQueue } from '../../time/deadlineQueue.js';
import type { ConnectLimiter } from '../dial/connectLimiter.js';
import type { Connector } from '../dial/connector.js';
import type { CaptureRule } from './capture.js';
import type { WireCounters } from './wireCounters.js';

/** Options of connections. */
export interface ConnectionOptions {
  readonly scheduler: SchedulerLike;
  readonly connect: Connector;
  /** Bounds the number of connections that open at once. */
  readonly limiter: ConnectLimiter;
  /** From the request written to the head of the response; 0 = no limit. */
  readonly headerTimeout: Millis;
  /** From one piece of a body to the next; 0 = no limit. */
  readonly bodyIdleTimeout: Millis;
  /** The time limit of unused connections, with one timer for all; absent without a limit. */
  readonly unused: DeadlineQueue | undefined;
  /** How long a body waits for 100 Continue. */
  readonly continueTimeout: Millis;
  /** Report the moment when a request is written, at a small cost. */
  readonly timed: boolean;
  readonly capture: CaptureRule;
  readonly counters: WireCounters;
  /** Counts the connections. Default: they are not counted. */
  readonly connections?: ConnectionWatch | undefined;
}
