import { writeUint } from './writeUint.js';

/** Writes any whole number, at most 24 bytes, and answers the offset after it. What is no whole number is written as 0. */
export function writeInteger(buffer: Buffer, offset: number, value: number | bigint): number {
  if (typeof value === 'bigint') return offset + buffer.write(String(value), offset, 'latin1');
  if (!Number.isSafeInteger(value)) return writeUint(buffer, offset, 0);
  if (value >= 0) return writeUint(buffer, offset, value);
  buffer[offset] = 45;
  return writeUint(buffer, offset + 1, -value);
}
