import type { Bytes } from '../../core/units.js';

/** A batch of encoded samples for a sink. It keeps no sample. */
export interface Batch<S> {
  /** Number of samples added since the last `take`. */
  readonly size: number;
  /**
   * Encodes a sample. Returns false when it does not fit: call `take` first. An empty batch has room for any sample.
   */
  add(sample: S): boolean;
  /** Returns the lines of the added samples as bytes that belong to the caller; the batch is empty afterwards. */
  take(): Uint8Array;
}

/** Result of an {@link Encoder} when the line does not fit. */
export const NO_ROOM = -1;

/**
 * A line format: writes one sample as one whole line at `offset` and returns the offset after it, or {@link NO_ROOM}
 * when it does not fit; bytes written in that case are ignored. It MUST NOT keep the sample.
 */
export type Encoder<S> = (sample: S, buffer: Buffer, offset: number) => number;

const MIN_BYTES = 4096;
/** Larger batches are not faster, and copying one would delay shots. */
const MAX_BYTES = 64 * 1024;

/** The batch of a line format: an encoder and one buffer that is reused. */
export class EncodedBatch<S> implements Batch<S> {
  size = 0;
  #buffer: Buffer;
  #used = 0;

  /** @param bytes Size of the buffer, limited to 4 KiB to 64 KiB; 0 is 64 KiB. A longer line gets a longer buffer. */
  constructor(
    private readonly encode: Encoder<S>,
    bytes: Bytes = MAX_BYTES,
  ) {
    const wanted = bytes > 0 ? Math.min(Math.max(bytes, MIN_BYTES), MAX_BYTES) : MAX_BYTES;
    this.#buffer = Buffer.allocUnsafeSlow(wanted);
  }

  add(sample: S): boolean {
    let end = this.encode(sample, this.#buffer, this.#used);
    if (end === NO_ROOM && this.size > 0) return false;
    while (end === NO_ROOM) {
      this.#buffer = Buffer.allocUnsafeSlow(this.#buffer.length * 2);
      end = this.encode(sample, this.#buffer, 0);
    }
    this.#used = end;
    this.size++;
    return true;
  }

  take(): Uint8Array {
    const lines = Buffer.from(this.#buffer.subarray(0, this.#used));
    this.#used = 0;
    this.size = 0;
    return lines;
  }
}

const MAX_TEXTS = 4096;
const MAX_LENGTH = 1024;

/**
 * Caches the bytes of repeated texts, such as tags, so that a sample needs no string operations. At most 4096 texts
 * of up to 1024 characters; a full cache is cleared.
 *
 * @example
 * const tags = new TextCache((tag) => tag.replaceAll('\t', ' '));
 * tags.bytes('/api');
 */
export class TextCache {
  readonly #known = new Map<string, Uint8Array>();
  #lastText = '';
  #lastBytes: Uint8Array;

  /** @param written Returns the written form of a text; called once per cached text. */
  constructor(private readonly written: (text: string) => string) {
    this.#lastBytes = Buffer.from(written(''));
  }

  /** The UTF-8 bytes of the written text. They MUST NOT be changed. */
  bytes(text: string): Uint8Array {
    if (text === this.#lastText) return this.#lastBytes;
    const bytes = this.#known.get(text) ?? this.#remember(text);
    this.#lastText = text;
    this.#lastBytes = bytes;
    return bytes;
  }

  #remember(text: string): Uint8Array {
    const bytes = Buffer.from(this.written(text));
    if (text.length > MAX_LENGTH) return bytes;
    if (this.#known.size >= MAX_TEXTS) this.#known.clear();
    this.#known.set(text, bytes);
    return bytes;
  }
}
