import type { ObservableInput } from 'rxjs';
import type { Gun } from './gun.js';

/** What a gun is told about the instance that it is made for. */
export interface GunContext {
  /** Id of the instance, from 0 in the order of their start. */
  readonly instance: number;
}

/**
 * Makes the guns of one pool (the binding of guns to instances).
 *
 * - `warmUp` is awaited once, before the first instance starts: resolve names, build shared clients. Its failure fails the pool.
 * - `make` is called once per instance, when that instance starts. It MUST return without waiting.
 * - `close` is called exactly once, after every gun has been closed; it is awaited.
 */
export interface Armoury<A, S> {
  warmUp?(): ObservableInput<unknown>;
  make(context: GunContext): Gun<A, S>;
  close?(): ObservableInput<unknown> | undefined;
}
