import { Observable, type Observer, type Unsubscribable } from 'rxjs';
import type { Deps } from '../../core/deps.js';
import type { Gun, GunContext, GunFactory } from '../../core/gun.js';
import type { Shot } from '../../core/shot.js';
import { component } from '../../plugin/component.js';
import type { ComponentTraits } from '../../plugin/traits.js';
import { type GrpcAmmo, isGrpcAmmo, requireGrpcAmmo } from '../../protocols/grpc.js';
import { NetSample } from '../../protocols/netSample.js';
import type { Connector } from '../../wire/dial/connector.js';
import type { StreamClient } from '../../wire/http2/streamListener.js';
import { tlsFiles } from '../shared/tlsOptions.js';
import { callFaults } from './callFaults.js';
import { GrpcExchange, type GrpcGunContext } from './exchange.js';
import { callTimeout, type GrpcGunConfig, grpcGunConfig } from './options.js';
import { GrpcGunResources } from './resources.js';
import { hasFiles, schemaOfFiles } from './schemaSource.js';

/** The gRPC gun of one instance. */
class GrpcGun implements Gun<GrpcAmmo, NetSample> {
  readonly #context: GrpcGunContext;
  readonly #client: StreamClient;

  /** @param close Called when the gun is closed: closes the client unless it is shared. */
  constructor(
    context: GrpcGunContext,
    client: StreamClient,
    readonly close: () => void,
  ) {
    this.#context = context;
    this.#client = client;
  }

  shoot(ammo: GrpcAmmo, shot: Shot<GrpcAmmo>): Observable<NetSample> {
    requireGrpcAmmo(ammo, 'grpc');
    return new Observable((subscriber) => this.shootInto(ammo, shot, subscriber));
  }

  shootInto(ammo: GrpcAmmo, shot: Shot<GrpcAmmo>, observer: Observer<NetSample>): Unsubscribable {
    requireGrpcAmmo(ammo, 'grpc');
    const exchange = new GrpcExchange(this.#context, this.#client, ammo, NetSample.of(shot), observer);
    exchange.start();
    return exchange;
  }
}

/** The guns of one pool that call one gRPC server. */
export class GrpcGunFactory implements GunFactory<GrpcAmmo, NetSample> {
  readonly #resources: GrpcGunResources;

  /** @param connect Opens connections. Default: over TCP, with TLS unless `tls` is false. */
  constructor(config: GrpcGunConfig, deps: Deps, connect?: Connector) {
    this.#resources = new GrpcGunResources(config, deps, connect);
  }

  warmUp(): Observable<never> {
    return this.#resources.warmUp();
  }

  create(_context: GunContext): GrpcGun {
    const { client, close } = this.#resources.client();
    return new GrpcGun(this.#resources.context, client, close);
  }

  counters(): ReadonlyMap<string, number> {
    return this.#resources.counters;
  }

  close(): Observable<never> {
    return this.#resources.close();
  }
}

/** The description of the gun in one line. */
export function describeGrpc(doing: string, config: GrpcGunConfig): string {
  const { target, tls, proto, descriptorSet } = config;
  const from = proto === null ? descriptorSet : proto.files.join(', ');
  const described = from === '' ? 'server reflection' : from;
  return `${doing} to ${target.text}${tls === false ? '' : ' over TLS'}, described by ${described}`;
}

/**
 * The traits of a gun that makes gRPC calls with these options.
 *
 * @param streams True for a gun that calls methods of any kind. Default: unary ones only.
 */
export function grpcTraits(config: GrpcGunConfig, streams = false): ComponentTraits['gun'] {
  const { target, sharedClient, answlog, proto, descriptorSet, tls } = config;
  const read = (path: string, key: string) => ({ path, access: 'read' as const, key });
  const faults = async () => {
    const schema = await schemaOfFiles(config);
    return (ammo: unknown) => (isGrpcAmmo(ammo) ? callFaults(ammo, schema, streams) : []);
  };
  return {
    takes: ['grpc'],
    protocol: 'gRPC',
    connections: { target, keepAlive: true, idleMs: 0, shared: sharedClient.enabled },
    timeoutMs: callTimeout(config),
    ...(streams ? {} : { retags: false }),
    ...(hasFiles(config) ? { ammoFaults: faults } : {}),
    files: [
      ...(answlog.enabled ? [{ path: answlog.path, access: 'write' as const, key: 'answlog.path' }] : []),
      ...(proto?.files ?? []).map((path) => read(path, 'proto.files')),
      ...(descriptorSet === '' ? [] : [read(descriptorSet, 'descriptor_set')]),
      ...(tls === false ? [] : tlsFiles(tls)),
    ],
  };
}

/**
 * The gRPC gun: unary calls over its own HTTP/2 connections. The methods are described by server reflection, or by files.
 *
 * @example grpc({ target: 'localhost:8080' })
 * @see grpcJson
 */
export const grpc = component({
  kind: 'gun',
  name: 'grpc',
  summary: 'Makes unary gRPC calls, one connection per instance, described by server reflection or by files.',
  example: { target: 'localhost:8080', timeout: '5s' },
  options: grpcGunConfig,
  create: (options, deps) => new GrpcGunFactory(options, deps),
  describe: (options) => describeGrpc('grpc', options),
  traits: grpcTraits,
});
