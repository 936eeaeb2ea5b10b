import { ElpisError } from '../../core/errors.js';
import type { Millis } from '../../core/units.js';

/** A response and the time of its arrival; without a letter there is no response. */
export interface TimedResponse {
  readonly afterMs: Millis;
  /** The letter of a response, or `#` for a failure. */
  readonly letter?: string;
}

const TOKEN = /\s*(?:(-+)|(\d+(?:\.\d+)?)(ms|s|m)(?![a-z])|([A-Za-z#]))/y;
const UNIT_MS: Readonly<Record<string, Millis>> = { ms: 1, s: 1000, m: 60_000 };

/**
 * Reads the marbles of one response: each `-` is a millisecond, `250ms` and `1.5s` are times, a letter is the response and `#` a
 * failure. Without either there is no response.
 *
 * @example
 * responseMarbles('--r'); // { afterMs: 2, letter: 'r' }
 * responseMarbles('250ms #'); // { afterMs: 250, letter: '#' }
 */
export function responseMarbles(marbles: string): TimedResponse {
  let afterMs = 0;
  let letter: string | undefined;
  const text = marbles.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null || letter !== undefined) {
      throw new ElpisError(
        'ELPIS_CONFIG',
        `the marbles ${JSON.stringify(marbles)} cannot be read from place ${at} on`,
        {
          hint: "each - is a millisecond, 250ms and 1.5s are times, and the last is one letter or # for a failure: '--r'",
        },
      );
    }
    const [, dashes, amount, unit = '', sign] = match;
    if (dashes !== undefined) afterMs += dashes.length;
    else if (amount !== undefined) afterMs += Number(amount) * (UNIT_MS[unit] as Millis);
    else letter = sign;
  }
  return letter === undefined ? { afterMs } : { afterMs, letter };
}
