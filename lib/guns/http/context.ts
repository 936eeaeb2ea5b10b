import type { SchedulerLike } from 'rxjs';
import type { ConnectionWatch } from '../../core/connections.js';
import type { ExchangeKeeper, Random } from '../../core/deps.js';
import type { HttpRequest } from '../../protocols/http.js';
import type { NetFailure } from '../../protocols/netFailure.js';
import type { DeadlineQueue } from '../../time/deadlineQueue.js';
import type { Origin, OriginCache } from '../../wire/dial/origin.js';
import type { ResponseSink } from '../../wire/http1/capture.js';
import type { EncodeOptions } from '../../wire/http1/request.js';
import type { RequestCache } from '../../wire/http1/requestCache.js';
import type { WireCounters } from '../../wire/http1/wireCounters.js';
import type { AutoTagConfig } from '../shared/tagging.js';

/** The context that all exchanges of a pool share. */
export interface HttpGunContext {
  readonly scheduler: SchedulerLike;
  readonly random: Random;
  readonly target: Origin;
  readonly origins: OriginCache;
  /** The origin of a request, or the reason that it has none. Undefined: the target for all. */
  readonly originOf: ((request: HttpRequest, origins: OriginCache) => Origin | string) | undefined;
  readonly encoding: EncodeOptions;
  readonly requests: RequestCache;
  readonly autoTag: AutoTagConfig;
  readonly redirect: boolean;
  readonly trace: boolean;
  readonly dump: boolean;
  /** The time limit of whole shots; absent without a limit. */
  readonly deadlines: DeadlineQueue | undefined;
  readonly counters: WireCounters;
  /** Receives the responses that the capture rule keeps. */
  readonly answlog: ResponseSink | undefined;
  /** Keeps examples of bad and failed exchanges; absent when none are kept. */
  readonly exchanges: ExchangeKeeper | undefined;
  /** Counts the connections; absent when they are not counted. */
  readonly connections: ConnectionWatch | undefined;
  /** Called for every failed exchange. */
  readonly failed: (failure: NetFailure, error: unknown) => void;
}
