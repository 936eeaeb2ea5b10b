import type { Bytes } from '../../core/units.js';
import type { HeadCache } from './headCache.js';
import { HeaderDecoder } from './hpack/headerDecoder.js';
import type { Field } from './hpack/staticTable.js';
import type { ReceivedHead } from './streamListener.js';

/** Header names in lower case. */
const NAME = /^[!#$%&'*+\-.^_`|~\da-z]+$/;
const ILLEGAL = /[\0\r\n]/;
const DIGITS = /^\d{1,15}$/;
const STATUS = /^[1-9]\d\d$/;
/** Fields about the connection, which HTTP/2 does not have (RFC 9113, section 8.2.2). */
const CONNECTION = new Set(['connection', 'proxy-connection', 'keep-alive', 'transfer-encoding', 'upgrade']);

/** The value of content-length, -1 without one, undefined when it is not valid. */
function lengthOf(fields: readonly Field[]): number | undefined {
  let length = -1;
  for (const [name, value] of fields) {
    if (name !== 'content-length') continue;
    if (!DIGITS.test(value) || (length >= 0 && length !== Number(value))) return undefined;
    length = Number(value);
  }
  return length;
}

/** The reason that a field without a colon in front is not valid, or an empty text. */
function invalid([name, value]: Field): string {
  if (!NAME.test(name)) return `malformed header name ${JSON.stringify(name)}`;
  if (CONNECTION.has(name)) return `the header ${name} is about a connection`;
  return ILLEGAL.test(value) ? `malformed value of the header ${name}` : '';
}

/**
 * The head of a response, or its trailers, from decoded fields (RFC 9113, section 8).
 *
 * @param trailing True for trailers, which have no pseudo-headers.
 * @returns The reason when the fields are malformed.
 */
function receivedHead(decoded: readonly Field[], trailing: boolean): ReceivedHead | string {
  const fields = decoded.filter(([name]) => !name.startsWith(':'));
  const [status] = decoded;
  const pseudo = decoded.length - fields.length;
  if (trailing && pseudo > 0) return 'trailers with a pseudo-header';
  if (!trailing && (pseudo !== 1 || status?.[0] !== ':status'))
    return 'a head without :status as its only first pseudo-header';
  if (!trailing && !STATUS.test(status?.[1] ?? '')) return `malformed :status ${JSON.stringify(status?.[1])}`;
  for (const field of fields) {
    const reason = invalid(field);
    if (reason !== '') return reason;
  }
  const length = lengthOf(fields);
  if (length === undefined) return 'malformed content-length';
  return { status: trailing ? 0 : Number(status?.[1]), length, fields };
}

/** The most bytes of a header list, and of a block before it is decoded. We announce it to the peer. */
export const HEADER_LIMIT: Bytes = 256 * 1024;

/** Joins the header blocks of a connection, and makes heads of them. */
export class HeaderBlocks {
  readonly #decoder = new HeaderDecoder(HEADER_LIMIT);
  #parts: Uint8Array[] = [];
  #length: Bytes = 0;
  /** Stream of a block of which CONTINUATION must follow, 0 when none must. */
  id = 0;
  /** True when the block is the end of its stream. */
  ends = false;
  /** What was wrong with the fields of the last block; empty when they were valid. */
  problem = '';

  /** @param cache Heads that were decoded before, on any connection of the client. */
  constructor(readonly cache: HeadCache) {}

  /** A block begins that does not end in its first frame. */
  begin(id: number, ends: boolean): void {
    this.id = id;
    this.ends = ends;
    this.#parts = [];
    this.#length = 0;
  }

  /** Adds the next part of the block. Returns false when the block is too long. */
  add(bytes: Uint8Array, start: number, end: number): boolean {
    this.#length += end - start;
    if (this.#length > HEADER_LIMIT) return false;
    if (end > start) this.#parts.push(Uint8Array.from(bytes.subarray(start, end)));
    return true;
  }

  /** The block that was added, which is complete. */
  whole(): Uint8Array {
    this.id = 0;
    const block = Buffer.concat(this.#parts);
    this.#parts = [];
    return block;
  }

  /**
   * The head of a whole block. Every block must be decoded, because it may change the table.
   *
   * @returns Undefined when the block cannot be decoded. The connection cannot be used further then. With a `problem` only the
   *   stream has failed.
   */
  read(bytes: Uint8Array, start: number, end: number, trailing: boolean): ReceivedHead | undefined {
    const decoder = this.#decoder;
    this.problem = '';
    const { emptyTable } = decoder;
    const known = this.cache.find(bytes, start, end, trailing, emptyTable);
    if (known !== undefined) return known;
    if (!decoder.decode(bytes, start, end)) return undefined;
    const head = decoder.tooLong
      ? `the headers are longer than ${HEADER_LIMIT} bytes`
      : receivedHead(decoder.fields, trailing);
    if (typeof head === 'string') {
      this.problem = head;
      return NO_HEAD;
    }
    if (decoder.anyTable || (emptyTable && decoder.emptyTable)) {
      this.cache.learn(bytes, start, end, trailing, head, decoder.anyTable);
    }
    return head;
  }
}

const NO_HEAD: ReceivedHead = { status: 0, length: -1, fields: [] };
