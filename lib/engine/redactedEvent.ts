import type { Redactor } from '../core/redact.js';
import type { RunEvent } from './runEvent.js';

/** An event without secrets in its texts. Frequent events contain only numbers. */
export function redacted(event: RunEvent, redactor: Redactor): RunEvent {
  switch (event.type) {
    case 'warning':
    case 'annotation':
    case 'run-finished':
    case 'thresholds':
    case 'observer-failed':
      return redactor.data(event);
    case 'report':
    case 'pool-stopped':
    case 'bad-ammo':
    case 'share-lost':
    case 'exchange':
      // The id is that of all other events of the pool.
      return { ...redactor.data(event), pool: event.pool };
    case 'workers':
      return redactor.hidesValues ? redactor.data(event) : event;
    case 'window':
      // The counts of tags, once a second.
      return redactor.hidesValues ? { ...event, window: redactor.data(event.window) } : event;
    default:
      return event;
  }
}
