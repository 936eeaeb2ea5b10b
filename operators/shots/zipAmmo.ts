import type { Observable, ObservableInput, SchedulerLike } from 'rxjs';
import { type Cursor, DONE, PENDING, type Polled } from '../../lib/core/cursor.js';
import type { Tick } from '../../lib/core/plan.js';
import type { Shot } from '../../lib/core/shot.js';
import type { EpochMs } from '../../lib/core/units.js';
import type { BacklogOptions } from '../../lib/pull/backlog.js';
import { openCursor } from '../../lib/pull/openCursor.js';
import { Pullable } from '../../lib/pull/pullable.js';

/** Draws one ammo and one tick for each shot; what can't be used is given back. */
class ZipCursor<A> implements Cursor<Shot<A>> {
  /** Ammo that waits for its tick. */
  #ammo: { readonly value: A } | undefined;
  readonly #returned: Shot<A>[] = [];
  #waitsForTick = false;

  constructor(
    readonly ticks: Cursor<Tick>,
    readonly provider: Cursor<A>,
  ) {}

  poll(): Polled<Shot<A>> {
    const returned = this.#returned.pop();
    if (returned !== undefined) return returned;
    if (this.#ammo === undefined) {
      const ammo = this.provider.poll();
      if (ammo === DONE) return DONE;
      if (ammo === PENDING) {
        this.#waitsForTick = false;
        return this.ticks.left?.() === 0 ? DONE : PENDING;
      }
      this.#ammo = { value: ammo };
    }
    const tick = this.ticks.poll();
    if (tick === PENDING) {
      this.#waitsForTick = true;
      return PENDING;
    }
    const { value } = this.#ammo;
    this.#ammo = undefined;
    if (tick !== DONE) return { index: tick.index, at: tick.at, ammo: value, instance: -1, started: 0, slotWait: 0 };
    this.provider.giveBack?.(value);
    return DONE;
  }

  whenReady(wake: () => void): void {
    let woken = false;
    const once = (): void => {
      if (!woken) wake();
      woken = true;
    };
    if (!this.#waitsForTick) this.provider.whenReady(once);
    // Pushed ticks may end while ammo is awaited, so they are listened to as well.
    if (this.#waitsForTick || (this.ticks.left !== undefined && this.ticks.left() === undefined))
      this.ticks.whenReady(once);
  }

  giveBack(shot: Shot<A>): void {
    this.#returned.push(shot);
  }

  release(shot: Shot<A>): void {
    this.provider.release?.(shot.ammo);
  }

  left(): number | undefined {
    const ticksLeft = this.ticks.left?.();
    return ticksLeft === undefined ? undefined : ticksLeft + this.#returned.length;
  }

  onDemand(): boolean {
    return this.#returned.length === 0 && this.ticks.onDemand?.() === true;
  }

  finish(): EpochMs | undefined {
    return this.ticks.finish?.();
  }

  close(): void {
    this.ticks.close();
    this.provider.close();
  }
}

/**
 * Zips ticks with ammo into shots. Like RxJS `zip`, but it draws ammo by demand: one per tick, never ahead.
 *
 * ```text
 * ticks          0-----1-----2-----3--|
 * ammo           a  b  c|                (pulled)
 * zipAmmo(ammo)  0a----1b----2c----|
 * ```
 *
 * - For each shot the ammo is taken first, then the tick; an ammo for which there is no tick any more is given back.
 * - Completes when the ticks complete or the ammo is finished, whichever is first. Errors of either pass through.
 * - A pulled schedule zipped with a pulled provider (or an iterable) stays pulled. Other Observables are subscribed to and
 *   what comes too early waits in a bounded backlog; `ticks` says what happens when that is full.
 * - Unsubscribing closes both sides.
 *
 * @example
 * line({ from: 1, to: 500, duration: '60s' }).pipe(zipAmmo(uri({ file: './ammo.uri' })))
 */
export function zipAmmo<A>(
  provider: ObservableInput<A>,
  options: {
    readonly ticks?: BacklogOptions<Tick>;
    readonly ammo?: BacklogOptions<A>;
    readonly scheduler?: SchedulerLike;
  } = {},
): (ticks: Observable<Tick>) => Pullable<Shot<A>> {
  return (ticks) =>
    new Pullable<Shot<A>>(
      (scheduler) =>
        new ZipCursor(openCursor(ticks, scheduler, options.ticks), openCursor(provider, scheduler, options.ammo)),
      { dueAt: (shot) => shot.at, ...(options.scheduler === undefined ? {} : { scheduler: options.scheduler }) },
    );
}
