import { filter, map, type Observable, type SchedulerLike, Subject } from 'rxjs';
import { type Command, command } from '../../operators/ticks/command.js';
import { ElpisError } from '../core/errors.js';
import type { Millis } from '../core/units.js';
import type { RunEvent } from './runEvent.js';

/** Steers a run: the second argument of an observer. Its methods return at once, and do nothing after the end of the run. */
export interface RunHandle {
  /** True when `command` is allowed: see `steerable` of the run. */
  readonly steerable: boolean;
  /**
   * Controls a pool, or all pools. It is also an event of the run, and applies to all threads at the same time.
   *
   * @throws ElpisError `ELPIS_CONTROL` for an invalid command, or when the run is not steerable.
   */
  command(command: Command, pool?: string): void;
  /** Drains the run: no new shot starts, and shots under way may take `limitMs` more; 0 ends it at once. `reason` becomes an annotation. */
  stop(limitMs: Millis, reason: string): void;
  /** Adds a remark to the events of the run. */
  annotate(text: string, pool?: string): void;
}

/** The other side of a {@link RunHandle}: the streams that steer the run. */
export class RunSteering implements RunHandle {
  readonly #commands = new Subject<{ readonly command: Command; readonly pool: string | undefined }>();
  readonly #drain = new Subject<Millis>();
  readonly #events = new Subject<RunEvent>();

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
    this.annotate(reason);
    this.#drain.next(limitMs);
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
