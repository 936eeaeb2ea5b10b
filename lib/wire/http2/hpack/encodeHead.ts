import type { EncodedHead } from '../encodedHead.js';
import { huffmanEncode, huffmanSize } from './huffman.js';
import { type Field, staticIndex, staticNameIndex } from './staticTable.js';

const INDEXED = 0x80;
const WITHOUT_INDEXING = 0x00;
const NEVER_INDEXED = 0x10;
const HUFFMAN = 0x80;

/** What each field adds to the size of a list (RFC 9113, section 6.5.2). */
const FIELD_OVERHEAD = 32;

/** Fields that no proxy may put into a table either (RFC 7541, section 7.1.3). */
const SECRET = new Set(['authorization', 'proxy-authorization', 'cookie']);

/** An integer whose first byte has `prefix` bits free (RFC 7541, section 5.1). */
function integer(value: number, prefix: number, pattern: number): number[] {
  const most = 2 ** prefix - 1;
  if (value < most) return [pattern | value];
  const bytes = [pattern | most];
  let left = value - most;
  for (; left >= 128; left = Math.floor(left / 128)) bytes.push((left % 128) + 128);
  bytes.push(left);
  return bytes;
}

/** A text of a byte per character, as Huffman code when that is shorter. */
function string(text: string): Uint8Array[] {
  const size = huffmanSize(text);
  if (size < text.length) return [Uint8Array.from(integer(size, 7, HUFFMAN)), huffmanEncode(text)];
  return [Uint8Array.from(integer(text.length, 7, 0)), Buffer.from(text, 'latin1')];
}

function field([name, value]: Field): Uint8Array[] {
  const index = staticIndex(name, value);
  if (index > 0) return [Uint8Array.from(integer(index, 7, INDEXED))];
  const nameIndex = staticNameIndex(name);
  const start = Uint8Array.from(integer(nameIndex, 4, SECRET.has(name) ? NEVER_INDEXED : WITHOUT_INDEXING));
  return [start, ...(nameIndex > 0 ? [] : string(name)), ...string(value)];
}

/**
 * Encodes the head of a request, pseudo-headers first. It uses the static table and literals without indexing, so that the bytes are
 * valid on every connection, any number of times.
 *
 * @param fields Names in lower case, values with a character per byte.
 * @example
 * encodeHead([[':method', 'GET'], [':scheme', 'https'], [':path', '/'], [':authority', 'localhost']]).block;
 */
export function encodeHead(fields: readonly Field[]): EncodedHead {
  return {
    block: Buffer.concat(fields.flatMap(field)),
    size: fields.reduce((sum, [name, value]) => sum + name.length + value.length + FIELD_OVERHEAD, 0),
    forHead: fields.some(([name, value]) => name === ':method' && value === 'HEAD'),
  };
}
