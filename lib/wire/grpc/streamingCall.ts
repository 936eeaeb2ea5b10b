import { Observable, type Subscriber, type Subscription } from 'rxjs';
import type { Bytes } from '../../core/units.js';
import type { Origin } from '../dial/origin.js';
import type { EncodedHead } from '../http2/encodedHead.js';
import type { StreamClient, StreamConnection, StreamTaker } from '../http2/streamListener.js';
import { framedMessage, type GrpcCompression } from './callHead.js';
import { GrpcError } from './grpcError.js';
import { type GrpcFailure, grpcFailureOf } from './grpcFailure.js';
import { GrpcListener, type GrpcReceiving } from './grpcListener.js';

/** What a call with streams needs. */
export interface StreamingCallOptions {
  readonly client: StreamClient;
  readonly origin: Origin;
  readonly head: EncodedHead;
  readonly receiving: GrpcReceiving;
  readonly compression: GrpcCompression;
  /** Called once when the stream is over, with its bytes on the wire. */
  readonly closed?: (bytesIn: Bytes, bytesOut: Bytes) => void;
}

/** Most bytes of requests that wait for the flow control of the server. */
const MAX_WAITING: Bytes = 16 * 1024 * 1024;
const NOTHING = new Uint8Array(0);
const TOO_MUCH: GrpcFailure = { status: 8, errorName: 'grpc requests wait' };

/** One call whose messages are Observables in both directions. */
class StreamingCall extends GrpcListener implements StreamTaker {
  readonly #options: StreamingCallOptions;
  readonly #requests: Observable<Uint8Array>;
  readonly #responses: Subscriber<Uint8Array>;
  #sending: Subscription | undefined;
  #over = false;

  constructor(options: StreamingCallOptions, requests: Observable<Uint8Array>, responses: Subscriber<Uint8Array>) {
    super(options.receiving);
    this.#options = options;
    this.#requests = requests;
    this.#responses = responses;
  }

  start(): void {
    this.#options.client.acquire(this.#options.origin, this);
  }

  acquired(connection: StreamConnection): void {
    this.stream = connection.send(this.#options.head, null, false, this);
    this.#sending = this.#requests.subscribe({
      next: (message) => this.#send(message),
      error: (error: unknown) => {
        this.cancel();
        this.#end();
        this.#responses.error(error);
      },
      complete: () => {
        if (!this.#over) this.stream?.write(NOTHING, true);
      },
    });
    if (this.#over) this.#sending.unsubscribe();
  }

  unavailable(error: unknown): void {
    this.broken(grpcFailureOf(error), error);
  }

  /** Ends the call without a result. */
  stop(): void {
    if (this.#over) return;
    if (this.stream === undefined) this.#options.client.leave(this.#options.origin, this);
    this.cancel();
    this.#end();
  }

  written(): void {
    // Nothing depends on it.
  }

  drained(): void {
    // Requests come at their own time; how many may wait is limited.
  }

  protected override get keeps(): boolean {
    return true;
  }

  protected override message(bytes: Uint8Array): void {
    this.#responses.next(bytes);
  }

  protected override finished(status: number, message: string): void {
    this.#end();
    if (status === 0) this.#responses.complete();
    else this.#responses.error(new GrpcError(status, message));
  }

  protected override broken(failure: GrpcFailure, error: unknown): void {
    this.#end();
    const reason = error instanceof Error ? error.message : String(error);
    this.#responses.error(new GrpcError(failure.status, reason, failure));
  }

  #send(message: Uint8Array): void {
    if (this.#over) return;
    this.stream?.write(framedMessage(message, this.#options.compression), false);
    if ((this.stream?.waiting ?? 0) <= MAX_WAITING) return;
    this.cancel();
    this.broken(TOO_MUCH, `over ${MAX_WAITING} bytes of requests wait for the server`);
  }

  #end(): void {
    this.#over = true;
    this.#options.closed?.(this.stream?.bytesIn ?? 0, this.stream?.bytesOut ?? 0);
    this.#sending?.unsubscribe();
  }
}

/**
 * A call whose messages go in both directions: unary, or with streams of either side. Subscribing calls once.
 *
 * - `requests` is subscribed to when the stream is open; its completion ends the side of the client. Its error cancels the call
 *   and is passed on.
 * - Emits each message of the server, and completes with the status OK. Errors with a {@link GrpcError} for any other end.
 * - Unsubscribing cancels the call.
 */
export function streamingCall(options: StreamingCallOptions, requests: Observable<Uint8Array>): Observable<Uint8Array> {
  return new Observable((responses) => {
    const call = new StreamingCall(options, requests, responses);
    call.start();
    return () => call.stop();
  });
}
