import type { Bytes } from '../../../core/units.js';
import { ByteComparer } from '../../byteComparer.js';
import { ResponseFraming } from './responseFraming.js';

/** Longer heads are not cached. */
const MAX_LENGTH: Bytes = 2048;
/** After this many different heads in a row caching stops, because the heads differ every time. */
const MAX_MISSES = 16;

/**
 * Caches the head of the last response to a request. Most servers repeat the same head, except for a date that
 * changes once a second. Comparing bytes is several times cheaper than reading lines and gives the same result,
 * because the meaning of a head depends on its bytes alone.
 */
export class ResponseHeadCache {
  /** The meaning of the cached head. */
  readonly framing = new ResponseFraming();
  #cached: DataView | undefined;
  #length: Bytes = 0;
  #misses = 0;
  readonly #comparer = new ByteComparer();

  /** Returns the length of the cached head when the bytes begin with it, otherwise 0. */
  match(bytes: Uint8Array, start: number, end: number): Bytes {
    const cached = this.#cached;
    const length = this.#length;
    if (cached === undefined || end - start < length || !this.#comparer.same(cached, length, bytes, start)) return 0;
    this.#misses = 0;
    return length;
  }

  /** Caches a head that has been read. */
  learn(bytes: Uint8Array, start: number, end: number, framing: ResponseFraming): void {
    const length = end - start;
    if (length > MAX_LENGTH || this.#misses >= MAX_MISSES) {
      this.#length = 0;
      this.#cached = undefined;
      return;
    }
    this.#misses++;
    if (this.#cached === undefined || this.#cached.byteLength < length)
      this.#cached = new DataView(new ArrayBuffer(length));
    for (let i = 0; i < length; i++) this.#cached.setUint8(i, bytes[start + i] as number);
    this.#length = length;
    this.framing.copy(framing);
  }
}
