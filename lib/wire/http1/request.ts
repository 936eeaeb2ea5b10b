import { domainToASCII } from 'node:url';
import type { Bytes } from '../../core/units.js';
import type { HttpRequest } from '../../protocols/http.js';
import type { ResponseHeadCache } from './parser/headCache.js';

/** The bytes of a request; encoded once per request and gun. */
export interface EncodedRequest {
  /** Request line, headers and body. */
  readonly bytes: Buffer;
  /** Size of the part before the body. */
  readonly headBytes: Bytes;
  /** True when the response has no body, for any headers. */
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
  /** The reason that it cannot be sent; empty when it can. With a reason, the other fields have no meaning. */
  readonly refusal: string;
}

const TOKEN = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
const CONTROL_BUT_TAB = /[\0-\x08\x0a-\x1f\x7f]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
const CONTROL = /[\0-\x1f\x7f]/;

/** Legal characters of a Host header, by the table of Go's client. */
const HOST = /^[\w!$%&'()*+,\-.:;=[\]~]*$/;

/** A host as it is sent: international names as punycode, no IPv6 zone, and empty when a character is illegal in a Host header. */
function wireHost(host: string): string {
  const ascii = /^[\0-\x7f]*$/.test(host) ? host : host.replace(/^[^:]*/, (name) => domainToASCII(name));
  return HOST.test(ascii) ? ascii.replace(/%.*(?=\])/, '') : '';
}

/**
 * The reason that a request cannot be sent without changing its meaning (a line end in a header would start another
 * one), or an empty text.
 */
function invalidRequestReason(request: HttpRequest): string {
  if (request.missingBytes !== undefined)
    return `the body is ${request.missingBytes} bytes shorter than its Content-Length`;
  if (!TOKEN.test(request.method)) return `bad method ${JSON.stringify(request.method)}`;
  if (CONTROL.test(request.target)) return `control character in the target ${JSON.stringify(request.target)}`;
  for (const [name, value] of [...request.headers, ...(request.trailers?.values ?? [])]) {
    if (!TOKEN.test(name)) return `bad header name ${JSON.stringify(name)}`;
    if (CONTROL_BUT_TAB.test(value)) return `control character in the value of the header ${name}`;
  }
  return '';
}

/** The parts that the gun adds to every request. */
export interface EncodeOptions {
  /** Default of the Host header: the target's host without port or brackets. */
  readonly host: string;
  /** Adds `Connection: close`. */
  readonly disableKeepAlives: boolean;
  /** Adds `Accept-Encoding: gzip` unless the ammo has its own. */
  readonly acceptGzip: boolean;
}

type Headers = HttpRequest['headers'];

/** The User-Agent when the ammo has none: the default of Pandora's library. */
const USER_AGENT = 'Go-http-client/1.1';
const CLOSE = 'Connection: close\r\n';
/** Ammo headers that are not copied, because the client writes its own. */
const NOT_COPIED = new Set(['host', 'user-agent', 'content-length', 'transfer-encoding', 'trailer']);
const NOT_DUMPED = new Set(['host', 'transfer-encoding', 'trailer']);
const LENGTH_ALWAYS = new Set(['POST', 'PUT', 'PATCH']);
const REPLAYABLE = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);
const NOTHING = Buffer.alloc(0);

function nameIndex(headers: Headers, lowerName: string): number {
  return headers.findIndex(([name]) => name.toLowerCase() === lowerName);
}

function find(headers: Headers, lowerName: string): string | undefined {
  return headers[nameIndex(headers, lowerName)]?.[1];
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
  if (!request.chunked) return size > 0 || LENGTH_ALWAYS.has(request.method) ? `Content-Length: ${size}\r\n` : '';
  const announced = request.trailers?.names.join(',') ?? '';
  return `Transfer-Encoding: chunked\r\n${announced === '' ? '' : `Trailer: ${announced}\r\n`}`;
}

/** A body as one chunk, with the trailers after it. */
function chunkedBody(body: Uint8Array, trailers: Headers = []): Buffer {
  const chunk = body.length === 0 ? [] : [Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n')];
  const lines = trailers.map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([...chunk, Buffer.from(`0\r\n${lines.join('')}\r\n`)]);
}

/** Length of the dump by Go's DumpRequest: the ammo's own headers, and the body in one chunk without trailers. */
function dumpSize(request: HttpRequest, host: string, body: Uint8Array): number {
  const copied = request.headers.filter(([name]) => !NOT_DUMPED.has(name.toLowerCase()));
  const lines = [`${request.method} ${request.target} HTTP/1.1`, `Host: ${host}`];
  if (request.chunked) lines.push('Transfer-Encoding: chunked');
  for (const [name, value] of copied) lines.push(`${name}: ${value}`);
  const framed = request.chunked ? chunkedBody(body) : body;
  return lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 2, 2) + framed.length;
}

function refused(refusal: string): EncodedRequest {
  const flags = { forHead: false, close: false, replayable: false, expectsContinue: false };
  return { bytes: NOTHING, headBytes: 0, dumpBytes: 0, refusal, ...flags };
}

/**
 * Writes a request the way Go's client does, byte for byte: request line, Host, User-Agent, `Connection: close` of the ammo,
 * Content-Length or Transfer-Encoding, the ammo's headers sorted by name, Accept-Encoding, and the `Connection: close` of the gun.
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
  const asksToClose = request.close || hasToken(headers, 'connection', 'close');
  const switches = hasToken(headers, 'connection', 'upgrade') && find(headers, 'upgrade') !== undefined;
  const addsClose = options.disableKeepAlives && !asksToClose && !switches;

  let head = `${method} ${target} HTTP/1.1\r\nHost: ${wireHost(host)}\r\n`;
  if (agent !== '') head += `User-Agent: ${agent}\r\n`;
  if (request.close && !hasToken(headers.slice(0, 1 + nameIndex(headers, 'connection')), 'connection', 'close')) {
    head += CLOSE;
  }
  head += framing(request, body.length);
  const copied = headers.filter(([name]) => !NOT_COPIED.has(name.toLowerCase()));
  copied.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  for (const [name, value] of copied) head += `${name}: ${value.trim()}\r\n`;
  if (options.acceptGzip && find(headers, 'accept-encoding') === undefined) head += 'Accept-Encoding: gzip\r\n';
  if (addsClose) head += CLOSE;
  head += '\r\n';

  const headBuffer = Buffer.from(head);
  const tail = request.chunked ? chunkedBody(body, request.trailers?.values) : body;
  return {
    bytes: tail.length === 0 ? headBuffer : Buffer.concat([headBuffer, tail]),
    headBytes: headBuffer.length,
    forHead: method === 'HEAD',
    close: asksToClose || options.disableKeepAlives,
    replayable: REPLAYABLE.has(method) || find(headers, 'idempotency-key') !== undefined,
    expectsContinue: tail.length > 0 && hasToken(headers, 'expect', '100-continue'),
    dumpBytes: dumpSize(request, host, body),
    refusal: '',
  };
}
