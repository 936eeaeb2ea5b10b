import type { Deps } from '../../core/deps.js';
import type { SocketConnectorOptions } from '../../wire/dial/socketConnector.js';
import type { HttpGunConfig } from './httpOptions.js';

/** The options of connections, from those of a gun. */
export function connectorOptions(
  { dial, tlsHandshakeTimeout }: HttpGunConfig,
  { scheduler }: Deps,
): SocketConnectorOptions {
  return {
    scheduler,
    timeout: dial.timeout,
    tlsHandshakeTimeout: tlsHandshakeTimeout,
    dualStack: dial.dualStack,
    fallbackDelay: dial.fallbackDelay,
    keepAlive: dial.keepAlive,
  };
}
