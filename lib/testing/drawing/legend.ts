import { inspect, isDeepStrictEqual } from 'node:util';

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const OWN_MARK = /^[^\s()|#^!-]$/;

/** Gives values their letters: a one-letter text is its own, everything else gets the next free one. */
export class Legend {
  readonly #values: { readonly mark: string; readonly value: unknown }[] = [];
  readonly #taken = new Set<string>();

  /** @param values All that will be drawn, so that no letter is taken twice. */
  constructor(values: readonly unknown[]) {
    for (const value of values) if (typeof value === 'string' && OWN_MARK.test(value)) this.#taken.add(value);
    for (const value of values) this.markOf(value);
  }

  markOf(value: unknown): string {
    if (typeof value === 'string' && OWN_MARK.test(value)) return value;
    const known = this.#values.find((entry) => isDeepStrictEqual(entry.value, value));
    if (known !== undefined) return known.mark;
    const mark = [...LETTERS].find((letter) => !this.#taken.has(letter)) ?? '?';
    this.#taken.add(mark);
    this.#values.push({ mark, value });
    return mark;
  }

  /** One line per letter that does not speak for itself. */
  get lines(): readonly string[] {
    return this.#values.map(({ mark, value }) => {
      const text = inspect(value, { depth: 4, breakLength: 100, compact: true });
      return `${mark} = ${text.length > 300 ? `${text.slice(0, 297)}...` : text}`;
    });
  }
}
