import type { ObservableInput, Observer, Unsubscribable } from 'rxjs';
import type { Shot } from './shot.js';

/**
 * Shoots ammo at a target, one shot at a time. A gun belongs to one instance.
 *
 * - `shoot` is called with one ammo and its shot; it MUST NOT be called again before the returned stream has ended.
 * - A failure that may mean that the target is failing (refused, reset, timeout, status 500) MUST become a sample.
 * - A failure that makes every shot useless (unsupported ammo, bad configuration) is thrown or sent as an error; it ends the run.
 * - Unsubscribing from the returned stream MUST abort the shot and release what it holds.
 * - `close` is called exactly once, after the last shot ended or was aborted.
 *
 * `shootInto` is for guns where every fraction of a microsecond counts: the same shot without an Observable around it. A
 * gun that has it MUST keep the observer's contract by itself, for no Subscriber stands between: any number of samples,
 * then exactly one `complete` or `error`, then nothing; nothing after `unsubscribe`.
 */
export interface Gun<A, S> {
  shoot(ammo: A, shot: Shot<A>): ObservableInput<S>;
  shootInto?(ammo: A, shot: Shot<A>, observer: Observer<S>): Unsubscribable;
  close?(): void;
}
