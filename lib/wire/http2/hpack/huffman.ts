import type { Bytes } from '../../../core/units.js';

/**
 * Bits of the code of each byte (RFC 7541, appendix B). The code is canonical: codes ascend by length, then by byte,
 * so that the lengths define it.
 */
const LENGTHS = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28,
  28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
  13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6, 15, 5, 6, 5, 6,
  5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28, 20, 22, 20, 20, 22, 22, 22, 23,
  22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24, 22, 21, 20, 22, 22,
  23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23, 26, 26,
  20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27,
  27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27,
  27, 27, 27, 26,
];
const MAX_BITS = 30;
/** Codes of up to this many bits are found by one look-up. */
const SHORT = 8;

/** The code, made from its lengths. */
class CanonicalCode {
  /** By byte. */
  readonly codes = new Uint32Array(256);
  /** Bytes in the order of their codes. */
  readonly ordered = new Uint8Array(256);
  /** By length: the first code, the number of codes, and the place of the first in `ordered`. */
  readonly first = new Uint32Array(MAX_BITS + 1);
  readonly count = new Uint32Array(MAX_BITS + 1);
  readonly place = new Uint32Array(MAX_BITS + 1);
  /** By the next 8 bits: the byte times 16 plus its length; 0 when the code is longer. */
  readonly short = new Uint16Array(1 << SHORT);

  constructor() {
    let code = 0;
    let next = 0;
    for (let length = 1; length <= MAX_BITS; length++) {
      code *= 2;
      this.first[length] = code;
      this.place[length] = next;
      for (let byte = 0; byte < 256; byte++) {
        if (LENGTHS[byte] !== length) continue;
        this.codes[byte] = code;
        this.ordered[next++] = byte;
        const unused = SHORT - length;
        if (unused >= 0) this.short.fill(byte * 16 + length, code << unused, (code + 1) << unused);
        code++;
      }
      this.count[length] = next - (this.place[length] as number);
    }
  }
}

const { codes, ordered, first, count, place, short } = new CanonicalCode();

/** Bytes of the Huffman code of a text of a byte per character. */
export function huffmanSize(text: string): Bytes {
  let bits = 0;
  for (let i = 0; i < text.length; i++) bits += LENGTHS[text.charCodeAt(i)] as number;
  return (bits + 7) >> 3;
}

/** The Huffman code of a text of a byte per character. */
export function huffmanEncode(text: string): Uint8Array {
  const bytes = new Uint8Array(huffmanSize(text));
  let at = 0;
  let held = 0;
  let bits = 0;
  for (let i = 0; i < text.length; i++) {
    const byte = text.charCodeAt(i);
    let left = LENGTHS[byte] as number;
    while (left > 0) {
      const taken = Math.min(left, 8 - bits);
      left -= taken;
      held = (held << taken) | (((codes[byte] as number) >>> left) & ((1 << taken) - 1));
      bits += taken;
      if (bits < 8) continue;
      bytes[at++] = held;
      held = bits = 0;
    }
  }
  // The rest of the last byte is the beginning of the code of the end, which is all ones.
  if (bits > 0) bytes[at] = ((held << (8 - bits)) | ((1 << (8 - bits)) - 1)) & 255;
  return bytes;
}

/** The bits from bit `at`, `length` of them, at most 30; ones after the end. */
function bitsAt(bytes: Uint8Array, at: number, end: number, length: number): number {
  let value = 0;
  let left = length;
  let position = at;
  while (left > 0) {
    const offset = position & 7;
    const taken = Math.min(left, 8 - offset);
    const byte = position >> 3 < end ? (bytes[position >> 3] as number) : 255;
    value = (value << taken) | ((byte >> (8 - offset - taken)) & ((1 << taken) - 1));
    position += taken;
    left -= taken;
  }
  return value;
}

/** Length of the code that begins at bit `at`; 0 when none of a byte does. Bits after the end are ones. */
function longCode(bytes: Uint8Array, at: number, end: number): number {
  for (let length = SHORT + 1; length <= MAX_BITS; length++) {
    const offset = bitsAt(bytes, at, end, length) - (first[length] as number);
    if (offset >= 0 && offset < (count[length] as number)) return length;
  }
  return 0;
}

/** Decodes to a text of a byte per character. Returns undefined when the code is not valid (RFC 7541, section 5.2). */
export function huffmanDecode(bytes: Uint8Array, start: number, end: number): string | undefined {
  // The shortest codes have 5 bits.
  const decoded = Buffer.allocUnsafe(Math.floor(((end - start) * 8) / 5));
  const last = end * 8;
  let at = start * 8;
  let size = 0;
  while (at < last) {
    const found = short[bitsAt(bytes, at, end, SHORT)] as number;
    let byte = found >> 4;
    let length = found & 15;
    if (found === 0) {
      length = longCode(bytes, at, end);
      if (length > 0) {
        byte = ordered[
          (place[length] as number) + bitsAt(bytes, at, end, length) - (first[length] as number)
        ] as number;
      }
    }
    if (length === 0 || at + length > last) break;
    decoded[size++] = byte;
    at += length;
  }
  // What remains is padding: less than a byte, all ones.
  const left = last - at;
  if (left > 7 || bitsAt(bytes, at, end, left) !== (1 << left) - 1) return undefined;
  return decoded.toString('latin1', 0, size);
}
