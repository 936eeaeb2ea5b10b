import type { Millis } from '../../../lib/core/units.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';

/**
 * A virtual clock on which some milliseconds pass in each turn of the event loop while a result is awaited. A server in the same
 * process responds within a few turns, so a limit of 50 steps ends what would not end, at once.
 */
export class TurnClock extends VirtualClock {
  /** @param step Milliseconds per turn. */
  constructor(private readonly step: Millis = 1) {
    super(1000);
  }

  /** Lets time pass until the promise is settled. */
  async passing<T>(result: Promise<T>): Promise<T> {
    let settled = false;
    const over = (): void => {
      settled = true;
    };
    result.then(over, over);
    while (!settled) await this.turn();
    return result;
  }

  /** Lets one turn pass. */
  async turn(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.advance(this.step);
  }
}
