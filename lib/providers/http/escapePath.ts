import { percentDecoded } from './percentDecoded.js';

const LEGAL = /^[\dA-Za-z\-._~!$&'()*+,;=:@/[\]%]*$/;
const KEPT = /[\dA-Za-z\-_.~$&+,/:;=@]/;
const ESCAPED = Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  return KEPT.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
});

/**
 * A path as it is sent: as written when every character is legal in a path, otherwise decoded and escaped anew as a
 * whole (https://pkg.go.dev/net/url#URL.EscapedPath).
 *
 * @example
 * escapePath('/a b(c)'); // '/a%20b%28c%29'
 * escapePath('/a(b)'); // '/a(b)'
 */
export function escapePath(path: string): string {
  if (LEGAL.test(path)) return path;
  let escaped = '';
  for (const byte of percentDecoded(path)) escaped += ESCAPED[byte] as string;
  return escaped;
}
