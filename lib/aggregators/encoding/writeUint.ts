import { writeDigits } from './writeDigits.js';

function digitsOf(value: number): number {
  if (value < 100) return value < 10 ? 1 : 2;
  if (value < 10_000) return value < 1000 ? 3 : 4;
  if (value < 1_000_000) return value < 100_000 ? 5 : 6;
  return value < 100_000_000 ? (value < 10_000_000 ? 7 : 8) : 9;
}

/**
 * Writes a whole number from 0 to 2^53 in decimal, at most 16 bytes, and answers the offset after it. No string is made.
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
