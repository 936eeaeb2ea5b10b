import assert from 'node:assert/strict';
import type { Observer } from 'rxjs';
import { type ElpisError, isElpisError } from '../../../lib/core/errors.js';
import type { PlayedEvent, PoolEvent } from '../../../lib/engine/runEvent.js';
import type { WorkerState } from '../../../lib/measure/workerState.js';

/** What a run has emitted, and how it has ended. */
export class PlayedRun {
  readonly events: PoolEvent[] = [];
  /** The tables of its workers. */
  readonly tables: (readonly WorkerState[])[] = [];
  ended: 'completed' | ElpisError | undefined;

  protected readonly observer: Observer<PlayedEvent> = {
    next: (event) => {
      if (event.type === 'workers') this.tables.push(event.workers);
      else this.events.push(event);
    },
    error: (error: unknown) => {
      this.ended = isElpisError(error) ? error : assert.fail(String(error));
    },
    complete: () => {
      this.ended = 'completed';
    },
  };
}
