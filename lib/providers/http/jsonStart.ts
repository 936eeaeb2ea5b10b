import type { Buffer } from 'node:buffer';

/** What a text in the http/json format opens with, and where. */
export interface JsonStart {
  readonly kind: 'object' | 'list' | 'blank' | 'bad-json' | 'not-object-or-array';
  readonly at: number;
}

const SCALAR = /^(?:"|-?\d|true|false|null)/;

/** Looks at the first character that is not blank. */
export function jsonStart(bytes: Buffer): JsonStart {
  let at = 0;
  while (at < bytes.length && ' \t\r\n'.includes(String.fromCharCode(bytes[at] as number))) at++;
  if (at === bytes.length) return { kind: 'blank', at };
  const text = bytes.toString('latin1', at, at + 5);
  if (text.startsWith('{')) return { kind: 'object', at };
  if (text.startsWith('[')) return { kind: 'list', at };
  return { kind: SCALAR.test(text) ? 'not-object-or-array' : 'bad-json', at };
}
