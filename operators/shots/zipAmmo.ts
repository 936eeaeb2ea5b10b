import type { Observable, ObservableInput, SchedulerLike } from 'rxjs';
import { A_STREAM, checkArgument } from '../../lib/core/argument.js';
import { type Cursor, DONE, PENDING, type Polled } from '../../lib/core/cursor.js';
import { defined } from '../../lib/core/defined.js';
import { ElpisError } from '../../lib/core/errors.js';
import type { Tick } from '../../lib/core/plan.js';
import type { Shot } from '../../lib/core/shot.js';
import type { EpochMs } from '../../lib/core/units.js';
import type { BacklogOptions } from '../../lib/pull/backlogCursor.js';
import { closeAll, ForwardingCursor } from '../../lib/pull/baseCursor.js';
import { openCursor } from '../../lib/pull/openCursor.js';
import { Pullable } from '../../lib/pull/pullable.js';
import type { FiringMeter } from '../firing/meter.js';

/** The error for a tick without a finite moment, from a stream or function of the user. */
function badTick(tick: Tick | undefined): ElpisError {
  const shown = tick === undefined || tick === null ? String(tick) : `{ index: ${tick.index}, at: ${tick.at} }`;
  return new ElpisError(
    'ELPIS_SCHEDULE',
    `zipAmmo: the tick ${shown} has no moment; expected at, in epoch milliseconds`,
    {
      hint: 'check the stream of ticks and the functions of its operators, such as mapPulled',
    },
  );
}

/** Draws one ammo and one tick for each shot; ammo without a tick is given back. */
class ZipCursor<A> extends ForwardingCursor<Shot<A>, Tick> {
  #outOfAmmo = false;
  #closed = false;
  /** The moment of the first poll, until a tick is drawn: the ticks start with the first drawn one. */
  #waitsSince: EpochMs | undefined;
  #drawn = false;
  /** Ammo that waits for its tick, or PENDING. */
  #ammo: A | typeof PENDING = PENDING;

  constructor(
    ticks: Cursor<Tick>,
    private readonly provider: Cursor<A>,
    private readonly meter: FiringMeter | undefined,
    private readonly scheduler: SchedulerLike,
  ) {
    super(ticks);
  }

  override get reuses(): boolean {
    return this.provider.reuses;
  }

  protected override draw(): Polled<Shot<A>> {
    if (this.#ammo === PENDING) {
      const polled = this.provider.poll();
      if (polled === PENDING && !this.#drawn) this.#waitsSince ??= this.scheduler.now();
      if (polled === DONE) {
        this.#outOfAmmo = true;
        return DONE;
      }
      // A poll after the end of the ticks throws their error, if they have one.
      if (polled === PENDING) return this.source.left() === 0 && this.source.poll() === DONE ? DONE : PENDING;
      this.#ammo = polled;
    }
    const tick = this.source.poll();
    if (tick === PENDING) return PENDING;
    this.#drawn = true;
    const ammo = this.#ammo;
    if (tick === DONE) {
      this.#ammo = PENDING;
      this.provider.giveBack(ammo);
      return DONE;
    }
    if (!Number.isFinite(tick?.at)) throw badTick(tick);
    this.#ammo = PENDING;
    const { index, at, demand } = tick;
    return { index, at, demand, ammo, instance: -1, started: 0, slotWait: 0 };
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

  /**
   * Counts the operations without ammo: all that are left when the ammo has ended, else those due when the run was
   * stopped.
   */
  #countRest(meter: FiringMeter): void {
    const left = this.source.left();
    if (this.#outOfAmmo && left !== undefined) {
      if (left < Number.POSITIVE_INFINITY) meter.withoutAmmo += left;
      meter.accounted = !this.source.pushed;
      return;
    }
    const now = this.scheduler.now();
    // Ticks that start only now, because there was no ammo before, count from the first poll of ammo.
    const shift = this.#drawn || this.#waitsSince === undefined ? 0 : now - this.#waitsSince;
    let due = 0;
    while (left !== 0 && !this.source.onDemand()) {
      const tick = this.source.poll();
      if (tick === PENDING || tick === DONE) break;
      const at = tick.at < now ? tick.at : tick.at - shift;
      if (!this.#outOfAmmo && at >= meter.stoppedAt) {
        this.source.giveBack(tick);
        break;
      }
      due++;
    }
    meter.withoutAmmo += due;
    const notDue = left === undefined ? this.source.left() : left - due;
    if (notDue !== undefined && notDue < Number.POSITIVE_INFINITY) meter.notDue += notDue;
    meter.accounted = left !== undefined && !this.source.pushed;
  }

  override close(): void {
    try {
      if (this.meter !== undefined && !this.#closed) this.#countRest(this.meter);
    } catch {
      // A failure of ticks is reported when they are drawn; the number left is then unknown.
    }
    this.#closed = true;
    closeAll([{ close: () => super.close() }, this.provider]);
  }
}

/**
 * Zips ticks with ammo into shots. Like `zip` of RxJS, but it draws ammo by demand: one per tick, not ahead.
 *
 * ```text
 * ticks          0-----1-----2-----3--|
 * ammo           a  b  c|                (pulled)
 * zipAmmo(ammo)  0a----1b----2c----|
 * ```
 *
 * - For each shot the ammo is drawn first, then the tick. Ammo without a tick is given back to the provider.
 * - Completes when the ticks or the ammo complete, whichever is first. Errors of either pass through.
 * - A pulled schedule zipped with a pulled provider (or an iterable) stays pulled. Other Observables are subscribed
 *   to, and early values wait in a bounded backlog.
 * - A tick without a finite moment is the error `ELPIS_SCHEDULE`.
 * - Unsubscribing closes both sides.
 *
 * @param provider The ammo: a provider, an iterable or any Observable.
 * @param options `ticks` and `ammo` bound the backlogs of pushed values; `scheduler` is the time for subscribers,
 *   real time by default; `meter`, the one of `shoot`, counts the dropped ticks and the operations without ammo.
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
    readonly meter?: FiringMeter;
  } = {},
): (ticks: Observable<Tick>) => Pullable<Shot<A>> {
  checkArgument('zipAmmo', 'provider', provider, A_STREAM);
  const { meter, ticks: bounds } = options;
  const ticksBacklog: BacklogOptions<Tick> | undefined =
    meter === undefined
      ? bounds
      : {
          ...bounds,
          onDiscard: (tick) => {
            meter.discarded++;
            bounds?.onDiscard?.(tick);
          },
        };
  return (ticks) =>
    new Pullable<Shot<A>>(
      (scheduler) =>
        new ZipCursor(
          openCursor(ticks, scheduler, ticksBacklog, 'ticks'),
          openCursor(provider, scheduler, options.ammo, 'ammo'),
          meter,
          scheduler,
        ),
      { dueAt: (shot) => shot.at, ...defined({ scheduler: options.scheduler }) },
    );
}
