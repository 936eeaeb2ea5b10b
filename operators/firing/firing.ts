import { range, type SchedulerLike, type Subscriber, Subscription } from 'rxjs';
import type { Cursor } from '../../lib/core/cursor.js';
import type { GunFactory } from '../../lib/core/gun.js';
import type { Shot } from '../../lib/core/shot.js';
import type { EpochMs } from '../../lib/core/units.js';
import type { ShootOptions } from '../shots/shootOptions.js';
import { Roster, type Slot, type SlotOwner } from './instances.js';
import { FiringMeter } from './meter.js';
import { OverflowRule } from './overflow.js';
import { ShotSupply } from './supply.js';

/** Keeps the record of shots that no gun finishes, so that nothing that was due is missing from the numbers. */
class Unshot<A, S> {
  constructor(
    private readonly destination: Subscriber<S>,
    private readonly options: Pick<ShootOptions<A, S>, 'discarded' | 'unfinished'>,
    private readonly meter: FiringMeter,
    private readonly scheduler: SchedulerLike,
    private readonly supply: Pick<ShotSupply<A>, 'release'>,
  ) {}

  /** A shot that will not be shot because it is overdue or nobody can take it. */
  discard(shot: Shot<A>): void {
    const { discarded } = this.options;
    this.meter.discarded++;
    if (discarded !== undefined) this.destination.next(discarded(shot, this.scheduler.now()));
    this.supply.release(shot);
  }

  /** A shot that was due or under way when the run ended. */
  leave(shot: Shot<A>, now: EpochMs): void {
    const { unfinished } = this.options;
    this.meter.unfinished++;
    if (unfinished !== undefined) this.destination.next(unfinished(shot, now));
    this.supply.release(shot);
  }
}

/** How many shots may start in one turn of the event loop, so that guns that answer at once don't starve the rest. */
const SHOTS_PER_TURN = 512;

/**
 * The engine room of {@link shoot}: the one armed shot that waits for its moment, and the ways to an end.
 *
 * Only one shot at a time is taken ahead of its moment ("armed"), for the instance that will be next. That fires at the
 * same moments as if every free instance held a shot of its own, with one timer instead of one per instance.
 */
export class Firing<A, S> implements SlotOwner<A, S> {
  readonly #roster: Roster<A, S>;
  readonly #meter: FiringMeter;
  readonly #overflow: OverflowRule<A, S>;
  readonly #unshot: Unshot<A, S>;
  readonly #supply: ShotSupply<A>;
  readonly #startup = new Subscription();
  readonly #resume = (): void => {
    this.#yielding = false;
    this.#run();
  };
  #timer = Subscription.EMPTY;
  #busy = 0;
  #startupDone = false;
  #running = false;
  #runAgain = false;
  /** True while firing waits for the next turn of the event loop. */
  #yielding = false;
  #closed = false;
  #drainedAt: EpochMs | undefined;

  constructor(
    private readonly open: () => Cursor<Shot<A>>,
    gunFactory: Pick<GunFactory<A, S>, 'create'>,
    private readonly destination: Subscriber<S>,
    private readonly options: ShootOptions<A, S>,
    private readonly scheduler: SchedulerLike,
  ) {
    this.#meter = options.meter ?? new FiringMeter();
    this.#supply = new ShotSupply(
      () => this.#run(),
      () => this.#startupEnds(),
    );
    this.#unshot = new Unshot(destination, options, this.#meter, scheduler, this.#supply);
    this.#roster = new Roster(gunFactory, this, options, this.#meter);
    this.#overflow = new OverflowRule(options.overflow ?? { policy: 'queue' }, this.#roster, this.#meter);
  }

  start(): void {
    const { instances = 1 } = this.options;
    const cursor = this.open();
    if (this.#closed) cursor.close();
    this.#supply.open(cursor);
    this.#startup.add(
      (typeof instances === 'number' ? range(0, instances) : instances).subscribe({
        next: () => this.#addInstance(),
        error: (error: unknown) => this.failed(error),
        complete: () => {
          this.#startupDone = true;
          this.#run();
        },
      }),
    );
  }

  #addInstance(): void {
    if (this.#supply.exhausted || this.#closed || this.#drainedAt !== undefined) return;
    try {
      this.#roster.add(this.scheduler.now());
    } catch (error) {
      this.failed(error);
    }
    this.#run();
  }

  /**
   * Answers that are read in one turn of the event loop free many instances; their next shots are fired together at its end.
   * A target that gets them one by one falls asleep in between, and waking it costs the sender more than sending.
   */
  #runSoon(): void {
    if (this.#yielding) return;
    this.#yielding = true;
    this.#timer.unsubscribe();
    this.#timer = this.scheduler.schedule(this.#resume);
  }

  /** Fires what is due, then waits for whatever comes first: a moment, ammo, or a free instance. */
  #run(): void {
    if (this.#running) {
      this.#runAgain = true;
      return;
    }
    this.#running = true;
    try {
      do {
        this.#runAgain = false;
        this.#fireDue();
      } while (this.#runAgain);
    } catch (error) {
      this.failed(error);
    } finally {
      this.#running = false;
    }
    this.#finishIfDone();
  }

  #fireDue(): void {
    for (let fired = 0; this.#wantsShot; fired++) {
      const shot = this.#supply.arm();
      if (shot === undefined) return;
      const now = this.scheduler.now();
      const due = this.#roster.free > 0 ? shot.at : this.#overflow.actsAt(shot);
      if (due > now || fired === SHOTS_PER_TURN) {
        this.#yielding = due <= now;
        this.#timer.unsubscribe();
        this.#timer = this.scheduler.schedule(this.#resume, Math.max(0, due - now));
        return;
      }
      if (this.#roster.free === 0) this.#overflow.act(shot, now);
      this.#supply.armed = undefined;
      this.#fire(shot, now);
    }
  }

  get #wantsShot(): boolean {
    if (this.#closed || this.#yielding || this.#drainedAt !== undefined) return false;
    return this.#roster.free > 0 || this.#overflow.watches(this.#supply, this.#startupDone);
  }

  #fire(shot: Shot<A>, now: EpochMs): void {
    if (now - shot.at >= this.#overflow.discardAfterMs) {
      this.discard(shot);
      return;
    }
    const slot = this.#roster.take();
    shot.instance = slot.id;
    shot.slotWait = Math.max(0, slot.freeSince - shot.at);
    shot.started = now;
    this.#busy++;
    this.#meter.requests++;
    slot.fire(shot);
  }

  /** Records a shot that will not be shot. */
  discard(shot: Shot<A>): void {
    this.#unshot.discard(shot);
  }

  sample(sample: S): void {
    this.destination.next(sample);
  }

  ended(slot: Slot<A, S>, shot: Shot<A>): void {
    this.#busy--;
    this.#meter.responses++;
    this.#supply.release(shot);
    // Somebody is free already and waits for the next moment.
    const awaited = this.#supply.armed !== undefined && this.#roster.free > 0;
    this.#roster.release(slot, this.scheduler.now());
    if (awaited && !this.#running) return;
    if (this.#running || this.#supply.armed !== undefined || this.#supply.exhausted) this.#run();
    else this.#runSoon();
  }

  failed(error: unknown): void {
    this.close();
    this.destination.error(error);
  }

  #startupEnds(): void {
    this.#startup.unsubscribe();
    this.#startupDone = true;
    this.options.onExhausted?.();
  }

  #finishIfDone(): void {
    const nothingToDo =
      this.#supply.exhausted || (this.#startupDone && this.#roster.size === 0 && !this.#overflow.mayGrow);
    if (this.#closed || this.#running || this.#busy > 0 || !nothingToDo) return;
    this.close();
    this.destination.complete();
  }

  /** Starts no new shot; operations that are overdue by now are recorded as unfinished, some per turn. */
  drain(): void {
    if (this.#supply.exhausted || this.#closed || this.#drainedAt !== undefined) return;
    this.#drainedAt = this.scheduler.now();
    this.#startup.unsubscribe();
    this.#timer.unsubscribe();
    this.#recordOverdue(this.#drainedAt);
  }

  #recordOverdue(now: EpochMs): void {
    try {
      let shot = this.#supply.arm();
      for (let recorded = 0; shot !== undefined && shot.at < now; recorded++) {
        if (recorded === SHOTS_PER_TURN) {
          this.#timer = this.scheduler.schedule(() => this.#recordOverdue(now));
          return;
        }
        this.#supply.armed = undefined;
        this.#unshot.leave(shot, now);
        shot = this.#supply.arm();
      }
      this.#supply.disarm();
    } catch (error) {
      this.failed(error);
      return;
    }
    this.#supply.exhaust();
    this.#finishIfDone();
  }

  /** The time for shots under way is up: they are aborted and recorded as unfinished. */
  giveUp(): void {
    const now = this.scheduler.now();
    for (const slot of this.#roster.busy()) {
      const shot = slot.shot as Shot<A>;
      slot.abort();
      this.#busy--;
      this.#meter.responses++;
      this.#unshot.leave(shot, now);
    }
    this.#finishIfDone();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#timer.unsubscribe();
    this.#supply.close();
    this.#roster.close();
  }
}
