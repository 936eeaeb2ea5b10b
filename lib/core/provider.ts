import type { Observable } from 'rxjs';

/**
 * The ammo of a pool: an Observable that completes when there is no more ammo.
 *
 * - Subscribing (or opening, for one that can be pulled) starts one independent reading. A provider MUST NOT open anything before.
 * - It SHOULD be a `Pullable`, so that each ammo is drawn when an instance is free. A provider that only pushes is
 *   valid; early ammo waits in a bounded backlog.
 * - Parsing MAY happen ahead of demand, in the background, up to a stated number of ammo. A provider MUST NOT read ahead
 *   without a bound.
 * - Completion means that there is no more ammo, which ends the pool. An error ends the pool with that error, after the
 *   ammo that was read before it.
 * - Ammo is immutable to the gun. A provider MAY use an ammo object again after it was released, and not before.
 * - A provider of a component that several threads use MUST give each thread the ammo of its `Share`, by global index.
 * - Unsubscribing (or closing the cursor) MUST close the resources of the reading.
 */
export type Provider<A = unknown> = Observable<A>;
