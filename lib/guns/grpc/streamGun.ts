import { concatMap, delay, from, map, Observable, type Observer, of, type Subscription } from 'rxjs';
import { duration } from '../../codec/duration.js';
import { optional, type StructOf, struct } from '../../codec/struct.js';
import type { Deps } from '../../core/deps.js';
import { describeError } from '../../core/errorContext.js';
import type { Gun, GunFactory } from '../../core/gun.js';
import type { Shot } from '../../core/shot.js';
import type { Bytes, EpochMs } from '../../core/units.js';
import { component } from '../../plugin/component.js';
import type { SchemaMethod } from '../../protobuf/schemaMethod.js';
import type { ExactJsonMap } from '../../protocols/exactJson.js';
import { type GrpcAmmo, type GrpcCall, requireGrpcAmmo } from '../../protocols/grpc.js';
import { NetSample } from '../../protocols/netSample.js';
import { EncodedCache } from '../../wire/encodedCache.js';
import { encodeCallHead, metadataFields } from '../../wire/grpc/callHead.js';
import { GrpcError } from '../../wire/grpc/grpcError.js';
import { GRPC_FAILURE } from '../../wire/grpc/grpcFailure.js';
import { protoCodeOf, statusName } from '../../wire/grpc/grpcStatus.js';
import { streamingCall } from '../../wire/grpc/streamingCall.js';
import type { EncodedHead } from '../../wire/http2/encodedHead.js';
import type { StreamClient } from '../../wire/http2/streamListener.js';
import { unknownMethod } from './callFaults.js';
import type { GrpcGunContext } from './exchange.js';
import { describeGrpc, grpcTraits } from './gun.js';
import { callTimeout, grpcGunConfig } from './options.js';
import { GrpcGunResources } from './resources.js';

const streamGunConfig = struct('grpc/stream gun', {
  ...grpcGunConfig.fields,
  /** The pause before each further message of the client. */
  messageInterval: optional(duration, 0, 'the pause before each further message of the client', 'message_interval'),
});

type StreamGunConfig = StructOf<typeof streamGunConfig.fields>;

/** A call that can be opened, or the reason that it cannot. */
type Opened =
  | { readonly method: SchemaMethod; readonly head: EncodedHead }
  | { readonly reason: string; readonly hint?: string; readonly errorName: string };

function openedCall({ method: name, metadata }: GrpcCall, { schema, heads }: GrpcGunContext): Opened {
  const method = schema.method(name);
  if (method === undefined) {
    const { message, ...hint } = unknownMethod(name, schema);
    return { reason: message, ...hint, errorName: 'grpc unknown method' };
  }
  const fields = metadataFields(metadata ?? {});
  if (typeof fields === 'string') return { reason: fields, errorName: GRPC_FAILURE.badMetadata.errorName };
  return { method, head: encodeCallHead(method.path, fields, heads) };
}

/** One call with its messages in both directions, and its samples. */
class StreamShot {
  readonly #context: GrpcGunContext;
  readonly #shot: Shot<GrpcAmmo>;
  readonly #observer: Observer<NetSample>;
  #last: EpochMs;
  #received = 0;
  #sent = 0;
  #bytesIn: Bytes = 0;
  #bytesOut: Bytes = 0;

  constructor(context: GrpcGunContext, shot: Shot<GrpcAmmo>, observer: Observer<NetSample>) {
    this.#context = context;
    this.#shot = shot;
    this.#observer = observer;
    this.#last = shot.started;
  }

  /** Opens the call and sends its messages. */
  start(
    client: StreamClient,
    { method, head }: Extract<Opened, { method: object }>,
    config: StreamGunConfig,
  ): Subscription {
    const { scheduler, target, receiving } = this.#context;
    const { call } = this.#shot.ammo;
    const written: Observable<ExactJsonMap> =
      call.messages === undefined ? of(call.payload ?? {}) : from(call.messages);
    const pause = config.messageInterval;
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
    const options = { client, origin: target, head, receiving, compression: config.compression, closed };
    const subscription = streamingCall(options, requests).subscribe({
      next: () => this.#message(),
      error: (error: unknown) => this.#failed(error),
      complete: () => this.#end(0, '', ''),
    });
    const limit = callTimeout(config);
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
  refuse({ reason, hint, errorName }: Extract<Opened, { reason: string }>): void {
    this.#context.failed(errorName, reason, hint);
    this.#end(-1, errorName, 'failed');
  }

  #message(): void {
    const now = this.#context.scheduler.now();
    const sample = NetSample.of(this.#shot).end(now, protoCodeOf(0));
    const first = this.#received++ === 0;
    sample.scope = 'group';
    sample.tag = `${this.#shot.ammo.tag}|${first ? 'first' : 'gap'}`;
    if (!first) {
      sample.intended = sample.started = this.#last;
      sample.slotWait = 0;
    }
    this.#last = now;
    this.#observer.next(sample);
  }

  #failed(error: unknown): void {
    if (error instanceof GrpcError) {
      const { status, failure, reason } = error;
      const name = failure?.errorName ?? statusName(status);
      this.#context.failed(name, reason);
      this.#end(status, name, failure === undefined ? '' : 'failed');
      return;
    }
    // The messages of the ammo are no such messages, or their stream failed.
    this.#context.failed('grpc bad payload', describeError(error));
    this.#end(3, 'grpc bad payload', 'failed');
  }

  #end(status: number, errorName: string, verdict: '' | 'failed'): void {
    const sample = NetSample.of(this.#shot).end(this.#context.scheduler.now(), status < 0 ? 0 : protoCodeOf(status));
    sample.tag = this.#shot.ammo.tag;
    sample.errorName = errorName;
    sample.bytesIn = this.#bytesIn;
    sample.bytesOut = this.#bytesOut;
    if (verdict === 'failed') sample.verdict = verdict;
    sample.measure({ kind: 'counter', name: 'messages received', value: this.#received });
    sample.measure({ kind: 'counter', name: 'messages sent', value: this.#sent });
    this.#observer.next(sample);
    this.#observer.complete();
  }
}

/** The guns of one pool that call methods with streams. */
class GrpcStreamGunFactory implements GunFactory<GrpcAmmo, NetSample> {
  readonly #config: StreamGunConfig;
  readonly #resources: GrpcGunResources;

  constructor(config: StreamGunConfig, deps: Deps) {
    this.#config = config;
    this.#resources = new GrpcGunResources(config, deps);
  }

  warmUp(): Observable<never> {
    return this.#resources.warmUp();
  }

  create(): Gun<GrpcAmmo, NetSample> {
    const { client, close } = this.#resources.client();
    const { context } = this.#resources;
    const calls = new EncodedCache<Opened, GrpcCall>((call) => openedCall(call, context));
    const shoot = (ammo: GrpcAmmo, shot: Shot<GrpcAmmo>): Observable<NetSample> => {
      requireGrpcAmmo(ammo, 'grpc/stream');
      return new Observable((subscriber) => {
        const stream = new StreamShot(context, shot, subscriber);
        const call: Opened =
          ammo.problem === undefined ? calls.encoded(ammo.call) : { reason: ammo.problem, errorName: 'grpc bad ammo' };
        if ('method' in call) return stream.start(client, call, this.#config);
        // In the next turn: a closed loop over bad ammo alone would never return to the event loop.
        return context.scheduler.schedule(() => stream.refuse(call));
      });
    };
    return { shoot, close };
  }

  counters(): ReadonlyMap<string, number> {
    return this.#resources.counters;
  }

  close(): Observable<never> {
    return this.#resources.close();
  }
}

/**
 * Calls methods with streams of the client, of the server, or of both. A shot is a call from its first message to its status; besides
 * its sample each message of the server gives one in a group: `TAG|first` is the time to the first, `TAG|gap` the time from one to the
 * next.
 *
 * @example grpcStream({ target: 'localhost:8080', timeout: '1m' })
 * @see grpc
 */
export const grpcStream = component({
  kind: 'gun',
  name: 'grpc/stream',
  summary: 'Makes gRPC calls with streams, and times the first message and the gaps between messages.',
  example: { target: 'localhost:8080', timeout: '1m' },
  options: streamGunConfig,
  create: (options, deps) => new GrpcStreamGunFactory(options, deps),
  describe: (options) => describeGrpc('grpc streams', options),
  traits: (options) => grpcTraits(options, true),
});
