import { concat, defer, EMPTY, ignoreElements, Observable } from 'rxjs';
import type { Deps, Log } from '../../core/deps.js';
import type { Connector } from '../../wire/dial/connector.js';
import type { Origin } from '../../wire/dial/origin.js';
import { socketConnector } from '../../wire/dial/socketConnector.js';
import type { TlsOptions } from '../../wire/dial/tlsClient.js';
import { dialOptions, originOf } from './dialOptions.js';
import type { HttpGunConfig } from './httpOptions.js';
import { tlsClient } from './tlsOptions.js';

/** How a gun connects: made from its options, once per pool. */
export interface Dialing {
  /** Opens connections to origins. */
  readonly connect: Connector;
  /** The target of the options. */
  readonly target: Origin;
  /** Reads the certificates, and resolves the name of the address that the gun connects to itself. */
  readonly warmUp: () => Observable<never>;
}

/** The options that {@link directDialing} needs. */
export type DialingConfig = Pick<HttpGunConfig, 'target' | 'ssl' | 'dial' | 'tls' | 'tlsHandshakeTimeout'>;

/**
 * Resolves an origin by one plain TCP connection: the address that accepts it is used for the whole run. A failure is
 * only a warning; then the first connection that succeeds decides the address.
 */
export function probe({ host, port, remember }: Origin, connect: Connector, log: Log): Observable<never> {
  return new Observable((subscriber) => {
    const socket = connect(
      { host, port, ssl: false, remember },
      {
        opened: () => subscriber.complete(),
        received: () => undefined,
        finished: () => subscriber.complete(),
        failed: (error) => {
          log.warn(`the target ${host}:${port} did not accept a connection before the run`, { reason: error.message });
          subscriber.complete();
        },
      },
    );
    return () => socket.destroy();
  });
}

/** Runs `work` when subscribed. */
export const doing = (work: () => void): Observable<never> =>
  defer(() => {
    work();
    return EMPTY;
  }).pipe(ignoreElements());

/**
 * Connections straight to the target, over TCP or a Unix socket, with TLS when `ssl` is true.
 *
 * @param alpn The protocols to offer, the preferred one first. Default: `http/1.1` only.
 * @param connect Opens connections instead, for specs.
 */
export function directDialing(
  config: DialingConfig,
  deps: Deps,
  alpn?: TlsOptions['alpn'],
  connect?: Connector,
): Dialing {
  const { target, ssl, dial, tlsHandshakeTimeout } = config;
  const tls = tlsClient(config.tls, alpn);
  const origin = originOf(target, ssl, dial);
  const dialled = connect ?? socketConnector({ ...dialOptions(dial, deps), tlsHandshakeTimeout, tls });
  return {
    connect: dialled,
    target: origin,
    warmUp: () =>
      concat(
        ssl ? doing(() => tls.prepare()) : EMPTY,
        origin.remember && !dial.roundRobin ? probe(origin, dialled, deps.log) : EMPTY,
      ),
  };
}
