import type { EpochMs } from '../../core/units.js';
import type { Deadline, DeadlineQueue } from '../../time/deadlineQueue.js';

/** Receives the end of a time limit. */
export interface Limited {
  /** A phase took too long. The stream is still open. */
  late(reason: string): void;
}

/** A member of a queue of deadlines, for one phase of one exchange. */
class PhaseLimit implements Deadline {
  deadline: EpochMs = 0;
  earlier: Deadline | undefined = undefined;
  later: Deadline | undefined = undefined;

  constructor(
    readonly queue: DeadlineQueue,
    readonly limited: Limited,
    readonly missing: string,
  ) {}

  expired(): void {
    this.limited.late(`${this.missing} within ${this.queue.limit}ms`);
  }
}

/** The limits of the phases of one exchange: the head of the response, and then each piece of its body. */
export class PhaseLimits {
  readonly #head: PhaseLimit | undefined;
  readonly #body: PhaseLimit | undefined;

  constructor(heads: DeadlineQueue | undefined, bodies: DeadlineQueue | undefined, limited: Limited) {
    this.#head = heads && new PhaseLimit(heads, limited, 'no response headers');
    this.#body = bodies && new PhaseLimit(bodies, limited, 'no byte of the body');
  }

  /** The request was written. */
  awaitHead(now: EpochMs): void {
    this.#head?.queue.add(this.#head, now);
  }

  /** The head or a piece of the body has arrived. */
  awaitBody(now: EpochMs): void {
    this.clear();
    this.#body?.queue.add(this.#body, now);
  }

  clear(): void {
    this.#head?.queue.remove(this.#head);
    this.#body?.queue.remove(this.#body);
  }
}
