import { ElpisError } from '../../core/errors.js';
import type { Millis } from '../../core/units.js';
import { realTimeScheduler } from '../../time/realTime.js';
import type { VirtualClock } from '../../time/virtualClock.js';
import type { VirtualGate } from './virtualGate.js';

/** How much virtual work is done before the event loop has its turn. */
const BURST = 8192;
/** How long ammo is waited for in real time before it is left to virtual time. */
const PATIENCE_MS: Millis = 1000;
/** How long nothing at all may happen. */
const STANDSTILL_MS: Millis = 20_000;

/** Lets the event loop have its turn. */
function turn(ms: Millis): Promise<void> {
  return new Promise((resolve) => {
    realTimeScheduler.schedule(() => resolve(), ms);
  });
}

/** What {@link driveClock} drives. */
export interface Driven {
  readonly clock: VirtualClock;
  readonly gate: VirtualGate;
  /** True when there is nothing more to be done. */
  readonly over: () => boolean;
  /** True when all shots have ended, so that only the closing of results is waited for. */
  readonly closing: () => boolean;
}

/** Counts the real time in which nothing happens, and says how long to pause. */
class Patience {
  #idleSince: Millis | undefined;

  constructor(private readonly gate: VirtualGate) {}

  /** Something happened, or is being written. */
  calm(): void {
    this.#idleSince = undefined;
  }

  idle(): Millis {
    const now = realTimeScheduler.now();
    this.#idleSince ??= now;
    const idleFor = now - this.#idleSince;
    if (idleFor > PATIENCE_MS) this.gate.trust();
    if (idleFor > STANDSTILL_MS) {
      throw new ElpisError('ELPIS_STALLED', 'the rehearsal stands still: nothing has happened for 20 s of real time', {
        hint: 'something waits for the real world: a stream or a promise of your own that never ends',
      });
    }
    return idleFor > 10 ? 1 : 0;
  }
}

/**
 * Moves a virtual clock as fast as this process can, and the real world with it: the clock stands still while ammo is read
 * or results are written, and input and output have their turns.
 *
 * @throws ElpisError `ELPIS_STALLED` when nothing has happened for 20 s of real time.
 */
export async function driveClock({ clock, gate, over, closing }: Driven): Promise<void> {
  const patience = new Patience(gate);
  let left = BURST;
  while (!over()) {
    const ready = gate.settle() && gate.written();
    const careful = closing() || gate.careful();
    const ran = ready ? (careful ? clock.runSome(1) : clock.runSome(left, gate.open)) : 0;
    left -= ran;
    const writing = !gate.written();
    if (ran > 0 && left > 0 && !careful && !writing) continue;
    left = BURST;
    if (ran === 0 && !writing) {
      await turn(patience.idle());
      continue;
    }
    patience.calm();
    // Only somebody's own result can be waited for when all shots have ended: time is given to it little by little.
    await turn(closing() && !writing ? 1 : 0);
  }
}
