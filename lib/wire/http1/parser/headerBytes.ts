const COLON = 58;
const SPACE = 32;
const TAB = 9;
const COMMA = 44;

const TOKEN = new Uint8Array(256);
for (const character of "!#$%&'*+-.^_`|~0123456789") TOKEN[character.charCodeAt(0)] = 1;
for (let letter = 0; letter < 26; letter++) TOKEN[65 + letter] = TOKEN[97 + letter] = 1;

/** Bytes of a word in lower case, to compare headers with. */
export function word(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** True when the range spells `lower` (from {@link word}), case-insensitively. */
export function spells(bytes: Uint8Array, start: number, end: number, lower: Uint8Array): boolean {
  if (end - start !== lower.length) return false;
  for (let i = 0; i < lower.length; i++) {
    const byte = bytes[start + i] as number;
    if ((byte >= 65 && byte <= 90 ? byte + 32 : byte) !== lower[i]) return false;
  }
  return true;
}

/** Position of the colon after the header name at `start`, or -1 when there is no legal name with a colon. */
export function nameEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && TOKEN[bytes[at] as number] === 1) at++;
  return at > start && at < end && bytes[at] === COLON ? at : -1;
}

/** First position from `start` that is not a space or tab. */
export function skipBlanks(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && (bytes[at] === SPACE || bytes[at] === TAB)) at++;
  return at;
}

/** End of the range without blanks before it. */
export function trimBlanks(bytes: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start && (bytes[at - 1] === SPACE || bytes[at - 1] === TAB)) at--;
  return at;
}

/** The decimal number in the range, or -1 when it is not one or is above 2^53. */
export function decimal(bytes: Uint8Array, start: number, end: number): number {
  if (end === start) return -1;
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = (bytes[at] as number) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
    if (value > Number.MAX_SAFE_INTEGER) return -1;
  }
  return value;
}

/** The hexadecimal number in the range, or -1 when it is not one or is above 2^53. */
export function hexadecimal(bytes: Uint8Array, start: number, end: number): number {
  if (end === start) return -1;
  let value = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    const letter = byte | 32;
    const digit = byte >= 48 && byte <= 57 ? byte - 48 : letter >= 97 && letter <= 102 ? letter - 87 : -1;
    if (digit < 0) return -1;
    value = value * 16 + digit;
    if (value > Number.MAX_SAFE_INTEGER) return -1;
  }
  return value;
}

/** True when the comma-separated list in the range has the word, case-insensitively. */
export function listHas(bytes: Uint8Array, start: number, end: number, lower: Uint8Array): boolean {
  let from = start;
  for (let at = start; at <= end; at++) {
    if (at < end && bytes[at] !== COMMA) continue;
    const begin = skipBlanks(bytes, from, at);
    if (spells(bytes, begin, trimBlanks(bytes, begin, at), lower)) return true;
    from = at + 1;
  }
  return false;
}
