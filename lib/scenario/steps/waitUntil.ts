import { Observable } from 'rxjs';
import type { EpochMs } from '../../core/units.js';
import type { Flow } from '../session/flow.js';
import type { Session } from '../session/session.js';
import type { Vars } from '../session/vars.js';

/** Sends the session on at a moment, with its next request meant for that; at once when it has passed. */
export function waitUntil<V extends Vars>(session: Session<V>, until: EpochMs): Flow<V> {
  const { scheduler, ledger, production } = session.stage;
  return new Observable((subscriber) => {
    ledger.settle();
    const now = scheduler.now();
    const go = (): void => {
      subscriber.next(session.dueAt(until));
      subscriber.complete();
    };
    if (until <= now) {
      subscriber.next(session);
      subscriber.complete();
      return;
    }
    production.watch?.paused(now, until);
    subscriber.add(scheduler.schedule(go, until - now));
  });
}
