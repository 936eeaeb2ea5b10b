import { parseHeader, type Header as WrittenHeader } from '../../codec/net.js';
import { canonicalName } from '../../protocols/headerName.js';
import type { HttpRequest } from '../../protocols/http.js';

/** A header: its canonical name and its value. */
export type Header = readonly [name: string, value: string];

/** A header as it is sent: with the canonical form of its name. */
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
  /** Value of the winning Host header; empty when there is none. */
  readonly host: string;
  readonly headers: HttpRequest['headers'];
}

/** The most names that the header lines of a file may set, because every request after them carries all of them. */
const MAX_HEADERS = 1000;
/** The issue of a header line that {@link HeaderFile.add} refuses. */
export const TOO_MANY_HEADERS = `is one header too many: ${MAX_HEADERS} names are set`;
/** The hint. */
export const MAX_HEADERS_HINT =
  'every request after a header line carries it; use http/json for headers of one request';

/**
 * The headers in force at a place of a uri or uripost file: header lines add up, the same name replaces the former value,
 * and the headers of the config win over them all (of a repeated one only the last value counts).
 */
export class HeaderFile {
  readonly #config: ReadonlyMap<string, string>;
  readonly #lines = new Map<string, string>();
  #inForce: HeadersInForce | undefined;

  constructor(config: readonly Header[]) {
    this.#config = new Map(config);
  }

  /** Sets a header for what follows. @returns False when it would be one name too many, and so is not set. */
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
  /** The Host that won, empty when there is none. */
  readonly host: string;
  /** All but Host. */
  readonly headers: readonly Header[];
}

/**
 * Adds the headers of the config that a request does not have itself, every value of a repeated one. An empty Host counts
 * as none.
 *
 * @param host The request's own host, which wins over all others.
 */
export function withDefaultHeaders(host: string, own: readonly Header[], config: readonly Header[]): MergedHeaders {
  if (config.length === 0 && !own.some(([name]) => name === 'Host')) return { host, headers: own };
  const written = own.filter(([name, value]) => name !== 'Host' || value !== '');
  const names = new Set(written.map(([name]) => name));
  const all = [...written, ...config.filter(([name]) => !names.has(name))];
  const winner = host === '' ? (all.find(([name]) => name === 'Host')?.[1] ?? '') : host;
  return { host: winner, headers: all.filter(([name]) => name !== 'Host') };
}
