import type { EventEmitter } from 'node:events';
import { Observable } from 'rxjs';
import { type ErrorFallback, withContext } from '../core/errorContext.js';
import type { ElpisError } from '../core/errors.js';
import { isOwnDefect } from '../plugin/userPlace.js';

/** An emitter of uncaught failures: a process, the `process` of a thread, or an emitter in a test. */
export type FailureSource = Pick<EventEmitter, 'addListener' | 'removeListener'>;

/** The event of a failure, and its name in messages. */
const EVENTS = [
  ['uncaughtException', 'an exception was thrown outside of any call of Elpis'],
  ['unhandledRejection', 'a promise was rejected, and no code handles it'],
] as const;

/**
 * Uncaught failures as `ELPIS_UNCAUGHT`, such as a rejected promise of a user module that is not awaited. They do not
 * end the process while this is subscribed to. It never completes. The place in the source is not computed here,
 * because that takes time while shots are under way: see `located`.
 */
export function uncaught(source: FailureSource): Observable<ElpisError> {
  return new Observable<ElpisError>((subscriber) => {
    for (const [event, what] of EVENTS) {
      const listener = (error: unknown): void => {
        const otherwise: ErrorFallback | undefined = isOwnDefect(error) ? undefined : { code: 'ELPIS_UNCAUGHT', what };
        subscriber.next(withContext(error, {}, otherwise));
      };
      source.addListener(event, listener);
      subscriber.add(() => source.removeListener(event, listener));
    }
  });
}
