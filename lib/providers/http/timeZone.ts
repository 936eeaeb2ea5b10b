import type { Codec } from '../../codec/codec.js';
import { scalar } from '../../codec/scalar.js';
import { Substituted } from '../../codec/substituted.js';

function exists(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch {
    // A RangeError is how an unknown zone is told.
    return false;
  }
}

/** The name of a time zone in the IANA database, `UTC` (also when empty), or `Local` for the zone of this machine. */
export const timeZone: Codec<string> = scalar(
  { name: 'a time zone such as Europe/Berlin', schema: { type: 'string' } },
  (raw) => {
    const written = raw instanceof Substituted ? raw.text : raw;
    if (typeof written !== 'string') return { code: 'wrong-type' };
    if (written === '') return { value: 'UTC' };
    if (written === 'Local') return { value: Intl.DateTimeFormat().resolvedOptions().timeZone };
    // Newer runtimes take offsets such as +03:00 too, older ones and the original don't.
    if (/^[+-]/.test(written) || !exists(written))
      return { code: 'bad-time-zone', hint: 'see the IANA time zone database' };
    return { value: written };
  },
);
