import type { Observable, ObservableInput } from 'rxjs';
import type { GunContext } from '../core/armoury.js';
import type { Shot } from '../core/shot.js';
import type { NetSample } from './netSample.js';
import type { TransportResponse } from './transportResponse.js';

/** What came of one request: always a sample, and the response when a complete one came. */
export interface Exchange {
  /** Pooled; whoever takes the exchange owns it. Its tag is given by the one who asked. */
  readonly sample: NetSample;
  /** Absent when the request failed; the sample then says why. */
  readonly response?: TransportResponse;
}

/**
 * Carries the requests of one instance for those who need the answers: scenarios. Any gun's protocol fits.
 *
 * - Subscribing to what `send` returns sends the request once; subscribing again sends it again.
 * - It gives exactly one {@link Exchange} and completes. A failure that may mean that the target is failing (refused, reset,
 *   timeout) MUST be a sample with a net code; an error is for what makes every request useless, and ends the run.
 * - Unsubscribing MUST abort the request and release its sample. No exchange comes then.
 * - Unlike a gun, it MAY be asked for several requests at a time.
 * - `close` is called exactly once, when no request is under way.
 */
export interface Transport<R> {
  /** Where requests go, such as `http://localhost:8080`: what cookies belong to. */
  readonly origin: string;
  /** @param shot The moments of this request. The transport MUST treat it as read-only. */
  send(request: R, shot: Shot<unknown>): Observable<Exchange>;
  close?(): void;
}

/** Makes the transports of one pool; the contract is that of an armoury. */
export interface Transports<R> {
  warmUp?(): ObservableInput<unknown>;
  make(context: GunContext): Transport<R>;
  close?(): ObservableInput<unknown> | undefined;
}
