import type { ObservableInput, Observer, Unsubscribable } from 'rxjs';
import type { Shot } from './shot.js';

/**
 * Shoots ammo at a target, one shot at a time. A gun belongs to one instance.
 *
 * - `shoot` is called with one ammo and its shot; it MUST NOT be called again before the returned stream has ended.
 * - A failure that the target may have caused (refused, reset, timeout, status 500) MUST become a sample.
 * - A failure that makes every shot useless (unsupported ammo, bad configuration) is thrown or sent as an error; it ends the run.
 * - Unsubscribing from the returned stream MUST abort the shot and release its resources.
 * - `close` is called exactly once, after the last shot ended or was aborted. Its exception ends the run with an error,
 *   after every other gun has been closed; so does an exception of an unsubscribe.
 * - The stream MUST complete or error, or the instance never shoots again. A run that makes no progress for 30 s logs a warning. A stream
 *   without samples is counted. `undefined` and `null` are not samples, and end the run.
 * - Calls after `complete` or `error` are ignored.
 *
 * `shootInto` is for guns for which every fraction of a microsecond matters: the same shot without an Observable. A gun
 * with it MUST fulfil the contract of the observer by itself, because there is no Subscriber in between: any number of
 * samples, then exactly one `complete` or `error`, then nothing; nothing after `unsubscribe`. A later call is ignored
 * until the next shot of the instance starts; from then on it counts as a call of that shot.
 */
export interface Gun<A, S> {
  shoot(ammo: A, shot: Shot<A>): ObservableInput<S>;
  shootInto?(ammo: A, shot: Shot<A>, observer: Observer<S>): Unsubscribable;
  close?(): void;
}

/** The instance for which a gun is made. */
export interface GunContext {
  /** Id of the instance, from 0 in the order of their start. */
  readonly instance: number;
}

/**
 * Makes the guns of one pool, one per instance.
 *
 * - `warmUp` is awaited once, before the first instance starts: resolve names, build shared clients. Its failure fails the pool.
 * - `create` is called once per instance, when that instance starts. It MUST return without waiting.
 * - `close` is called exactly once, after every gun has been closed; it is awaited. Its exception or rejection ends the
 *   run with an error, or is added to the error of the run.
 */
export interface GunFactory<A, S> {
  warmUp?(): ObservableInput<unknown>;
  create(context: GunContext): Gun<A, S>;
  /**
   * Opens the connections of the guns that are created first, so that their first shots do not. Called after `warmUp` and before the
   * first instance starts, when a run has a run-up; the start waits until it completes, at most a second, and it is then unsubscribed
   * from. A failure MUST NOT be counted or logged: the first shot tries again. Default: the first shots open connections.
   *
   * @param guns How many, at least 1.
   */
  openEarly?(guns: number): ObservableInput<unknown>;
  /**
   * The counters of the guns since the start, by name, such as retries on kept connections. Called at the end of each window and of the
   * run. A count MUST NOT decrease. The summary shows the name unchanged.
   */
  counters?(): ReadonlyMap<string, number>;
  /**
   * Which samples the aggregators receive. Windows, and so the summary and conditions, count every sample. Called once for each
   * sample. Default: all of them.
   */
  written?(sample: S): boolean;
  /**
   * Guns of the same code and an ammo for practice shots before the run, so that V8 has compiled a shot before the first
   * one. Practice MUST NOT be visible: no connection, file, line of the log, counter or random number of the run. Default:
   * the run begins without practice.
   */
  practice?(): { readonly gunFactory: GunFactory<A, S>; readonly ammo: A };
  close?(): ObservableInput<unknown> | undefined;
}
