import type { Bytes } from '../../core/units.js';
import type { HeadCache } from './headCache.js';
import { HeaderDecoder } from './hpack/headerDecoder.js';
import { receivedHead } from './receivedHead.js';
import type { ReceivedHead } from './streamListener.js';

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
