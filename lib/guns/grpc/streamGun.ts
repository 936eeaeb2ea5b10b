import { Observable } from 'rxjs';
import { duration } from '../../codec/duration.js';
import { optional, refineStruct, type StructOf, struct } from '../../codec/struct.js';
import type { Deps } from '../../core/deps.js';
import type { Gun, GunFactory } from '../../core/gun.js';
import type { Shot } from '../../core/shot.js';
import { component } from '../../plugin/component.js';
import { type GrpcAmmo, type GrpcCall, requireGrpcAmmo } from '../../protocols/grpc.js';
import type { NetSample } from '../../protocols/netSample.js';
import { EncodedCache } from '../../wire/encodedCache.js';
import { describeGrpc, grpcTraits } from './gun.js';
import { grpcGunConfig, reflectIssue } from './options.js';
import { GrpcGunResources } from './resources.js';
import { type OpenedCall, openedCall, StreamShot } from './streamShot.js';

const streamGunConfig = refineStruct(
  struct('grpc/stream gun', {
    ...grpcGunConfig.fields,
    /** The pause before each further message of the client. */
    messageInterval: optional(duration, 0, 'the pause before each further message of the client', 'message_interval'),
  }),
  reflectIssue,
);

type StreamGunConfig = StructOf<typeof streamGunConfig.fields>;

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
    const calls = new EncodedCache<OpenedCall, GrpcCall>((call) => openedCall(call, context));
    const shoot = (ammo: GrpcAmmo, shot: Shot<GrpcAmmo>): Observable<NetSample> => {
      requireGrpcAmmo(ammo, 'grpc/stream');
      return new Observable((subscriber) => {
        const stream = new StreamShot(context, ammo.call, shot, ammo.tag, {
          message: () => undefined,
          sample: (sample, part) => {
            sample.tag = part === undefined ? ammo.tag : `${ammo.tag}|${part}`;
            subscriber.next(sample);
            if (part === undefined) subscriber.complete();
          },
        });
        const call: OpenedCall =
          ammo.problem === undefined ? calls.encoded(ammo.call) : { reason: ammo.problem, errorName: 'grpc bad ammo' };
        return stream.start(client, call, this.#config.messageInterval);
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
