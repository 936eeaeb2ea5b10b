import type { EventEmitter } from 'node:events';
import { Observable } from 'rxjs';
import { blame, type Otherwise } from '../core/blame.js';
import type { ElpisError } from '../core/errors.js';
import { isOwnDefect } from '../plugin/userPlace.js';

/** What emits failures outside of any call: a process, the `process` of a thread, or an emitter in a test. */
export type FailureSource = Pick<EventEmitter, 'addListener' | 'removeListener'>;

/** The event of a failure, and its name in messages. */
const EVENTS = [
  ['uncaughtException', 'an exception was thrown outside of any call of Elpis'],
  ['unhandledRejection', 'a promise was rejected, and no code handles it'],
] as const;

/**
 * The failures of code that Elpis did not call, such as a promise of a module of the user that is rejected and not awaited, as
 * `ELPIS_UNCAUGHT`. While this is subscribed to, they do not end the process. It never ends. The place in the source is not
 * looked up here, because that takes time while shots are under way: see `located`.
 */
export function uncaught(source: FailureSource): Observable<ElpisError> {
  return new Observable<ElpisError>((subscriber) => {
    for (const [event, what] of EVENTS) {
      const listener = (error: unknown): void => {
        const otherwise: Otherwise | undefined = isOwnDefect(error) ? undefined : { code: 'ELPIS_UNCAUGHT', what };
        subscriber.next(blame(error, {}, otherwise));
      };
      source.addListener(event, listener);
      subscriber.add(() => source.removeListener(event, listener));
    }
  });
}
