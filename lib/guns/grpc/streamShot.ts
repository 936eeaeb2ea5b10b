import { concatMap, delay, from, map, type Observable, of, type Subscription } from 'rxjs';
import { describeError } from '../../core/errorContext.js';
import type { Shot } from '../../core/shot.js';
import type { Bytes, EpochMs, Millis } from '../../core/units.js';
import type { SchemaMethod } from '../../protobuf/schemaMethod.js';
import type { ExactJsonMap } from '../../protocols/exactJson.js';
import type { GrpcCall } from '../../protocols/grpc.js';
import { NetSample } from '../../protocols/netSample.js';
import { encodeCallHead, metadataFields } from '../../wire/grpc/callHead.js';
import { GrpcError } from '../../wire/grpc/grpcError.js';
import { GRPC_FAILURE } from '../../wire/grpc/grpcFailure.js';
import { GRPC_STATUS, protoCodeOf, statusName } from '../../wire/grpc/grpcStatus.js';
import { streamingCall } from '../../wire/grpc/streamingCall.js';
import type { EncodedHead } from '../../wire/http2/encodedHead.js';
import type { StreamClient } from '../../wire/http2/streamListener.js';
import { unknownMethod } from './callFaults.js';
import type { GrpcGunContext } from './exchange.js';
import { offerCall } from './offerCall.js';

/** A call that can be opened, or the reason that it cannot. */
export type OpenedCall =
  | { readonly method: SchemaMethod; readonly head: EncodedHead }
  | { readonly reason: string; readonly hint?: string; readonly errorName: string };

/** The call as it is opened, by the descriptors of its method. */
export function openedCall({ method: name, metadata }: GrpcCall, { schema, heads }: GrpcGunContext): OpenedCall {
  const method = schema.method(name);
  if (method === undefined) {
    const { message, ...hint } = unknownMethod(name, schema);
    return { reason: message, ...hint, errorName: 'grpc unknown method' };
  }
  const fields = metadataFields(metadata ?? {});
  if (typeof fields === 'string') return { reason: fields, errorName: GRPC_FAILURE.badMetadata.errorName };
  return { method, head: encodeCallHead(method.path, fields, heads) };
}

/** The parts of a call that have samples of their own. */
export type StreamPart = 'first' | 'gap';

/** Receives what comes of one call. */
export interface StreamSink {
  /** A message of the server, in binary form. */
  message(bytes: Uint8Array): void;
  /**
   * The sample of a part, or of the whole call, which is the last; it has no tag.
   *
   * @param status Of the whole call: the status with its text; absent for a failure without one.
   */
  sample(
    sample: NetSample,
    part: StreamPart | undefined,
    status?: { readonly code: number; readonly text: string },
  ): void;
}

/** One call with its messages in both directions, and its samples. */
export class StreamShot {
  readonly #context: GrpcGunContext;
  readonly #call: GrpcCall;
  readonly #shot: Shot<unknown>;
  readonly #tag: string;
  readonly #sink: StreamSink;
  #last: EpochMs;
  #received = 0;
  #sent = 0;
  #bytesIn: Bytes = 0;
  #bytesOut: Bytes = 0;

  /** @param tag Of the kept examples. */
  constructor(context: GrpcGunContext, call: GrpcCall, shot: Shot<unknown>, tag: string, sink: StreamSink) {
    this.#context = context;
    this.#call = call;
    this.#shot = shot;
    this.#tag = tag;
    this.#sink = sink;
    this.#last = shot.started;
  }

  /**
   * Opens the call and sends its messages; a call that cannot be opened fails.
   *
   * @param pause Before each further message.
   */
  start(client: StreamClient, opened: OpenedCall, pause: Millis = 0): Subscription {
    const { scheduler, target, receiving, heads } = this.#context;
    // In the next turn: a closed loop of such calls alone would never return to the event loop.
    if (!('method' in opened)) return scheduler.schedule(() => this.#refuse(opened));
    const { method, head } = opened;
    const { messages, payload } = this.#call;
    const written: Observable<ExactJsonMap> = messages === undefined ? of(payload ?? {}) : from(messages);
    const paced =
      pause > 0
        ? written.pipe(concatMap((message, i) => (i === 0 ? of(message) : of(message).pipe(delay(pause, scheduler)))))
        : written;
    const requests = paced.pipe(
      map((message) => {
        this.#sent++;
        return method.encode(message);
      }),
    );
    const closed = (bytesIn: Bytes, bytesOut: Bytes): void => {
      this.#bytesIn = bytesIn;
      this.#bytesOut = bytesOut;
    };
    const options = { client, origin: target, head, receiving, compression: heads.compression, closed };
    const subscription = streamingCall(options, requests).subscribe({
      next: (message) => this.#message(message),
      error: (error: unknown) => this.#failed(error),
      complete: () => this.#end(0, '', '', ''),
    });
    const limit = heads.timeout;
    subscription.add(
      scheduler.schedule(() => {
        if (subscription.closed) return;
        subscription.unsubscribe();
        this.#failed(
          new GrpcError(GRPC_FAILURE.timeout.status, `not complete within ${limit}ms`, GRPC_FAILURE.timeout),
        );
      }, limit),
    );
    return subscription;
  }

  /** Ends a call that cannot be opened. */
  #refuse({ reason, hint, errorName }: Extract<OpenedCall, { reason: string }>): void {
    this.#context.failed(errorName, reason, hint);
    this.#end(-1, errorName, reason, 'failed');
  }

  #message(bytes: Uint8Array): void {
    const now = this.#context.scheduler.now();
    const sample = NetSample.of(this.#shot).end(now, protoCodeOf(0));
    const first = this.#received++ === 0;
    sample.scope = 'group';
    if (!first) {
      sample.intended = sample.started = this.#last;
      sample.slotWait = 0;
    }
    this.#last = now;
    this.#sink.message(bytes);
    this.#sink.sample(sample, first ? 'first' : 'gap');
  }

  #failed(error: unknown): void {
    if (error instanceof GrpcError) {
      const { status, failure, reason } = error;
      const name = failure?.errorName ?? statusName(status);
      this.#context.failed(name, reason);
      this.#end(status, name, reason, failure === undefined ? '' : 'failed');
      return;
    }
    // The messages of the ammo are no such messages, or their stream failed.
    this.#context.failed('grpc bad payload', describeError(error));
    this.#end(GRPC_STATUS.invalidArgument, 'grpc bad payload', '', 'failed');
  }

  #offer({ started, ended }: NetSample, reason: string, text: string): void {
    const { exchanges, grpcurl } = this.#context;
    if (exchanges === undefined) return;
    const message = (): string => `${this.#sent} messages sent, ${this.#received} received. ${text}`;
    offerCall(exchanges, { tag: this.#tag, started, ended }, reason, this.#call, grpcurl, { message });
  }

  #end(status: number, errorName: string, text: string, verdict: '' | 'failed'): void {
    const sample = NetSample.of(this.#shot).end(this.#context.scheduler.now(), status < 0 ? 0 : protoCodeOf(status));
    sample.errorName = errorName;
    sample.bytesIn = this.#bytesIn;
    sample.bytesOut = this.#bytesOut;
    if (verdict === 'failed') sample.verdict = verdict;
    if (errorName !== '') this.#offer(sample, errorName, text);
    sample.measure({ kind: 'counter', name: 'messages received', value: this.#received });
    sample.measure({ kind: 'counter', name: 'messages sent', value: this.#sent });
    if (verdict === 'failed') this.#sink.sample(sample, undefined);
    else this.#sink.sample(sample, undefined, { code: status, text });
  }
}
