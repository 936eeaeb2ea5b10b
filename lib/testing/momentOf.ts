import { parseDuration } from '../codec/parseDuration.js';
import type { Millis } from '../core/units.js';

/** A moment in a test: milliseconds as a number or bare digits, or a duration such as `1m30s`. */
export function momentOf(text: string | number): Millis {
  const bare = Number(text);
  if (text !== '' && Number.isFinite(bare)) return bare;
  const ns = parseDuration(String(text));
  if (ns === undefined)
    throw new TypeError(`"${text}" is no moment: expected milliseconds or a duration such as 1m30s`);
  return ns / 1e6;
}
