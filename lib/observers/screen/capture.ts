import type { Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { asapScheduler } from 'rxjs';

/** The largest number of texts that are kept, and their largest total length. */
const MAX_TEXTS = 10_000;
const MAX_LENGTH = 1_000_000;
/** Lines for the log of the screen. */
const SHOWN = 20;

/**
 * Holds back what other code writes to streams of the terminal, such as a log or `console.log` of a user's module, while the screen is
 * there. The text is written when it is released.
 */
export class Capture {
  readonly #held: { readonly stream: Writable; readonly text: string }[] = [];
  readonly #originals = new Map<Writable, Writable['write']>();
  #length = 0;
  #dropped = 0;
  #lines: readonly string[] = [];

  constructor(private readonly streams: readonly Writable[]) {}

  /** The last lines that were held back, without colours: the screen has its own. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  start(): void {
    for (const stream of this.streams) {
      if (this.#originals.has(stream)) continue;
      this.#originals.set(stream, stream.write);
      const hold = (chunk: unknown, second?: unknown, third?: unknown): boolean => {
        const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk as Uint8Array).toString();
        this.#hold(stream, text);
        const done = typeof second === 'function' ? second : third;
        if (typeof done === 'function') asapScheduler.schedule(() => done());
        return true;
      };
      stream.write = hold;
    }
  }

  #hold(stream: Writable, text: string): void {
    this.#held.push({ stream, text });
    this.#length += text.length;
    while (this.#held.length > MAX_TEXTS || (this.#length > MAX_LENGTH && this.#held.length > 1)) {
      this.#length -= this.#held.shift()?.text.length ?? 0;
      this.#dropped++;
    }
    const lines = stripVTControlCharacters(text)
      .split('\n')
      .filter((line) => line.trim() !== '');
    this.#lines = [...this.#lines, ...lines.slice(-SHOWN)].slice(-SHOWN);
  }

  /** Writes what was held back, and lets the streams be as they were. */
  release(): void {
    for (const [stream, original] of this.#originals) stream.write = original;
    this.#originals.clear();
    const [first] = this.#held;
    if (this.#dropped > 0)
      first?.stream.write(`(${this.#dropped} earlier texts were dropped: the screen keeps 1 MB)\n`);
    for (const { stream, text } of this.#held.splice(0)) stream.write(text);
    this.#length = this.#dropped = 0;
  }
}
