import type { Observable, ObservableInput, SchedulerLike } from 'rxjs';
import { type Cursor, DONE, PENDING, type Polled } from '../../lib/core/cursor.js';
import { defined } from '../../lib/core/defined.js';
import { ElpisError } from '../../lib/core/errors.js';
import type { Tick } from '../../lib/core/plan.js';
import type { Shot } from '../../lib/core/shot.js';
import type { BacklogOptions } from '../../lib/pull/backlogCursor.js';
import { closeAll, ForwardingCursor } from '../../lib/pull/baseCursor.js';
import { openCursor } from '../../lib/pull/openCursor.js';
import { Pullable } from '../../lib/pull/pullable.js';

/** A tick of a stream or function of the user that has no moment; shot, it would spoil every number of the run. */
function badTick(tick: Tick | undefined): ElpisError {
  const shown = tick === undefined || tick === null ? String(tick) : `{ index: ${tick.index}, at: ${tick.at} }`;
  return new ElpisError(
    'ELPIS_SCHEDULE',
    `zipAmmo: the tick ${shown} has no moment; expected at, in epoch milliseconds`,
    {
      hint: 'look at the stream of ticks and at the functions of its operators, such as mapPulled',
    },
  );
}

/** Draws one ammo and one tick for each shot; ammo without a tick is given back. */
class ZipCursor<A> extends ForwardingCursor<Shot<A>, Tick> {
  /** Ammo that waits for its tick, or PENDING. */
  #ammo: A | typeof PENDING = PENDING;

  constructor(
    ticks: Cursor<Tick>,
    private readonly provider: Cursor<A>,
  ) {
    super(ticks);
  }

  override get reuses(): boolean {
    return this.provider.reuses;
  }

  protected override draw(): Polled<Shot<A>> {
    if (this.#ammo === PENDING) {
      const polled = this.provider.poll();
      if (polled === DONE) return DONE;
      // The poll of ticks that have ended throws their error, if they have one.
      if (polled === PENDING) return this.source.left() === 0 && this.source.poll() === DONE ? DONE : PENDING;
      this.#ammo = polled;
    }
    const tick = this.source.poll();
    if (tick === PENDING) return PENDING;
    if (tick !== DONE && !Number.isFinite(tick?.at)) throw badTick(tick);
    const ammo = this.#ammo;
    this.#ammo = PENDING;
    if (tick !== DONE) {
      const { index, at, demandFrom } = tick;
      return { index, at, demandFrom, ammo, instance: -1, started: 0, slotWait: 0 };
    }
    this.provider.giveBack(ammo);
    return DONE;
  }

  override whenReady(wake: () => void): void {
    let woken = false;
    const once = (): void => {
      if (!woken) wake();
      woken = true;
    };
    const waitsForTick = this.#ammo !== PENDING;
    if (!waitsForTick) this.provider.whenReady(once);
    // Pushed ticks may end while ammo is awaited, so the ticks are watched as well.
    if (waitsForTick || this.source.pushed) this.source.whenReady(once);
  }

  override release(shot: Shot<A>): void {
    this.provider.release(shot.ammo);
  }

  override close(): void {
    closeAll([{ close: () => super.close() }, this.provider]);
  }
}

/**
 * Zips ticks with ammo into shots. Like `zip` of RxJS, but it draws ammo by demand: one per tick, never ahead.
 *
 * ```text
 * ticks          0-----1-----2-----3--|
 * ammo           a  b  c|                (pulled)
 * zipAmmo(ammo)  0a----1b----2c----|
 * ```
 *
 * - For each shot the ammo is drawn first, then the tick. Ammo without a tick is given back to the provider.
 * - Completes when the ticks or the ammo complete, whichever is first. Errors of either pass through.
 * - A pulled schedule zipped with a pulled provider (or an iterable) stays pulled. Other Observables are subscribed to, and
 *   what they push too early waits in a bounded backlog.
 * - A tick without a finite moment is the error `ELPIS_SCHEDULE`.
 * - Unsubscribing closes both sides.
 *
 * @param provider The ammo: a provider, an iterable or any Observable.
 * @param options `ticks` and `ammo` bound the backlogs of what is pushed; `scheduler` is the time for subscribers, real time by
 *   default.
 * @see [zip](https://rxjs.dev/api/index/function/zip)
 * @see {@link mixAmmo}, {@link shoot}
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
        new ZipCursor(
          openCursor(ticks, scheduler, options.ticks, 'ticks'),
          openCursor(provider, scheduler, options.ammo, 'ammo'),
        ),
      { dueAt: (shot) => shot.at, ...defined({ scheduler: options.scheduler }) },
    );
}
