/**
 * Writes a whole number below 10^9 as exactly `width` decimal digits, zeros in front, and answers the offset after it.
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
