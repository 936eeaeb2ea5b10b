import type { Header } from '../../codec/net.js';
import { withoutCredentials } from '../../core/redact.js';
import type { Bytes } from '../../core/units.js';
import { RefusedError } from './deliver.js';

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

/** With these, the receiver says that the request itself is wrong or too large: the same one is never accepted. */
const REFUSING: ReadonlySet<number> = new Set([400, 413, 422]);

/** Header lines of a config as a map. */
export function headerMap(headers: readonly Header[]): Readonly<Record<string, string>> {
  return Object.fromEntries(headers.map(({ name, value }) => [name, value]));
}

/**
 * Sends a request by node-fetch. Rejects for a status other than 2xx, with the begin of the response, and for 400, 413 and 422 with a
 * {@link RefusedError}. Redirects are not followed, because they would lead secrets elsewhere.
 */
export async function post({ url, headers = {}, body, signal }: PostRequest): Promise<void> {
  const { default: fetch } = await import('node-fetch');
  // With a signal that is aborted already, node-fetch emits an error that nothing can catch.
  signal.throwIfAborted();
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
  const message = `status ${response.status}${text === '' ? '' : `: ${text.slice(0, MAX_SHOWN).trim()}`}`;
  throw REFUSING.has(response.status) ? new RefusedError(message) : new Error(message);
}

/** An address for messages, without user and password. */
export const shownUrl = (url: URL): string => withoutCredentials(String(url));
