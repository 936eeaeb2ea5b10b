import type { HttpRequest } from '../../protocols/httpRequest.js';
import type { Header } from './header.js';

/** What the headers fix for the requests that follow them. */
export interface HeadersInForce {
  /** Value of the winning Host header; empty when there is none. */
  readonly host: string;
  readonly headers: HttpRequest['headers'];
}

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

  add([name, value]: Header): void {
    this.#lines.set(name, value);
    this.#inForce = undefined;
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
