import { Observable } from 'rxjs';
import type { Log } from '../../core/deps.js';
import type { Connector } from '../../wire/dial/connector.js';
import type { Origin } from '../../wire/dial/origin.js';

/**
 * Resolves a target by one plain TCP connection: the address that accepts it is used for the whole run. A failure is
 * only a warning; then the first connection that succeeds decides the address.
 */
export function probeTarget(target: Origin, connect: Connector, log: Log): Observable<never> {
  return new Observable((subscriber) => {
    const probe: Origin = { host: target.host, port: target.port, ssl: false, remember: true };
    const socket = connect(probe, {
      opened: () => {
        if (probe.address !== undefined) target.address = probe.address;
        subscriber.complete();
      },
      received: () => undefined,
      finished: () => subscriber.complete(),
      failed: (error) => {
        log.warn(`the target ${target.host}:${target.port} did not accept a connection before the run`, {
          reason: error.message,
        });
        subscriber.complete();
      },
    });
    return () => socket.destroy();
  });
}
