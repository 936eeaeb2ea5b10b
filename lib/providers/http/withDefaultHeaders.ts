import type { Header } from './header.js';

/** What a request's own headers and the config make together. */
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
