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
