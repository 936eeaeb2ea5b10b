import type { Log } from './deps.js';
import { type ElpisError, isElpisError } from './errors.js';

const HIDDEN = '***';
// The parts of the patterns are bounded, so that a long word takes linear time.
/** The user and password of an address, up to the last @ before its path. */
const CREDENTIALS = /([a-z][a-z\d+.-]{0,40}:\/\/)[^\s/?#"'`<>]*@/gi;
/** The same without a scheme, as in `user:password@host:80`. A path such as `unix:/a@b` is none. */
const BARE_CREDENTIALS = /(?<![^\s"'`(,=])[^\s/?#"'`<>(,=@:]{1,256}:(?!\/)[^\s"'`<>]{0,256}@(?=[\w[])/g;
/** The value of a query parameter whose name suggests a secret. */
const SECRET_PARAMETER =
  /([?&][\w.-]{0,64}(?:passw|pwd|secret|token|signature|credential|api-?_?key)[\w.-]{0,64}=)[^&#\s"'`<>]+/gi;

/**
 * Hides the secrets in addresses, with and without a scheme: user and password, and the values of query parameters such as `token`.
 *
 * @example
 * withoutCredentials('http://ann:hope@host/a?token=1'); // 'http://***@host/a?token=***'
 */
export function withoutCredentials(text: string): string {
  return text
    .replace(CREDENTIALS, `$1${HIDDEN}@`)
    .replace(BARE_CREDENTIALS, `${HIDDEN}@`)
    .replace(SECRET_PARAMETER, `$1${HIDDEN}`);
}

/** The headers whose values are secrets. */
const SECRET_NAME =
  '(?:proxy-)?authorization|(?:set-)?cookie2?|x-(?:api-key|auth-token|csrf-token|xsrf-token|amz-security-token)';
/** Such a header in the forms of HTTP, of YAML and of JSON, up to a quote or a bracket. */
const SECRET_HEADER = new RegExp(
  `((?<![\\w-])(?:${SECRET_NAME}))(["']?[ \\t]*[:=][ \\t]*["']?)(?![ \\t"']|\\$\\{)[^"'\\]\\r\\n]+`,
  'gi',
);
/** Such a header as a line of HTTP, up to its end. */
const SECRET_LINE = new RegExp(`^(${SECRET_NAME})(:[ \\t]*)[^\\r\\n]+`, 'gim');

/** The same as {@link withoutSecretHeaders} for HTTP/1.1, where a header ends with its line. */
export function withoutSecretLines(text: string): string {
  return text.replace(SECRET_LINE, `$1$2${HIDDEN}`);
}

/**
 * Hides the values of headers that carry secrets: `Authorization`, `Cookie`, `Set-Cookie`, `X-Api-Key` and alike. A value that is a reference,
 * `${...}`, is shown.
 *
 * @example
 * withoutSecretHeaders('Host: a\r\nCookie: sid=1\r\n'); // 'Host: a\r\nCookie: ***\r\n'
 */
export function withoutSecretHeaders(text: string): string {
  return text.replace(SECRET_HEADER, `$1$2${HIDDEN}`);
}

/** Values that are shown: short ones, numbers of up to 7 digits with or without a unit, `true` and `false`. */
const HARMLESS = /^(?:.{0,3}|[+-]?\d{1,7}(?:\.\d{1,7})?[a-z]{0,3}|true|false)$/i;
/** The largest number of causes of an error that are redacted. */
const MAX_DEPTH = 16;

/** The forms of a value in a text: as it is, in JSON, and escaped in an address. */
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
 * Hides secrets in text: the value of `${env:...}` or `${property:...}` is replaced by the reference as it was written,
 * and addresses lose their passwords. No other code decides what is secret.
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

  /** @param secrets Each value to hide, and the text in its place. */
  constructor(secrets: Iterable<readonly [value: string, shown: string]> = []) {
    for (const [value, shown] of secrets) {
      if (HARMLESS.test(value)) continue;
      for (const form of formsOf(value)) if (!this.#written.has(form)) this.#written.set(form, shown);
    }
    const longestFirst = [...this.#written.keys()].sort((a, b) => b.length - a.length);
    const escaped = longestFirst.map((form) => form.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'));
    this.#pattern = escaped.length === 0 ? undefined : new RegExp(escaped.join('|'), 'g');
  }

  /** True when it hides values of references, and not only passwords in addresses. */
  get hidesValues(): boolean {
    return this.#pattern !== undefined;
  }

  /** A text without secrets. */
  text(text: string): string {
    const shown =
      this.#pattern === undefined ? text : text.replace(this.#pattern, (found) => this.#written.get(found) ?? HIDDEN);
    return withoutCredentials(shown);
  }

  /** Plain data and maps without secrets in their texts and keys; other values stay unchanged. */
  data<T>(value: T): T;
  data(value: unknown): unknown {
    if (typeof value === 'string') return this.text(value);
    if (Array.isArray(value)) return value.map((item: unknown) => this.data(item));
    if (typeof value !== 'object' || value === null) return value;
    if (value instanceof Error) return this.error(value);
    if (value instanceof Map) return this.#map(value);
    const prototype = Object.getPrototypeOf(value) as unknown;
    if (prototype !== Object.prototype && prototype !== null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, child]) => [this.text(key), this.data(child as unknown)]),
    );
  }

  /** A log whose lines and fields have no secrets. */
  log(log: Log): Log {
    const line =
      (level: keyof Log) =>
      (message: string, fields?: Record<string, unknown>): void =>
        log[level](this.text(message), this.data(fields));
    return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };
  }

  /** The same error, without secrets in its message, stack, hint and data, nor in those of its causes. */
  error<E>(error: E, depth = 0): E {
    if (!(error instanceof Error) || depth > MAX_DEPTH) return error;
    // Properties such as `path` of a system error are printed with it.
    for (const key of new Set(['message', 'stack', ...Object.keys(error)])) this.#rewrite(error, key);
    if (error.cause instanceof Error) this.error(error.cause, depth + 1);
    if (isElpisError(error)) this.#fields(error, depth);
    return error;
  }

  #map(map: ReadonlyMap<unknown, unknown>): ReadonlyMap<unknown, unknown> {
    const shown = new Map<unknown, unknown>();
    for (const [key, value] of map) {
      const name = this.data(key);
      // Two keys that are equal after redaction stay two keys.
      let unique = name;
      for (let i = 2; shown.has(unique); i++) unique = `${String(name)} (${i})`;
      shown.set(unique, this.data(value));
    }
    return shown;
  }

  #rewrite(error: Error, key: string): void {
    const text: unknown = Reflect.get(error, key);
    const shown = typeof text === 'string' ? this.text(text) : text;
    // A frozen error of the user stays unchanged.
    if (shown !== text) Reflect.set(error, key, shown);
  }

  #fields(error: ElpisError, depth: number): void {
    const fields: Mutable<ElpisError> & { issues?: unknown } = error;
    if (fields.issues !== undefined) fields.issues = this.data(fields.issues);
    for (const other of fields.also ?? []) this.error(other, depth + 1);
  }
}
