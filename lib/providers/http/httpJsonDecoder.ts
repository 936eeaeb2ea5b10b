import { Buffer } from 'node:buffer';
import { JsonDecoder } from '../json/jsonDecoder.js';
import { ammoError } from '../reading/ammoError.js';
import { excerpt } from '../reading/excerpt.js';
import type { Decoding } from './decoding.js';
import type { HttpRow } from './httpRow.js';
import { jsonStart } from './jsonStart.js';
import { parseUrl, type RequestUrl } from './parseUrl.js';
import { type HttpItem, readHttpItem } from './readHttpItem.js';
import { withDefaultHeaders } from './withDefaultHeaders.js';
import { withoutEmptyPort } from './withoutEmptyPort.js';

const TOKEN = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/;
const PLAIN_HOST = /^[\dA-Za-z.-]*(?::\d+)?$/;
const NEWLINE = 10;

/** The URL `http://` + host + uri, literally. */
function urlOf(host: string, uri: string): RequestUrl | string {
  if (!uri.startsWith('/') || uri.startsWith('//') || !PLAIN_HOST.test(host)) {
    const url = parseUrl(`http://${host}${uri}`, 'reference');
    return typeof url === 'string' ? url : { ...url, host: withoutEmptyPort(url.host) };
  }
  const url = parseUrl(uri, 'reference');
  if (typeof url === 'string') return url;
  return host === '' ? url : { target: url.target, path: url.path, host };
}

/**
 * Decodes the `http/json` format: JSON objects with the fields host, method, uri, headers, tag and body, one after
 * another or in one list. What follows the list is ignored.
 */
export class HttpJsonDecoder extends JsonDecoder<HttpRow> {
  #started = false;

  constructor(protected override readonly decoding: Decoding) {
    super(decoding);
  }

  override push(chunk: Uint8Array, rows: HttpRow[]): void {
    super.push(this.#started ? chunk : this.#start(chunk), rows);
  }

  override end(rows: HttpRow[]): void {
    if (!this.#started) this.#refuse('empty-file', 'there is nothing in it');
    super.end(rows);
  }

  /** Looks at what the first character that is not blank opens. */
  #start(chunk: Uint8Array): Uint8Array {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const start = jsonStart(bytes);
    if (start.kind === 'blank') return chunk;
    this.#started = true;
    if (start.kind === 'bad-json' || start.kind === 'not-object-or-array') {
      this.#refuse(start.kind, `it begins with ${excerpt(bytes.toString('utf8', start.at, start.at + 40))}`);
    }
    if (start.kind === 'object') return chunk;
    const { scanner } = this.values;
    for (let at = bytes.indexOf(NEWLINE); at >= 0 && at < start.at; at = bytes.indexOf(NEWLINE, at + 1)) scanner.line++;
    scanner.enterList();
    return bytes.subarray(start.at + 1);
  }

  #refuse(kind: 'empty-file' | 'bad-json' | 'not-object-or-array', message: string): never {
    const hint = 'it must hold JSON objects, one after another or in one list';
    throw ammoError(kind, `${this.decoding.name}: ${message}`, { hint });
  }

  protected row(value: unknown, text: Buffer, line: number, rows: HttpRow[]): boolean {
    const item = readHttpItem(value);
    if (typeof item === 'string') return this.badJson(text, line, item);
    const place = `${this.decoding.name}:${line}`;
    if (item.method !== '' && !TOKEN.test(item.method)) {
      this.decoding.troubles.bad('bad-method', `${place}: bad method ${excerpt(item.method)}`, 'such as GET or POST');
      return false;
    }
    const url = urlOf(item.host, item.uri);
    if (typeof url === 'string') {
      const written = excerpt(`http://${item.host}${item.uri}`);
      this.decoding.troubles.bad('bad-uri', `${place}: ${written} is no URL`, url);
      return false;
    }
    rows.push(this.#build(item, url));
    return true;
  }

  #build({ method, body, tag, headers: own }: HttpItem, url: RequestUrl): HttpRow {
    const { host, headers } = withDefaultHeaders(url.host, own, this.decoding.headers);
    const { path } = url;
    const target = method === 'CONNECT' && path === '' && host !== '' ? host : url.target;
    const bytes = body === '' ? null : Buffer.from(body);
    const verb = method === '' ? 'GET' : method;
    const request = { method: verb, target, path, host, headers, body: bytes, close: false, chunked: false };
    return { tag, request, problem: undefined };
  }
}
