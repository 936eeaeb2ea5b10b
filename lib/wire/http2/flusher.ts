/** Has collected frames that are not written. */
export interface Flushable {
  flush(): void;
}

/**
 * Writes what connections have collected when the callback of the event loop ends that has collected it, so that the requests that
 * are shot together leave together, and at once. Writing at the end of the turn instead takes a second turn, because the next shots of a
 * closed loop are fired at the end of one.
 */
export class Flusher {
  #waiting: Flushable[] = [];
  readonly #work = (): void => {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const each of waiting) each.flush();
  };

  /** @param defer Runs work when the callback ends. */
  constructor(readonly defer: (work: () => void) => void) {}

  /** Called at most once per callback for each connection. */
  add(connection: Flushable): void {
    if (this.#waiting.push(connection) === 1) this.defer(this.#work);
  }
}
