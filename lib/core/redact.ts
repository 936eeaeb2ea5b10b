import { type ElpisError, isElpisError } from './errors.js';

const HIDDEN = '***';
/** The user and password of an address, up to the last @ before its path. */
const CREDENTIALS = /([a-z][a-z\d+.-]*:\/\/)[^\s/?#"'`<>]*@/gi;
/** The value of a query parameter with a name that says that it is secret. */
const SECRET_PARAMETER =
  /([?&][\w.-]*(?:passw|pwd|secret|token|signature|credential|api-?_?key)[\w.-]*=)[^&#\s"'`<>]+/gi;

/**
 * Hides the secrets that an address shows by itself: user and password, and the values of query parameters such as `token`.
 *
 * @example
 * withoutCredentials('http://ann:hope@host/a?token=1'); // 'http://***@host/a?token=***'
 */
export function withoutCredentials(text: string): string {
  return text.replace(CREDENTIALS, `$1${HIDDEN}@`).replace(SECRET_PARAMETER, `$1${HIDDEN}`);
}

/** Values that say nothing: short ones, numbers of up to 7 digits perhaps with a unit, `true` and `false`. */
const HARMLESS = /^(?:.{0,3}|[+-]?\d{1,7}(?:\.\d{1,7})?[a-z]{0,3}|true|false)$/i;
/** How far the causes of an error are followed. */
const DEEPEST = 16;

/** The forms in which a value may stand in a text: as it is, in JSON, and escaped in an address. */
function formsOf(value: string): readonly string[] {
  const forms = [value, JSON.stringify(value).slice(1, -1)];
  try {
    forms.push(encodeURIComponent(value), encodeURI(value));
  } catch {
    // Half of a surrogate pair has no such form.
  }
  return forms;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Hides secrets in text that people or programs will read: what `${env:...}` and `${property:...}` stood for is shown as it was
 * written, and addresses lose their passwords. This is the one place that decides what is secret.
 *
 * Values of up to 3 characters, `true`, `false`, and numbers of up to 7 digits (such as a port or `30s`) are shown, since they
 * occur everywhere.
 *
 * @example
 * const redactor = new Redactor([['hope', '${env:PASSWORD}']]);
 * redactor.text('cannot log in with hope'); // 'cannot log in with ${env:PASSWORD}'
 */
export class Redactor {
  readonly #written = new Map<string, string>();
  readonly #pattern: RegExp | undefined;

  /** @param secrets Each value that must not be shown, and what is shown for it. */
  constructor(secrets: Iterable<readonly [value: string, shown: string]> = []) {
    for (const [value, shown] of secrets) {
      if (HARMLESS.test(value)) continue;
      for (const form of formsOf(value)) if (!this.#written.has(form)) this.#written.set(form, shown);
    }
    const longestFirst = [...this.#written.keys()].sort((a, b) => b.length - a.length);
    const escaped = longestFirst.map((form) => form.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'));
    this.#pattern = escaped.length === 0 ? undefined : new RegExp(escaped.join('|'), 'g');
  }

  /** A text without secrets. */
  text(text: string): string {
    const shown =
      this.#pattern === undefined ? text : text.replace(this.#pattern, (found) => this.#written.get(found) ?? HIDDEN);
    return withoutCredentials(shown);
  }

  /** Plain data without secrets in its texts and keys; everything else in it stays as it is. */
  data<T>(value: T): T;
  data(value: unknown): unknown {
    if (typeof value === 'string') return this.text(value);
    if (Array.isArray(value)) return value.map((item: unknown) => this.data(item));
    if (typeof value !== 'object' || value === null) return value;
    if (value instanceof Error) return this.error(value);
    const prototype = Object.getPrototypeOf(value) as unknown;
    if (prototype !== Object.prototype && prototype !== null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, child]) => [this.text(key), this.data(child as unknown)]),
    );
  }

  /** The same error, without secrets in its message, stack, hint and data, nor in those of its causes. */
  error<E>(error: E, depth = 0): E {
    if (!(error instanceof Error) || depth > DEEPEST) return error;
    this.#rewrite(error, 'message');
    this.#rewrite(error, 'stack');
    if (error.cause instanceof Error) this.error(error.cause, depth + 1);
    if (isElpisError(error)) this.#fields(error, depth);
    return error;
  }

  #rewrite(error: Error, key: 'message' | 'stack'): void {
    const text = error[key];
    const shown = typeof text === 'string' ? this.text(text) : text;
    // A frozen error of the user stays as it is.
    if (shown !== text) Reflect.set(error, key, shown);
  }

  #fields(error: ElpisError, depth: number): void {
    const fields: Mutable<ElpisError> & { problems?: unknown } = error;
    if (fields.hint !== undefined) fields.hint = this.text(fields.hint);
    if (fields.place !== undefined) fields.place = this.text(fields.place);
    if (fields.problems !== undefined) fields.problems = this.data(fields.problems);
    for (const other of fields.also ?? []) this.error(other, depth + 1);
  }
}
