import fetch from 'node-fetch';
import type { DataSource } from '../core/data.js';
import { ElpisError } from '../core/errors.js';
import { readable } from './readable.js';

async function get(url: string, signal: AbortSignal | undefined): Promise<AsyncIterable<Uint8Array>> {
  const response = await fetch(url, signal === undefined ? {} : { signal });
  if (!response.ok || response.body === null) {
    const body = response.body as (AsyncIterable<Uint8Array> & { destroy?: () => void }) | null;
    body?.destroy?.();
    throw new ElpisError('ELPIS_SOURCE', `${url}: answered ${response.status} ${response.statusText}`.trimEnd(), {
      hint: 'open the address in a browser; a status of 200 is needed',
    });
  }
  return response.body as AsyncIterable<Uint8Array>;
}

/** What an http(s) address answers, unpacked when it is packed with gzip; asked for anew at each pass. Follows redirects. */
export function urlSource(url: string): DataSource {
  return {
    name: url,
    rereadable: true,
    open: (signal) => readable(() => get(url, signal), { name: url, hint: () => 'check the address and the network' }),
  };
}
