import { domainToASCII } from 'node:url';
import type { Bytes } from '../core/units.js';
import type { HttpRequest } from '../protocols/http.js';

const TOKEN = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
const CONTROL_BUT_TAB = /[\0-\x08\x0a-\x1f\x7f]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
const CONTROL = /[\0-\x1f\x7f]/;

/** Legal characters of a Host header, by the table of Go's client. */
const HOST = /^[\w!$%&'()*+,\-.:;=[\]~]*$/;

/** Headers of a request, in order. */
export type RequestHeaders = HttpRequest['headers'];

/** A host as it is sent: international names as punycode, no IPv6 zone, and empty when a character is illegal in a Host header. */
export function wireHost(host: string): string {
  const ascii = /^[\0-\x7f]*$/.test(host) ? host : host.replace(/^[^:]*/, (name) => domainToASCII(name));
  return HOST.test(ascii) ? ascii.replace(/%.*(?=\])/, '') : '';
}

/**
 * The reason that a request cannot be sent without changing its meaning (a line end in a header would start another
 * one), or an empty text.
 */
export function invalidRequestReason(request: HttpRequest): string {
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

/** Index of the first header of that name, -1 when there is none. */
export function headerIndex(headers: RequestHeaders, lowerName: string): number {
  return headers.findIndex(([name]) => name.toLowerCase() === lowerName);
}

/** Value of the first header of that name. */
export function headerValue(headers: RequestHeaders, lowerName: string): string | undefined {
  return headers[headerIndex(headers, lowerName)]?.[1];
}

/** True when a header of that name lists the token. */
export function headerHasToken(headers: RequestHeaders, lowerName: string, token: string): boolean {
  return headers.some(
    ([name, value]) =>
      name.toLowerCase() === lowerName &&
      value
        .toLowerCase()
        .split(',')
        .some((part) => part.trim() === token),
  );
}

const LENGTH_ALWAYS = new Set(['POST', 'PUT', 'PATCH']);

/** True when the Content-Length is sent: always for some methods, otherwise only with a body. */
export function sendsLength(request: HttpRequest, size: Bytes): boolean {
  return !request.chunked && (size > 0 || LENGTH_ALWAYS.has(request.method));
}

const REPLAYABLE = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/** True when a request may be sent a second time although the first may have been processed. */
export function isReplayable({ method, headers }: HttpRequest): boolean {
  return REPLAYABLE.has(method) || headerIndex(headers, 'idempotency-key') >= 0;
}

/** A body as one chunk, with the trailers after it. */
export function chunkedBody(body: Uint8Array, trailers: RequestHeaders = []): Buffer {
  const chunk = body.length === 0 ? [] : [Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n')];
  const lines = trailers.map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([...chunk, Buffer.from(`0\r\n${lines.join('')}\r\n`)]);
}

const NOT_DUMPED = new Set(['host', 'transfer-encoding', 'trailer']);

/** Length of the dump by Go's DumpRequest: the ammo's own headers, and the body in one chunk without trailers. */
export function requestDumpBytes(request: HttpRequest, host: string, body: Uint8Array): Bytes {
  const copied = request.headers.filter(([name]) => !NOT_DUMPED.has(name.toLowerCase()));
  const lines = [`${request.method} ${request.target} HTTP/1.1`, `Host: ${host}`];
  if (request.chunked) lines.push('Transfer-Encoding: chunked');
  for (const [name, value] of copied) lines.push(`${name}: ${value}`);
  const framed = request.chunked ? chunkedBody(body) : body;
  return lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 2, 2) + framed.length;
}
