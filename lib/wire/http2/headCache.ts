import type { Bytes } from '../../core/units.js';
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
  readonly block: Uint8Array;
  readonly head: ReceivedHead;
}

/**
 * Caches header blocks with their decoded heads. Comparing bytes is several times cheaper than decoding and gives the same result,
 * because only blocks are cached that do not depend on earlier ones: the table of the connection has no room, or they do not name it. Most servers repeat the same blocks, except for a date that
 * changes once a second. A new block replaces the one that has the same slot.
 */
export class HeadCache {
  readonly #entries: (Entry | undefined)[] = new Array(SLOTS).fill(undefined);
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
    let hash = trailing ? 1 : 0;
    for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + (bytes[i] as number)) | 0;
    this.#hash = hash;
    const entry = this.#entries[(hash ^ (hash >>> 12)) & (SLOTS - 1)];
    if (entry === undefined || entry.hash !== hash || entry.trailing !== trailing) return undefined;
    const { block } = entry;
    if (block.length !== end - start || !(emptyTable || entry.anyTable)) return undefined;
    for (let i = 0; i < block.length; i++) if (block[i] !== bytes[start + i]) return undefined;
    return entry.head;
  }

  /** Caches the block that the last `find` did not return. */
  learn(bytes: Uint8Array, start: number, end: number, trailing: boolean, head: ReceivedHead, anyTable: boolean): void {
    if (end - start > MAX_LENGTH) return;
    const hash = this.#hash;
    const block = Uint8Array.from(bytes.subarray(start, end));
    this.#entries[(hash ^ (hash >>> 12)) & (SLOTS - 1)] = { hash, trailing, anyTable, block, head };
  }
}
