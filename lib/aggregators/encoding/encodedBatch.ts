import type { Bytes } from '../../core/units.js';

/** Samples on their way to a sink, already taken down (nothing of a sample is kept), a few at a time. */
export interface Batch<S> {
  /** Number of samples added since the last `take`. */
  readonly size: number;
  /** Takes a sample down. False when there is no room: `take` first. An empty batch has room for any sample. */
  add(sample: S): boolean;
  /** Whole lines of what was added, as bytes that belong to the caller; the batch is empty afterwards. */
  take(): Uint8Array;
}

/** What an {@link Encoder} answers when the line does not fit. */
export const NO_ROOM = -1;

/**
 * A line format: writes one sample as one whole line at `offset` and answers the offset after it, or {@link NO_ROOM}
 * when it does not fit; what it has written then does not count. It MUST NOT keep the sample.
 */
export type Encoder<S> = (sample: S, buffer: Buffer, offset: number) => number;

const MIN_BYTES = 4096;
/** Larger batches make nothing faster, and copying one would hold up the shooting. */
const MAX_BYTES = 64 * 1024;

/** The batch of a line format: an encoder and one buffer that is reused. */
export class EncodedBatch<S> implements Batch<S> {
  size = 0;
  #buffer: Buffer;
  #used = 0;

  /** @param bytes Wanted size of the buffer, kept between 4 KiB and 64 KiB; 0 is 64 KiB. A longer line gets a longer buffer. */
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
 * Remembers the bytes of texts that come again and again, such as tags, so that a sample costs no string work. Bounded:
 * at most 4096 texts of up to 1024 characters; when it is full it starts afresh.
 *
 * @example
 * const tags = new TextCache((tag) => tag.replaceAll('\t', ' '));
 * tags.bytes('/api');
 */
export class TextCache {
  readonly #known = new Map<string, Uint8Array>();
  #lastText = '';
  #lastBytes: Uint8Array;

  /** @param written How a text is written out; called once per text while it is remembered. */
  constructor(private readonly written: (text: string) => string) {
    this.#lastBytes = Buffer.from(written(''));
  }

  /** The UTF-8 bytes of the text as written. Not to be changed. */
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
