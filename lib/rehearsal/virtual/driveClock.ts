import { ElpisError } from '../../core/errors.js';
import type { Millis } from '../../core/units.js';
import { realTimeScheduler } from '../../time/realTime.js';
import type { VirtualClock } from '../../time/virtualClock.js';
import type { VirtualGate } from './virtualGate.js';

/** How many virtual actions run in one turn of the event loop. */
const BURST = 8192;
/** How long virtual time waits for ammo, in real time. Then virtual time advances without it. */
const WAIT_MS: Millis = 1000;
/** The longest real time without progress before the rehearsal fails. */
const STANDSTILL_MS: Millis = 20_000;

/** Lets the event loop run. */
function turn(ms: Millis): Promise<void> {
  return new Promise((resolve) => {
    realTimeScheduler.schedule(() => resolve(), ms);
  });
}

/** Options of {@link driveClock}. */
export interface Driven {
  readonly clock: VirtualClock;
  readonly gate: VirtualGate;
  /** True when no work is left. */
  readonly over: () => boolean;
  /** True when all shots have ended and only results are being closed. */
  readonly closing: () => boolean;
}

/** Measures the real time without progress, and decides how long to pause. */
class IdleTime {
  #since: Millis | undefined;

  constructor(private readonly gate: VirtualGate) {}

  /** Called on progress, and while results are written. */
  reset(): void {
    this.#since = undefined;
  }

  /** Called without progress. Returns the pause before the next attempt. */
  pause(): Millis {
    const now = realTimeScheduler.now();
    this.#since ??= now;
    const idleFor = now - this.#since;
    if (idleFor > WAIT_MS) this.gate.leaveToTime();
    if (idleFor > STANDSTILL_MS) {
      throw new ElpisError('ELPIS_STALLED', 'the rehearsal has made no progress for 20 s of real time', {
        hint: 'look for a stream or a promise in your code that never ends',
      });
    }
    return idleFor > 10 ? 1 : 0;
  }
}

/**
 * Advances a virtual clock as fast as possible. The clock stops while ammo is read or results are written, and the
 * event loop runs in between, for input and output.
 *
 * @throws ElpisError `ELPIS_STALLED` after 20 s of real time without progress.
 */
export async function driveClock({ clock, gate, over, closing }: Driven): Promise<void> {
  const idle = new IdleTime(gate);
  let left = BURST;
  while (!over()) {
    const ready = gate.refill() && gate.written();
    const stepwise = closing() || gate.stepwise();
    const ran = ready ? (stepwise ? clock.runSome(1) : clock.runSome(left, gate.open)) : 0;
    left -= ran;
    const writing = !gate.written();
    if (ran > 0 && left > 0 && !stepwise && !writing) continue;
    left = BURST;
    if (ran === 0 && !writing) {
      await turn(idle.pause());
      continue;
    }
    idle.reset();
    // After all shots have ended, only a user's aggregator can still need time, so the clock advances in small steps.
    await turn(closing() && !writing ? 1 : 0);
  }
}
