import type { SchedulerLike } from 'rxjs';
import type { ConnectionWatch } from '../../core/connections.js';
import type { ExchangeKeeper } from '../../core/deps.js';
import { ElpisError } from '../../core/errors.js';
import type { EpochMs, Millis } from '../../core/units.js';
import type { HttpRequest } from '../../protocols/http.js';
import type { NetFailure } from '../../protocols/netFailure.js';
import type { DeadlineQueue } from '../../time/deadlineQueue.js';
import type { Origin, OriginCache } from '../../wire/dial/origin.js';
import type { EncodedCache } from '../../wire/encodedCache.js';
import type { CaptureRule, ResponseSink } from '../../wire/http1/capture.js';
import type { Http2Counters } from '../../wire/http2/http2Counters.js';
import { Http2Error } from '../../wire/http2/http2Error.js';
import type { Http2EncodeOptions, Http2Request } from '../../wire/http2/http2Request.js';
import type { Stream, StreamConnection } from '../../wire/http2/streamListener.js';
import type { AutoTagConfig } from '../shared/tagging.js';

/** The context that all exchanges of a pool share. */
export interface Http2GunContext {
  readonly scheduler: SchedulerLike;
  readonly target: Origin;
  readonly origins: OriginCache;
  readonly encoding: Http2EncodeOptions;
  /** The requests to the target. */
  readonly requests: EncodedCache<Http2Request>;
  readonly autoTag: AutoTagConfig;
  readonly redirect: boolean;
  readonly trace: boolean;
  readonly dump: boolean;
  /** What is kept of responses; absent when nothing is. */
  readonly capture: CaptureRule | undefined;
  /** How long a body waits for 100 Continue; 0 = it does not wait. */
  readonly continueTimeout: Millis;
  /** The time limits of whole shots, of heads, and from one piece of a body to the next; absent without a limit. */
  readonly deadlines: DeadlineQueue | undefined;
  readonly headLimits: DeadlineQueue | undefined;
  readonly bodyLimits: DeadlineQueue | undefined;
  readonly counters: Http2Counters;
  /** Receives the responses that the answlog takes, with the request as HTTP/1.1 writes it. */
  readonly answlog: ResponseSink | undefined;
  /** Keeps examples of bad and failed exchanges; absent when none are kept. */
  readonly exchanges: ExchangeKeeper | undefined;
  /** Counts the connections; absent when they are not counted. */
  readonly connections: ConnectionWatch | undefined;
  /** The request as HTTP/1.1 writes it, for the answlog and examples. */
  readonly text: (request: HttpRequest) => Uint8Array;
  /** Called for every failed exchange. */
  readonly failed: (failure: NetFailure, error: unknown) => void;
  /** When the target first responded over HTTP/2; 0 before. After it, a connection without HTTP/2 is a failed shot like others. */
  spokenAt: EpochMs;
}

/** How often a request is sent again that the server has refused. */
const MAX_RETRIES = 3;
/** The same after GOAWAY, which ends connections that carry many streams: others of them were processed. */
const MAX_AFTER_GOAWAY = 20;

/** True when a failed request may be sent once more: the server has not processed it. */
export function sendsAgain(
  error: unknown,
  retries: number,
  replayable: boolean,
  connection: StreamConnection,
  stream: Stream,
): boolean {
  if (error instanceof Http2Error) {
    return !error.processed && retries < (error.source === 'goaway' ? MAX_AFTER_GOAWAY : MAX_RETRIES);
  }
  // The server may close a kept connection just before its next use, without GOAWAY.
  return retries === 0 && replayable && connection.carried > 1 && connection.silentSince(stream);
}

/** The error of a target that does not speak HTTP/2, which ends the pool. */
export function notHttp2(cause: Error): ElpisError {
  const hint = 'use the gun http for HTTP/1.1, and check the port and ssl';
  return new ElpisError('ELPIS_SHOT', cause.message, { cause, hint });
}
