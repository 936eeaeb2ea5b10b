import { Observable } from 'rxjs';
import type { Log } from '../../core/deps.js';
import type { Origin } from './origin.js';
import type { Dial } from './wire.js';

/**
 * Resolves a target by one plain TCP connection: the address that answers is used for the whole run. A failure is no
 * more than a warning; the first connection that succeeds later decides then.
 */
export function probeTarget(target: Origin, dial: Dial, log: Log): Observable<never> {
  return new Observable((subscriber) => {
    const probe: Origin = { host: target.host, port: target.port, ssl: false, remember: true };
    const wire = dial(probe, {
      opened: () => {
        if (probe.address !== undefined) target.address = probe.address;
        subscriber.complete();
      },
      received: () => undefined,
      finished: () => subscriber.complete(),
      failed: (error) => {
        log.warn(`the target ${target.host}:${target.port} did not answer before the run`, { reason: error.message });
        subscriber.complete();
      },
    });
    return () => wire.destroy();
  });
}
