import type { SchedulerLike } from 'rxjs';

/** Has collected frames that are not written. */
export interface Flushable {
  flush(): void;
}

/** Writes what connections have collected at the end of the turn of the event loop, so that the frames of a turn leave together. */
export class Flusher {
  #waiting: Flushable[] = [];
  readonly #work = (): void => {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const each of waiting) each.flush();
  };

  constructor(readonly scheduler: SchedulerLike) {}

  /** Called at most once per turn for each connection. */
  add(connection: Flushable): void {
    if (this.#waiting.push(connection) === 1) this.scheduler.schedule(this.#work);
  }
}
