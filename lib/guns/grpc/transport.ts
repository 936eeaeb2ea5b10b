import { map, Observable } from 'rxjs';
import type { Deps } from '../../core/deps.js';
import type { Shot } from '../../core/shot.js';
import type { ReadableMessage } from '../../protobuf/schemaMethod.js';
import type { GrpcAmmo, GrpcCall } from '../../protocols/grpc.js';
import { NetSample } from '../../protocols/netSample.js';
import { type Exchange, type Transport, TransportResponse, type Transports } from '../../protocols/transport.js';
import type { Connector } from '../../wire/dial/connector.js';
import { originText } from '../../wire/dial/origin.js';
import { GRPC_FAILURE } from '../../wire/grpc/grpcFailure.js';
import { protoCodeOf } from '../../wire/grpc/grpcStatus.js';
import type { StreamClient } from '../../wire/http2/streamListener.js';
import { GrpcExchange, type GrpcGunContext, type GrpcOutcome } from './exchange.js';
import type { GrpcGunConfig } from './options.js';
import { GrpcGunResources } from './resources.js';

/**
 * The response to a unary call, as scenarios read it: the status is the proto code, the headers are the metadata of the head and of the
 * trailers, and the body is the message in the JSON form of protobuf; empty without a message.
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
    private readonly message: ReadableMessage | undefined,
  ) {
    super(protoCode, headers, message === undefined ? undefined : Buffer.from(JSON.stringify(message.json)));
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

  /** A message that cannot be read is a failed sample: the target has sent it. */
  #exchange(sample: NetSample, outcome: GrpcOutcome | undefined): Exchange {
    if (outcome === undefined || outcome.status < 0 || sample.verdict === 'failed') return { sample };
    try {
      return { sample, response: responseOf(outcome) };
    } catch (error) {
      const { status, errorName } = GRPC_FAILURE.badMessage;
      sample.verdict = 'failed';
      sample.protoCode = protoCodeOf(status);
      sample.errorName = errorName;
      this.context.failed(errorName, error);
      return { sample };
    }
  }

  send(call: GrpcCall, shot: Shot<unknown>, tag: string): Observable<Exchange> {
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
