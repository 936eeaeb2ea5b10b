import { type Encoder, NO_ROOM } from './encoding/encoder.js';
import type { JsonOptions } from './jsonOptions.js';

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** One line of JSON per sample of any shape: what `JSON.stringify` makes of it, which leaves out methods. */
export function anyJsonEncoder({
  sortMapKeys = false,
  marshalFloatWith6Digits = false,
}: JsonOptions = {}): Encoder<unknown> {
  const replace = (_key: string, value: unknown): unknown => {
    if (marshalFloatWith6Digits && typeof value === 'number' && !Number.isInteger(value))
      return Number(value.toFixed(6));
    if (typeof value === 'bigint') return value.toString();
    return sortMapKeys ? sorted(value) : value;
  };
  return (sample, buffer, offset) => {
    const line = `${JSON.stringify(sample, replace) ?? 'null'}\n`;
    if (Buffer.byteLength(line) > buffer.length - offset) return NO_ROOM;
    return offset + buffer.write(line, offset);
  };
}
