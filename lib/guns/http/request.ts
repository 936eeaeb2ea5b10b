import type { Bytes } from '../../core/units.js';
import type { HttpRequest } from '../../protocols/http.js';
import { ResponseHeadCache } from './parser/headCache.js';

/** The bytes of a request; made once per request and gun, then only written. */
export interface EncodedRequest {
  /** Request line, headers and body. */
  readonly bytes: Buffer;
  /** Size of the part before the body. */
  readonly headBytes: Bytes;
  /** True when the response has no body, whatever its headers say. */
  readonly forHead: boolean;
  /** True when the connection is not used again afterwards. */
  readonly close: boolean;
  /** True when it may be sent a second time after a stale connection failed. */
  readonly replayable: boolean;
  /** True when the body waits for 100 Continue. */
  readonly expectsContinue: boolean;
  /** phout's size_out of Pandora's `httptrace.dump`: the request without what the client adds. */
  readonly dumpBytes: Bytes;
  /** The head of its last response; only for a request that was repeated. */
  heads?: ResponseHeadCache;
  /** Why it cannot be sent; empty when it can. The other fields have no meaning then. */
  readonly refusal: string;
}

const TOKEN = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
const CONTROL_BUT_TAB = /[\0-\x08\x0a-\x1f\x7f]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
const CONTROL = /[\0-\x1f\x7f]/;
const CONTROL_OR_SPACE = /[\0-\x20\x7f]/;

/**
 * Why a request cannot be sent without changing its meaning (a line end in a header would start another one), or an empty text
 * when it can.
 */
function invalidRequestReason(request: HttpRequest): string {
  if (request.missingBytes !== undefined)
    return `the body is ${request.missingBytes} bytes shorter than its Content-Length`;
  if (!TOKEN.test(request.method)) return `bad method ${JSON.stringify(request.method)}`;
  if (CONTROL.test(request.target)) return `control character in the target ${JSON.stringify(request.target)}`;
  if (CONTROL_OR_SPACE.test(request.host)) return `bad host ${JSON.stringify(request.host)}`;
  for (const [name, value] of request.headers) {
    if (!TOKEN.test(name)) return `bad header name ${JSON.stringify(name)}`;
    if (CONTROL_BUT_TAB.test(value)) return `control character in the value of the header ${name}`;
  }
  return '';
}

/** What the gun adds to every request. */
export interface EncodeOptions {
  /** For the Host header when the ammo fixes none: the target's host without port or brackets. */
  readonly host: string;
  /** Adds `Connection: close`. */
  readonly disableKeepAlives: boolean;
  /** Adds `Accept-Encoding: gzip` unless the ammo has its own. */
  readonly acceptGzip: boolean;
}

type Headers = HttpRequest['headers'];

/** The User-Agent when the ammo has none: the default of Pandora's library. */
const USER_AGENT = 'Go-http-client/1.1';
/** Ammo headers that are not copied, because the client writes its own. */
const NOT_COPIED = new Set(['host', 'user-agent', 'content-length', 'transfer-encoding', 'trailer']);
const NOT_DUMPED = new Set(['host', 'transfer-encoding', 'trailer']);
const LENGTH_ALWAYS = new Set(['POST', 'PUT', 'PATCH']);
const REPLAYABLE = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);
const NOTHING = Buffer.alloc(0);

function find(headers: Headers, lowerName: string): string | undefined {
  return headers.find(([name]) => name.toLowerCase() === lowerName)?.[1];
}

function hasToken(headers: Headers, lowerName: string, token: string): boolean {
  return headers.some(
    ([name, value]) =>
      name.toLowerCase() === lowerName &&
      value
        .toLowerCase()
        .split(',')
        .some((part) => part.trim() === token),
  );
}

function framing(request: HttpRequest, size: number): string {
  if (request.chunked) return 'Transfer-Encoding: chunked\r\n';
  return size > 0 || LENGTH_ALWAYS.has(request.method) ? `Content-Length: ${size}\r\n` : '';
}

function framedBody(request: HttpRequest, body: Uint8Array): Uint8Array {
  if (!request.chunked) return body;
  if (body.length === 0) return Buffer.from('0\r\n\r\n');
  return Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n0\r\n\r\n')]);
}

function dumpSize(request: HttpRequest, host: string, body: number): number {
  const copied = request.headers.filter(([name]) => !NOT_DUMPED.has(name.toLowerCase()));
  const lines = [`${request.method} ${request.target} HTTP/1.1`, `Host: ${host}`];
  if (request.chunked) lines.push('Transfer-Encoding: chunked');
  if (request.close) lines.push('Connection: close');
  for (const [name, value] of copied) lines.push(`${name}: ${value}`);
  return lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 2, 2) + body;
}

function refused(refusal: string): EncodedRequest {
  const flags = { forHead: false, close: false, replayable: false, expectsContinue: false };
  return { bytes: NOTHING, headBytes: 0, dumpBytes: 0, refusal, ...flags };
}

/**
 * Writes a request the way Go's client does, byte for byte: request line, Host, User-Agent, Content-Length or
 * Transfer-Encoding, the ammo's headers sorted by name, Accept-Encoding, Connection.
 *
 * @example
 * declare const request: HttpRequest;
 * encodeRequest(request, { host: 'localhost', disableKeepAlives: false, acceptGzip: false }).bytes.toString();
 * // 'GET / HTTP/1.1\r\nHost: localhost\r\nUser-Agent: Go-http-client/1.1\r\n\r\n'
 */
export function encodeRequest(request: HttpRequest, options: EncodeOptions): EncodedRequest {
  const refusal = invalidRequestReason(request);
  if (refusal !== '') return refused(refusal);
  const { method, target, headers } = request;
  const host = request.host === '' ? options.host : request.host;
  const body = request.body ?? NOTHING;
  const agent = (find(headers, 'user-agent') ?? USER_AGENT).trim();
  const saysClose = hasToken(headers, 'connection', 'close');
  const close = saysClose || request.close || options.disableKeepAlives;

  let head = `${method} ${target} HTTP/1.1\r\nHost: ${host}\r\n`;
  if (agent !== '') head += `User-Agent: ${agent}\r\n`;
  head += framing(request, body.length);
  const copied = headers.filter(([name]) => !NOT_COPIED.has(name.toLowerCase()));
  copied.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  for (const [name, value] of copied) head += `${name}: ${value.trim()}\r\n`;
  if (options.acceptGzip && find(headers, 'accept-encoding') === undefined) head += 'Accept-Encoding: gzip\r\n';
  if (close && !saysClose) head += 'Connection: close\r\n';
  head += '\r\n';

  const headBuffer = Buffer.from(head);
  const tail = framedBody(request, body);
  return {
    bytes: tail.length === 0 ? headBuffer : Buffer.concat([headBuffer, tail]),
    headBytes: headBuffer.length,
    forHead: method === 'HEAD',
    close,
    replayable: REPLAYABLE.has(method) || find(headers, 'idempotency-key') !== undefined,
    expectsContinue: tail.length > 0 && hasToken(headers, 'expect', '100-continue'),
    dumpBytes: dumpSize(request, host, body.length),
    refusal: '',
  };
}

/** After this many requests without a repetition, the cache assumes that the ammo is different every time. */
const PATIENCE = 100_000;

/**
 * Encoded forms of the requests that a gun has sent. Repeated ammo costs one look-up; ammo that never repeats is detected and
 * costs only its encoding. Entries are weak: a request that is not referenced elsewhere is collected.
 */
export class RequestCache {
  readonly #known = new WeakMap<HttpRequest, EncodedRequest>();
  #last: HttpRequest | undefined;
  #lastEncoded: EncodedRequest | undefined;
  #misses = 0;

  constructor(readonly options: EncodeOptions) {}

  encoded(request: HttpRequest): EncodedRequest {
    if (request === this.#last) return this.#again(this.#lastEncoded as EncodedRequest);
    const found = this.#misses < PATIENCE ? this.#known.get(request) : undefined;
    if (found !== undefined) this.#misses = Number.NEGATIVE_INFINITY;
    const encoded = found ?? this.#encode(request);
    this.#last = request;
    this.#lastEncoded = encoded;
    return found === undefined ? encoded : this.#again(found);
  }

  #again(encoded: EncodedRequest): EncodedRequest {
    encoded.heads ??= new ResponseHeadCache();
    return encoded;
  }

  #encode(request: HttpRequest): EncodedRequest {
    const encoded = encodeRequest(request, this.options);
    if (this.#misses < PATIENCE) this.#known.set(request, encoded);
    this.#misses++;
    return encoded;
  }
}
