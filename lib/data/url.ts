import type { Codec } from '../codec/issue.js';
import { scalar } from '../codec/scalars.js';
import { required, struct } from '../codec/struct.js';
import type { DataSource } from '../core/data.js';
import { defined } from '../core/defined.js';
import { ElpisError } from '../core/errors.js';
import { component } from '../plugin/component.js';
import { readable } from './readable.js';

async function get(url: string, signal: AbortSignal | undefined): Promise<AsyncIterable<Uint8Array>> {
  // Loaded when it is used: most runs read files.
  const { default: fetch } = await import('node-fetch');
  const response = await fetch(url, defined({ signal }));
  if (!response.ok || response.body === null) {
    const body = response.body as (AsyncIterable<Uint8Array> & { destroy?: () => void }) | null;
    body?.destroy?.();
    throw new ElpisError('ELPIS_SOURCE', `${url}: answered ${response.status} ${response.statusText}`.trimEnd(), {
      hint: 'open the address in a browser; a status of 200 is needed',
    });
  }
  return response.body as AsyncIterable<Uint8Array>;
}

/** What an http(s) address responds with, unpacked when it is packed with gzip; asked for anew at each pass. Follows redirects. */
export function sourceOfUrl(url: string): DataSource {
  return {
    name: url,
    rereadable: true,
    open: (signal) => readable(() => get(url, signal), { name: url, hint: () => 'check the address and the network' }),
  };
}

/** An absolute http or https URL. */
const webAddress: Codec<string, string> = scalar(
  {
    name: 'an address such as https://example.org/ammo.uri',
    schema: { type: 'string', pattern: '^[hH][tT][tT][pP][sS]?:' },
  },
  (url) => {
    if (typeof url !== 'string') return { code: 'wrong-type' };
    const right = URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
    return right ? { value: url } : { code: 'bad-url', hint: 'it starts with http:// or https://' };
  },
);

/** The `url` source: a web address. @example urlSource({ url: 'http://localhost/ammo' }) */
export const urlSource = component({
  kind: 'source',
  name: 'url',
  summary: 'Reads what an http or https address responds with.',
  example: { url: 'https://example.org/ammo.uri' },
  options: struct('url source', {
    /** The address. */
    url: required(webAddress, 'the address'),
  }),
  create: ({ url }) => sourceOfUrl(url),
  describe: ({ url }) => url,
});
