import { map, Observable } from 'rxjs';
import type { Deps } from '../../core/deps.js';
import { ElpisError } from '../../core/errors.js';
import type { Shot } from '../../core/shot.js';
import type { Bytes } from '../../core/units.js';
import type { ReadableMessage, SchemaMethod } from '../../protobuf/schemaMethod.js';
import type { GrpcAmmo, GrpcCall } from '../../protocols/grpc.js';
import { NetSample } from '../../protocols/netSample.js';
import { type Exchange, type Transport, TransportResponse, type Transports } from '../../protocols/transport.js';
import type { Connector } from '../../wire/dial/connector.js';
import { originText } from '../../wire/dial/origin.js';
import { GRPC_FAILURE } from '../../wire/grpc/grpcFailure.js';
import { protoCodeOf } from '../../wire/grpc/grpcStatus.js';
import type { StreamClient } from '../../wire/http2/streamListener.js';
import { GrpcExchange, type GrpcGunContext, type GrpcOutcome } from './exchange.js';
import { offerCall } from './offerCall.js';
import type { GrpcGunConfig } from './options.js';
import { GrpcGunResources } from './resources.js';
import { type OpenedCall, openedCall, StreamShot, type StreamSink } from './streamShot.js';

/**
 * The response to a unary call, as scenarios read it: the status is the proto code, the headers are the metadata of the head and of the
 * trailers, and the body is the message in the JSON form of protobuf; empty without a message. That of a call with `messages` is the
 * list of the messages of the server, without headers.
 */
export class GrpcTransportResponse extends TransportResponse {
  /**
   * @param grpcStatus The status of gRPC, 0 for OK.
   * @param grpcMessage The text of the status.
   */
  constructor(
    protoCode: number,
    headers: TransportResponse['headers'],
    readonly grpcStatus: number,
    readonly grpcMessage: string,
    private readonly message: Pick<ReadableMessage, 'json' | 'text'> | undefined,
    truncated = false,
  ) {
    super(protoCode, headers, message === undefined ? undefined : Buffer.from(JSON.stringify(message.json)), truncated);
  }

  /** The message in the text form of protobuf, in one line, such as `token:"abc"`; undefined without a message. */
  get protoText(): string | undefined {
    return this.message?.text;
  }
}

function responseOf({ call, protoCode, status, text, message, head, trailers }: GrpcOutcome): GrpcTransportResponse {
  const readable = call.problem !== undefined || message === undefined ? undefined : call.method.response(message);
  const headers = [...(head?.fields ?? []), ...(trailers?.fields ?? [])];
  return new GrpcTransportResponse(protoCode, headers, status, text, readable);
}

/** The most bytes of the messages of a stream that are kept for its response. */
export const MAX_KEPT: Bytes = 16 * 1024 * 1024;

/** The messages of the server, in JSON and in text form, one per line. */
class StreamedMessages {
  readonly #kept: Uint8Array[] = [];
  #bytes: Bytes = 0;
  truncated = false;

  add(bytes: Uint8Array): void {
    this.#bytes += bytes.length;
    if (this.#bytes > MAX_KEPT) this.truncated = true;
    else this.#kept.push(Uint8Array.from(bytes));
  }

  /** @throws Error for bytes that are no message of the type. */
  read(method: SchemaMethod): Pick<ReadableMessage, 'json' | 'text'> {
    const messages = this.#kept.map((bytes) => method.response(bytes));
    return {
      json: messages.map(({ json }) => json),
      get text() {
        return messages.map(({ text }) => text).join('\n');
      },
    };
  }
}

/** @throws ElpisError `ELPIS_SHOT` for what is no call, such as a request over HTTP. */
function requireCall(call: unknown): void {
  const { payload, method } = Object(call) as Partial<GrpcCall>;
  if (typeof method === 'string' && payload !== undefined) return;
  throw new ElpisError('ELPIS_SHOT', 'the gun grpc/scenario cannot send this request, expected a call over gRPC', {
    hint: 'use call of elpis/scenario, or another gun',
  });
}

/** The gRPC transport of one instance: shots of the gun with kept responses. */
class GrpcTransport implements Transport<GrpcCall> {
  readonly origin: string;

  constructor(
    private readonly context: GrpcGunContext,
    private readonly client: StreamClient,
    readonly close: () => void,
  ) {
    this.origin = originText(context.target);
  }

  #offering(
    sample: NetSample,
    { ammo, head, trailers }: GrpcOutcome,
    { text }: TransportResponse,
  ): Pick<Exchange, 'offer'> {
    const { exchanges, grpcurl } = this.context;
    if (exchanges === undefined) return {};
    const { tag, call } = ammo;
    const { started, ended } = sample;
    const response = { head, trailers, message: () => text };
    return { offer: (reason) => offerCall(exchanges, { tag, started, ended }, reason, call, grpcurl, response) };
  }

  /** A message that cannot be read is a failed sample: the target has sent it. */
  #exchange(sample: NetSample, outcome: GrpcOutcome | undefined): Exchange {
    if (outcome === undefined || outcome.status < 0 || sample.verdict === 'failed') return { sample };
    try {
      const response = responseOf(outcome);
      return { sample, response, ...this.#offering(sample, outcome, response) };
    } catch (error) {
      return this.#unreadable(sample, error);
    }
  }

  #unreadable(sample: NetSample, error: unknown): Exchange {
    const { status, errorName } = GRPC_FAILURE.badMessage;
    sample.verdict = 'failed';
    sample.protoCode = protoCodeOf(status);
    sample.errorName = errorName;
    this.context.failed(errorName, error);
    return { sample };
  }

  /** A call with messages in both directions: an exchange for the first message of the server, for each gap, and for the whole. */
  #stream(call: GrpcCall, shot: Shot<unknown>, tag: string): Observable<Exchange> {
    const { context } = this;
    return new Observable((subscriber) => {
      const messages = new StreamedMessages();
      const opened = openedCall(call, context);
      const stream = new StreamShot(context, call, shot, tag, {
        message: (bytes) => messages.add(bytes),
        sample: (sample, part, status) => {
          if (part !== undefined) {
            subscriber.next({ sample, part });
            return;
          }
          subscriber.next(this.#streamed(sample, messages, opened, status));
          subscriber.complete();
        },
      });
      return stream.start(this.client, opened);
    });
  }

  #streamed(
    sample: NetSample,
    messages: StreamedMessages,
    opened: OpenedCall,
    status: Parameters<StreamSink['sample']>[2],
  ): Exchange {
    if (status === undefined || !('method' in opened)) return { sample };
    try {
      const { code, text } = status;
      const read = messages.read(opened.method);
      return {
        sample,
        response: new GrpcTransportResponse(protoCodeOf(code), [], code, text, read, messages.truncated),
      };
    } catch (error) {
      return this.#unreadable(sample, error);
    }
  }

  send(call: GrpcCall, shot: Shot<unknown>, tag: string): Observable<Exchange> {
    requireCall(call);
    if (call.messages !== undefined) return this.#stream(call, shot, tag);
    const ammo: GrpcAmmo = { protocol: 'grpc', id: 0, tag, call };
    const { context } = this;
    return new Observable((subscriber) => {
      let outcome: GrpcOutcome | undefined;
      const samples = new Observable<NetSample>((inner) => {
        const exchange = new GrpcExchange(context, this.client, ammo, NetSample.of(shot), inner, {
          write(now, result) {
            context.answlog?.write(now, result);
            outcome = result;
          },
        });
        exchange.start();
        return exchange;
      });
      return samples.pipe(map((sample) => this.#exchange(sample, outcome))).subscribe(subscriber);
    });
  }
}

/** The transports of one pool that carry unary calls to one server, by the options of the `grpc` gun. */
export class GrpcTransports implements Transports<GrpcCall> {
  readonly #resources: GrpcGunResources;

  /** @param connect Opens connections. Default: over TCP, with TLS unless `tls` is false. */
  constructor(config: GrpcGunConfig, deps: Deps, connect?: Connector) {
    this.#resources = new GrpcGunResources(config, deps, connect);
  }

  warmUp(): Observable<never> {
    return this.#resources.warmUp();
  }

  create(): GrpcTransport {
    const { client, close } = this.#resources.client();
    return new GrpcTransport(this.#resources.context, client, close);
  }

  counters(): ReadonlyMap<string, number> {
    return this.#resources.counters;
  }

  close(): Observable<never> {
    return this.#resources.close();
  }
}
