import type { Random } from '../../core/deps.js';
import type { EpochMs, Millis } from '../../core/units.js';

/** After this many failures in a row an instance still connects again at once, as in Pandora. */
const AT_ONCE = 3;
const FIRST_WAIT_MS: Millis = 10;
const MAX_WAIT_MS: Millis = 1000;
/** An instance that has been idle for this long since its last failure is not in a busy loop. */
const RESTED_MS: Millis = 5;

/**
 * The wait of an instance before it connects again. After three failed connects in a row the next one waits 10 ms,
 * then 20 ms and so on up to 1 s, each minus a random part of up to a half, so that instances do not connect at the
 * same time. An open connection resets it.
 *
 * It is for instances that shoot again at once, as with `unlimited`: they would cause thousands of failures a second. A paced pool
 * with enough instances keeps its rate, failing or not, because its instances are idle between shots.
 */
export class ConnectBackoff {
  #failures = 0;
  #failedAt: EpochMs = 0;

  constructor(readonly random: Random) {}

  /** The wait of a connect that is requested now; 0 = none. */
  wait(now: EpochMs): Millis {
    if (this.#failures === 0) return 0;
    if (now - this.#failedAt >= RESTED_MS) this.#failures = 0;
    if (this.#failures < AT_ONCE) return 0;
    const longest = Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * 2 ** (this.#failures - AT_ONCE));
    return longest * (1 - this.random() / 2);
  }

  /** Called when a connect failed. */
  failed(now: EpochMs): void {
    this.#failures++;
    this.#failedAt = now;
  }

  succeeded(): void {
    this.#failures = 0;
  }
}
