import type { Millis, Nanos } from '../core/units.js';
import { checked } from './checked.js';
import type { Codec } from './codec.js';
import { duration } from './duration.js';

/** A duration of at least `minMs` milliseconds. */
export function atLeastMs(minMs: Millis): Codec<Nanos> {
  return checked(duration, (ns) => ns >= minMs * 1e6, `${duration.name}, at least ${minMs}ms`, 'min-time', {
    hint: (ns, raw) =>
      typeof raw === 'number' && ns > 0 ? `a bare number is nanoseconds; write ${raw}s or ${raw}ms` : undefined,
    schema: { minimum: minMs * 1e6 },
  });
}
