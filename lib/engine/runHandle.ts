import { filter, map, type Observable, ReplaySubject, type SchedulerLike, Subject, type Subscription } from 'rxjs';
import { type Command, command } from '../../operators/ticks/command.js';
import { ElpisError } from '../core/errors.js';
import type { Millis } from '../core/units.js';
import type { RunEnding, RunEvent } from './runEvent.js';

/** How a recorded run is played. */
export interface Playback {
  /** How many times as fast as the run. */
  readonly speed: number;
  readonly paused: boolean;
}

/** Steers a run: the second argument of an observer. Its methods return at once, and do nothing after the end of the run. */
export interface RunHandle {
  /** True when `command` is allowed: see `steerable` of the run. */
  readonly steerable: boolean;
  /** How the run is played, from now on; only of a recorded run, where commands change this and not the run. */
  readonly playback?: Observable<Playback>;
  /**
   * Controls a pool, or all pools. It is also an event of the run, and applies to all threads at the same time.
   *
   * @throws ElpisError `ELPIS_CONTROL` for an invalid command, or when the run is not steerable.
   */
  command(command: Command, pool?: string): void;
  /**
   * Drains the run: no new shot starts, and shots under way may take `limitMs` more; 0 ends it at once. `reason` becomes an annotation,
   * and that of the first stop is the text of the run's `ending`.
   */
  stop(limitMs: Millis, reason: string): void;
  /** Adds a remark to the events of the run. */
  annotate(text: string, pool?: string): void;
}

/** An order to drain a run, and who has given it. */
export interface StopOrder {
  readonly limitMs: Millis;
  readonly ending: RunEnding;
}

/** The other side of a {@link RunHandle}: the streams that steer the run. */
export class RunSteering implements RunHandle {
  readonly #commands = new Subject<{ readonly command: Command; readonly pool: string | undefined }>();
  /** An order that is given before the run has started applies to it. */
  readonly #drain = new ReplaySubject<Millis>(1);
  readonly #events = new Subject<RunEvent>();
  #ending: RunEnding | undefined;

  constructor(
    private readonly scheduler: SchedulerLike,
    readonly steerable: boolean,
  ) {}

  /** The events of the handle: commands and annotations. */
  get events(): Observable<RunEvent> {
    return this.#events;
  }

  /** The limits of drains. */
  get drain(): Observable<Millis> {
    return this.#drain;
  }

  /** Who has stopped the run first, and why; undefined when it was not stopped. */
  get ending(): RunEnding | undefined {
    return this.#ending;
  }

  /** The commands to a pool. */
  commandsTo(pool: string): Observable<Command> {
    return this.#commands.pipe(
      filter((sent) => sent.pool === undefined || sent.pool === pool),
      map((sent) => sent.command),
    );
  }

  command(wanted: Command, pool?: string): void {
    if (!this.steerable) {
      throw new ElpisError('ELPIS_CONTROL', 'the run is not steerable', { hint: 'run(config, {steerable: true})' });
    }
    const valid = command.check(wanted);
    this.#events.next({ type: 'command', at: this.scheduler.now(), command: valid, ...of(pool) });
    this.#commands.next({ command: valid, pool });
  }

  stop(limitMs: Millis, reason: string): void {
    this.order({ limitMs, ending: { by: 'user', text: reason } });
  }

  /** Drains the run in the name of a rule, of its owner or after a failure. */
  order({ limitMs, ending }: StopOrder): void {
    this.#ending ??= ending;
    this.annotate(ending.text);
    this.#drain.next(limitMs);
  }

  /** Gives each of these orders. An error fails the run. */
  follow(orders: Observable<StopOrder>): Subscription {
    return orders.subscribe({
      next: (order) => this.order(order),
      error: (error: unknown) => this.#drain.error(error),
    });
  }

  /** The run has ended: its streams complete, and the handle does nothing from now on. */
  close(): void {
    this.#events.complete();
    this.#commands.complete();
    this.#drain.complete();
  }

  annotate(text: string, pool?: string): void {
    this.#events.next({ type: 'annotation', at: this.scheduler.now(), text, ...of(pool) });
  }
}

const of = (pool: string | undefined): { readonly pool?: string } => (pool === undefined ? {} : { pool });
