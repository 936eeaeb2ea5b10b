import type { Observer, SchedulerLike, Unsubscribable } from 'rxjs';
import type { ConnectionWatch } from '../../core/connections.js';
import type { ExchangeKeeper } from '../../core/deps.js';
import type { EpochMs } from '../../core/units.js';
import type { Schema } from '../../protobuf/schema.js';
import type { GrpcAmmo, GrpcCall } from '../../protocols/grpc.js';
import type { NetSample } from '../../protocols/netSample.js';
import type { Deadline, DeadlineQueue } from '../../time/deadlineQueue.js';
import type { Origin } from '../../wire/dial/origin.js';
import type { EncodedCache } from '../../wire/encodedCache.js';
import type { CallHeadOptions } from '../../wire/grpc/callHead.js';
import { GRPC_FAILURE, type GrpcFailure, grpcFailureOf } from '../../wire/grpc/grpcFailure.js';
import { GrpcListener, type GrpcReceiving } from '../../wire/grpc/grpcListener.js';
import { protoCodeOf, statusName } from '../../wire/grpc/grpcStatus.js';
import type { Http2Counters } from '../../wire/http2/http2Counters.js';
import { Http2Error } from '../../wire/http2/http2Error.js';
import type { ReceivedHead, StreamClient, StreamConnection, StreamTaker } from '../../wire/http2/streamListener.js';
import { BAD_AMMO, type CallProblem, type EncodedCall } from './encodedCall.js';
import { type GrpcurlTarget, offerCall } from './offerCall.js';

/** The result of one call, for what reads responses. */
export interface GrpcOutcome {
  readonly call: EncodedCall;
  readonly ammo: GrpcAmmo;
  /** The proto code of the sample. */
  readonly protoCode: number;
  /** The status, or -1 when the call was not sent. */
  readonly status: number;
  /** The text of the status, or of the failure; empty for OK. */
  readonly text: string;
  /** The response message; absent without one. */
  readonly message: Uint8Array | undefined;
  readonly head: ReceivedHead | undefined;
  readonly trailers: ReceivedHead | undefined;
}

/** Receives the results of calls. */
export interface GrpcOutcomeSink {
  write(now: EpochMs, outcome: GrpcOutcome): void;
}

/** The context that all calls of a pool share. */
export interface GrpcGunContext {
  readonly scheduler: SchedulerLike;
  readonly target: Origin;
  readonly schema: Schema;
  readonly heads: CallHeadOptions;
  readonly calls: EncodedCache<EncodedCall, GrpcCall>;
  readonly receiving: GrpcReceiving;
  readonly deadlines: DeadlineQueue;
  readonly counters: Http2Counters;
  /** Counts the connections; absent when they are not counted. */
  readonly connections: ConnectionWatch | undefined;
  readonly answlog: GrpcOutcomeSink | undefined;
  /** Keeps examples of bad and failed calls; absent when none are kept. */
  readonly exchanges: ExchangeKeeper | undefined;
  /** The server, for commands of grpcurl. */
  readonly grpcurl: GrpcurlTarget;
  /** Called for every call without success. */
  readonly failed: (errorName: string, reason: unknown, hint?: string) => void;
}

/** One unary call with its stream and its sample. Unsubscribing cancels it. */
export class GrpcExchange extends GrpcListener implements StreamTaker, Deadline, Unsubscribable {
  deadline: EpochMs = 0;
  earlier: Deadline | undefined = undefined;
  later: Deadline | undefined = undefined;
  readonly #context: GrpcGunContext;
  readonly #client: StreamClient;
  readonly #ammo: GrpcAmmo;
  readonly #sample: NetSample;
  readonly #observer: Observer<NetSample>;
  readonly #sink: GrpcOutcomeSink | undefined;
  readonly #call: EncodedCall;
  #connection: StreamConnection | undefined;
  #response: Uint8Array | undefined;
  /** When there was a stream for the call, and whether that is later than the start of the shot. */
  #sendingAt: EpochMs = 0;
  #later = false;
  #headAt: EpochMs = 0;
  #retried = false;
  #over = false;

  /** @param sink Receives the result. Default: the answlog, if there is one. */
  constructor(
    context: GrpcGunContext,
    client: StreamClient,
    ammo: GrpcAmmo,
    sample: NetSample,
    observer: Observer<NetSample>,
    sink: GrpcOutcomeSink | undefined = context.answlog,
  ) {
    super(context.receiving);
    this.#context = context;
    this.#client = client;
    this.#ammo = ammo;
    this.#sample = sample;
    this.#observer = observer;
    this.#sink = sink;
    this.#call =
      ammo.problem === undefined
        ? context.calls.encoded(ammo.call)
        : { problem: { ...BAD_AMMO, message: ammo.problem } };
    sample.tag = ammo.tag;
  }

  /** Begins the shot. */
  start(): void {
    const { problem } = this.#call;
    if (problem === undefined) {
      this.#context.deadlines.add(this, this.#sample.started);
      this.#client.acquire(this.#context.target, this);
      if (this.#connection === undefined) this.#later = true;
      return;
    }
    // In the next turn: a closed loop over bad ammo alone would never return to the event loop.
    this.#context.scheduler.schedule(() => {
      if (!this.#over) this.#refused(problem);
    });
  }

  acquired(connection: StreamConnection): void {
    const call = this.#call as Exclude<EncodedCall, { problem: CallProblem }>;
    this.#connection = connection;
    this.#sendingAt = this.#later ? this.#context.scheduler.now() : this.#sample.started;
    this.stream = connection.send(call.head, call.body, true, this);
  }

  unavailable(error: unknown): void {
    this.broken(grpcFailureOf(error), error);
  }

  expired(): void {
    const { stream } = this;
    if (stream === undefined) this.#client.leave(this.#context.target, this);
    else if (this.#connection?.silentSince(stream) === true) this.#connection.retire();
    this.cancel();
    this.#fail(GRPC_FAILURE.timeout, `no complete response within ${this.#context.deadlines.limit}ms`);
  }

  /** Aborts: the stream is cancelled and no sample is emitted. */
  unsubscribe(): void {
    if (this.#over) return;
    this.#over = true;
    this.#context.deadlines.remove(this);
    if (this.stream === undefined) this.#client.leave(this.#context.target, this);
    this.cancel();
  }

  written(): void {
    // The columns of phout for sending and waiting are those of the HTTP guns.
  }

  drained(): void {
    // A request is one message, which the connection keeps until it is sent.
  }

  protected override get keeps(): boolean {
    return this.#sink !== undefined;
  }

  protected override message(bytes: Uint8Array): void {
    if (this.messages === 1) this.#response = bytes;
    else {
      this.cancel();
      this.broken(GRPC_FAILURE.tooManyMessages, 'the response to a unary call has more than one message');
    }
  }

  override responded(head: ReceivedHead): void {
    if (this.#context.connections !== undefined) this.#headAt = this.#context.scheduler.now();
    super.responded(head);
  }

  protected override finished(status: number, text: string): void {
    if (status === 0 && this.messages === 0) this.broken(GRPC_FAILURE.noMessage, 'the status is OK without a message');
    else {
      const name = statusName(status);
      if (status !== 0) this.#context.failed(name, text);
      this.#context.connections?.exchanged(
        this.#headAt - this.#sendingAt,
        this.#context.scheduler.now() - this.#headAt,
      );
      this.#end(status, protoCodeOf(status), name, text);
    }
  }

  protected override broken(failure: GrpcFailure, error: unknown): void {
    if (error instanceof Http2Error && !error.processed && !this.#retried) {
      this.#retried = true;
      this.#countBytes();
      this.#sample.retries++;
      this.#context.counters.retries++;
      this.restart();
      this.#later = true;
      this.#connection = this.#response = undefined;
      this.#client.acquire(this.#context.target, this);
    } else this.#fail(failure, error);
  }

  #fail({ status, errorName }: GrpcFailure, reason: unknown): void {
    this.#sample.verdict = 'failed';
    this.#context.failed(errorName, reason);
    this.#end(status, protoCodeOf(status), errorName, reason instanceof Error ? reason.message : String(reason));
  }

  #refused({ protoCode, errorName, message, hint }: CallProblem): void {
    this.#sample.verdict = 'failed';
    this.#context.failed(errorName, message, hint);
    this.#end(-1, protoCode, errorName, message);
  }

  #offer(reason: string): void {
    const { exchanges, grpcurl } = this.#context;
    if (exchanges === undefined) return;
    const response = { head: this.responseHead, trailers: this.responseTrailers };
    offerCall(exchanges, this.#sample, reason, this.#ammo.call, grpcurl, response);
  }

  #countBytes(): void {
    if (this.stream === undefined) return;
    this.#sample.bytesIn += this.stream.bytesIn;
    this.#sample.bytesOut += this.stream.bytesOut;
  }

  #end(status: number, protoCode: number, errorName: string, text: string): void {
    const sample = this.#sample;
    const now = this.#context.scheduler.now();
    this.#over = true;
    this.#context.deadlines.remove(this);
    this.#countBytes();
    sample.responded = sample.ended = now;
    sample.protoCode = protoCode;
    sample.errorName = errorName;
    if (errorName !== '') this.#offer(errorName);
    if (this.#sink !== undefined) {
      const [head, trailers] = [this.responseHead, this.responseTrailers];
      const outcome = { call: this.#call, ammo: this.#ammo, protoCode, status, text, message: this.#response };
      this.#sink.write(now, { ...outcome, head, trailers });
    }
    this.#observer.next(sample);
    this.#observer.complete();
  }
}
