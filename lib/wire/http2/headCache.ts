import type { Bytes } from '../../core/units.js';
import { ByteComparer } from '../byteComparer.js';
import type { ReceivedHead } from './streamListener.js';

/** Longer blocks are not cached. */
const MAX_LENGTH: Bytes = 2048;
/** A power of two. */
const SLOTS = 256;

interface Entry {
  readonly hash: number;
  readonly trailing: boolean;
  /** False when the block means this only while the table of the connection has no room. */
  readonly anyTable: boolean;
  readonly block: DataView;
  readonly head: ReceivedHead;
}

/**
 * Caches header blocks with their decoded heads. Comparing bytes is several times cheaper than decoding and gives the same result,
 * because only blocks are cached that do not depend on earlier ones: the table of the connection has no room, or they do not name it. Most servers repeat the same blocks, except for a date that
 * changes once a second. A new block replaces the one that has the same slot. The block of the last response, and that of the last
 * trailers, are compared first, without a hash.
 */
export class HeadCache {
  readonly #entries: (Entry | undefined)[] = new Array(SLOTS).fill(undefined);
  readonly #comparer = new ByteComparer();
  #lastHead: Entry | undefined;
  #lastTrailers: Entry | undefined;
  #hash = 0;

  /**
   * The head of the block from `start` to `end`, when it is cached.
   *
   * @param emptyTable True when the table of the connection has no room.
   */
  find(
    bytes: Uint8Array,
    start: number,
    end: number,
    trailing: boolean,
    emptyTable: boolean,
  ): ReceivedHead | undefined {
    const last = trailing ? this.#lastTrailers : this.#lastHead;
    if (last !== undefined && this.#means(last, bytes, start, end, emptyTable)) return last.head;
    let hash = trailing ? 1 : 0;
    for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + (bytes[i] as number)) | 0;
    this.#hash = hash;
    const entry = this.#entries[(hash ^ (hash >>> 12)) & (SLOTS - 1)];
    if (entry === undefined || entry.hash !== hash || entry.trailing !== trailing) return undefined;
    if (!this.#means(entry, bytes, start, end, emptyTable)) return undefined;
    this.#used(entry);
    return entry.head;
  }

  /** Caches the block that the last `find` did not return. */
  learn(bytes: Uint8Array, start: number, end: number, trailing: boolean, head: ReceivedHead, anyTable: boolean): void {
    if (end - start > MAX_LENGTH) return;
    const hash = this.#hash;
    const block = new DataView(Uint8Array.from(bytes.subarray(start, end)).buffer);
    const entry = { hash, trailing, anyTable, block, head };
    this.#entries[(hash ^ (hash >>> 12)) & (SLOTS - 1)] = entry;
    this.#used(entry);
  }

  #means({ block, anyTable }: Entry, bytes: Uint8Array, start: number, end: number, emptyTable: boolean): boolean {
    const length = end - start;
    return block.byteLength === length && (emptyTable || anyTable) && this.#comparer.same(block, length, bytes, start);
  }

  #used(entry: Entry): void {
    if (entry.trailing) this.#lastTrailers = entry;
    else this.#lastHead = entry;
  }
}
