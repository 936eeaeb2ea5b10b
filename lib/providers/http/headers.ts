import { parseHeader, type Header as WrittenHeader } from '../../codec/net.js';
import { canonicalName } from '../../protocols/headerName.js';
import type { HttpRequest } from '../../protocols/http.js';

/** A header: its canonical name and its value. */
export type Header = readonly [name: string, value: string];

/** A header with the canonical form of its name, in which it is sent. */
export function canonicalHeader({ name, value }: WrittenHeader): Header {
  return [canonicalName(name), value];
}

/**
 * Reads a header line of an ammo file, `[Name: value]`.
 *
 * @returns undefined when it is not a header line.
 * @see parseHeader in lib/codec/net.ts for the syntax.
 * @example
 * parseHeaderLine('[x-api-key: 1]'); // ['X-Api-Key', '1']
 */
export function parseHeaderLine(line: string): Header | undefined {
  const header = parseHeader(line);
  return header === undefined ? undefined : canonicalHeader(header);
}

/** The effect of the headers on the following requests. */
export interface HeadersInForce {
  /** The value of the Host header that applies; empty when there is none. */
  readonly host: string;
  readonly headers: HttpRequest['headers'];
}

/**
 * The largest number of names that the header lines of a file may set, because all following requests have these
 * headers.
 */
const MAX_HEADERS = 1000;
/** The issue of a header line that {@link HeaderFile.add} refuses. */
export const TOO_MANY_HEADERS = `is one header too many: ${MAX_HEADERS} names are set`;
/** The hint. */
export const MAX_HEADERS_HINT =
  'a header line applies to all requests after it; use http/json for headers of single requests';

/**
 * The headers that apply at a place of a uri or uripost file. Header lines accumulate, and a repeated name replaces the
 * earlier value. Headers of the config have priority over them; of a repeated one the last value applies.
 */
export class HeaderFile {
  readonly #config: ReadonlyMap<string, string>;
  readonly #lines = new Map<string, string>();
  #inForce: HeadersInForce | undefined;

  constructor(config: readonly Header[]) {
    this.#config = new Map(config);
  }

  /**
   * Sets a header for the following requests. @returns False, without setting it, when there would be too many names.
   */
  add([name, value]: Header): boolean {
    if (this.#lines.size >= MAX_HEADERS && !this.#lines.has(name)) return false;
    this.#lines.set(name, value);
    this.#inForce = undefined;
    return true;
  }

  /** The same object until a header line changes it. */
  get inForce(): HeadersInForce {
    this.#inForce ??= this.#merge();
    return this.#inForce;
  }

  #merge(): HeadersInForce {
    const merged = new Map([...this.#lines, ...this.#config]);
    const host = merged.get('Host') ?? '';
    merged.delete('Host');
    return { host, headers: [...merged] };
  }
}

/** The headers of a request merged with those of the config. */
export interface MergedHeaders {
  /** The Host header that applies; empty when there is none. */
  readonly host: string;
  /** All headers except Host. */
  readonly headers: readonly Header[];
}

/**
 * Adds the headers of the config that the request does not have, with all values of a repeated one. An empty Host is
 * the same as none.
 *
 * @param host The request's own host, which has priority.
 */
export function withDefaultHeaders(host: string, own: readonly Header[], config: readonly Header[]): MergedHeaders {
  if (config.length === 0 && !own.some(([name]) => name === 'Host')) return { host, headers: own };
  const written = own.filter(([name, value]) => name !== 'Host' || value !== '');
  const names = new Set(written.map(([name]) => name));
  const all = [...written, ...config.filter(([name]) => !names.has(name))];
  const winner = host === '' ? (all.find(([name]) => name === 'Host')?.[1] ?? '') : host;
  return { host: winner, headers: all.filter(([name]) => name !== 'Host') };
}
