import type { Header } from '../../codec/net.js';
import { withoutCredentials } from '../../core/redact.js';
import type { Bytes } from '../../core/units.js';

/** A request to a receiver. */
export interface PostRequest {
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  readonly signal: AbortSignal;
}

/** A response with a longer body is a failure, so that a receiver cannot fill the memory. */
const MAX_RESPONSE: Bytes = 65_536;

/** The largest part of a response that becomes part of a message. */
const MAX_SHOWN = 200;

/** Header lines of a config as a map. */
export function headerMap(headers: readonly Header[]): Readonly<Record<string, string>> {
  return Object.fromEntries(headers.map(({ name, value }) => [name, value]));
}

/** Sends a request by node-fetch. Rejects for a status other than 2xx, with the begin of the response. Redirects are not followed, because they would lead secrets elsewhere. */
export async function post({ url, headers = {}, body, signal }: PostRequest): Promise<void> {
  const { default: fetch } = await import('node-fetch');
  const plain = new URL(url);
  const { username, password } = plain;
  plain.username = plain.password = '';
  const credentials =
    username === '' && password === ''
      ? {}
      : {
          Authorization: `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`,
        };
  const response = await fetch(plain, {
    method: 'POST',
    headers: { ...credentials, ...headers },
    body: Buffer.from(body),
    signal,
    redirect: 'manual',
    size: MAX_RESPONSE,
  });
  const text = await response.text();
  if (response.ok) return;
  throw new Error(`status ${response.status}${text === '' ? '' : `: ${text.slice(0, MAX_SHOWN).trim()}`}`);
}

/** An address for messages, without user and password. */
export const shownUrl = (url: URL): string => withoutCredentials(String(url));
