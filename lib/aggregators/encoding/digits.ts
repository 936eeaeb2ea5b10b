/**
 * Writes a whole number below 10^9 as exactly `width` decimal digits with leading zeros, and returns the offset after
 * it.
 *
 * @example
 * writeDigits(new Uint8Array(3), 0, 7, 3); // 3; the bytes are '007'
 */
export function writeDigits(buffer: Uint8Array, offset: number, value: number, width: number): number {
  let rest = value | 0;
  for (let at = offset + width - 1; at >= offset; at--) {
    const tens = (rest / 10) | 0;
    buffer[at] = 48 + rest - tens * 10;
    rest = tens;
  }
  return offset + width;
}

function digitsOf(value: number): number {
  if (value < 100) return value < 10 ? 1 : 2;
  if (value < 10_000) return value < 1000 ? 3 : 4;
  if (value < 1_000_000) return value < 100_000 ? 5 : 6;
  return value < 100_000_000 ? (value < 10_000_000 ? 7 : 8) : 9;
}

/**
 * Writes a whole number from 0 to 2^53 in decimal, at most 16 bytes, and returns the offset after it. It makes no
 * string.
 *
 * @example
 * writeUint(new Uint8Array(16), 0, 1500); // 4
 */
export function writeUint(buffer: Uint8Array, offset: number, value: number): number {
  if (value < 10) {
    buffer[offset] = 48 + value;
    return offset + 1;
  }
  if (value < 1e9) return writeDigits(buffer, offset, value, digitsOf(value));
  const billions = Math.floor(value / 1e9);
  return writeDigits(buffer, writeUint(buffer, offset, billions), value - billions * 1e9, 9);
}

/** Writes any whole number, at most 24 bytes, and returns the offset after it. Any other number is written as 0. */
export function writeInteger(buffer: Buffer, offset: number, value: number | bigint): number {
  if (typeof value === 'bigint') return offset + buffer.write(String(value), offset, 'latin1');
  if (!Number.isSafeInteger(value)) return writeUint(buffer, offset, 0);
  if (value >= 0) return writeUint(buffer, offset, value);
  buffer[offset] = 45;
  return writeUint(buffer, offset + 1, -value);
}

/** Copying byte by byte is faster than the call of `set` up to about this length. */
const MAX_LOOP_LENGTH = 48;

/** Copies `bytes` into `buffer` and returns the offset after them. They MUST fit. */
export function writeBytes(buffer: Uint8Array, offset: number, bytes: Uint8Array): number {
  const { length } = bytes;
  if (length > MAX_LOOP_LENGTH) buffer.set(bytes, offset);
  else for (let i = 0; i < length; i++) buffer[offset + i] = bytes[i] as number;
  return offset + length;
}
