import { Buffer, isUtf8 } from 'node:buffer';
import { defined } from '../../core/defined.js';
import { excerpt } from '../../core/errorContext.js';
import type { Bytes } from '../../core/units.js';
import { canonicalName } from '../../protocols/headerName.js';
import type { HttpRequest, HttpTrailers } from '../../protocols/http.js';
import { parseUrl, type RequestUrl } from '../../protocols/requestUrl.js';
import { type Header, withDefaultHeaders } from './headers.js';

const NEWLINE = 10;
const SIZE = /^([\da-f]{1,8})[ \t]*(?:;|$)/i;

/** A body joined from its chunks. */
export interface ChunkedBody {
  readonly body: Buffer;
  /** The lines after the last chunk. */
  readonly trailers: readonly Header[];
  /** The error in the chunks; the body is then that before the error. */
  readonly problem: string | undefined;
}

const FORBIDDEN_TRAILERS = new Set(['Transfer-Encoding', 'Trailer', 'Content-Length']);

/**
 * The trailers that a Trailer header announces, and those that came, by the rules of Go's client; or the error in them.
 */
function trailersOf(announced: readonly string[], came: readonly Header[]): HttpTrailers | string {
  const names = announced.flatMap((value) => value.split(',')).map((name) => canonicalName(name.trim()));
  const wanted = names.filter((name) => name !== '');
  const forbidden = wanted.find((name) => FORBIDDEN_TRAILERS.has(name));
  if (forbidden !== undefined) return `${forbidden} cannot be a trailer`;
  const all = new Set([...wanted, ...came.map(([name]) => name)]);
  return { names: [...all].sort(), values: came.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)) };
}

/** Removes the chunked transfer coding of a body (RFC 9112, 7.1). Chunk extensions are dropped. */
function decodeChunked(bytes: Buffer): ChunkedBody {
  const parts: Buffer[] = [];
  const broken = (problem: string): ChunkedBody => ({ body: Buffer.concat(parts), trailers: [], problem });
  let at = 0;
  for (;;) {
    const end = bytes.indexOf(NEWLINE, at);
    if (end < 0) return broken('the chunked body is cut off');
    const match = SIZE.exec(bytes.toString('latin1', at, end).trimEnd());
    if (match === null) return broken('a chunk of the body has no size');
    const size = Number.parseInt(match[1] as string, 16);
    if (size === 0) {
      const trailers = headersOf(bytes.toString('utf8', end + 1).split('\n'));
      if (typeof trailers === 'string') return broken(trailers);
      return { body: Buffer.concat(parts), trailers, problem: undefined };
    }
    const chunkEnd = end + 1 + size;
    if (chunkEnd > bytes.length) return broken('the chunked body is cut off');
    parts.push(bytes.subarray(end + 1, chunkEnd));
    at = chunkEnd;
    if (bytes[at] === 13) at++;
    if (bytes[at] !== NEWLINE) return broken('a chunk of the body is longer than its size');
    at++;
  }
}

function escaped(field: string): string {
  return field.replaceAll(/[\x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`);
}

/**
 * The text of a line, trimmed. When it is not UTF-8 (another code page), bytes beyond ASCII in its URI are
 * percent-encoded, so that they reach the target unchanged. Elsewhere they are decoded as UTF-8, with replacement
 * characters.
 *
 * @param uriField The index of the field that is the URI, from 0. Fields are separated by single spaces.
 */
export function lineText(bytes: Buffer, uriField: number): string {
  if (isUtf8(bytes)) return bytes.toString().trim();
  const fields = bytes.toString('latin1').trim().split(' ');
  const isHeader = fields[0]?.startsWith('[') === true;
  return fields
    .map((field, i) => (i === uriField && !isHeader ? escaped(field) : Buffer.from(field, 'latin1').toString()))
    .join(' ');
}

/** The head of a message. */
export interface Head {
  readonly first: string;
  readonly headers: Header[];
  /** Offset of the first byte after the blank line. */
  readonly end: number;
}

const CRLF_CRLF = '\r\n\r\n';
/** The longest head of a request, far above the limits of servers. */
const MAX_HEAD_SIZE: Bytes = 1024 * 1024;

/** Offset after the blank line that ends the head; lines may end in CR LF or LF. */
function endOf(bytes: Buffer): number {
  const crlf = bytes.indexOf(CRLF_CRLF);
  const limit = crlf < 0 ? bytes.length : crlf + 4;
  const head = bytes.subarray(0, limit);
  const bare = head.indexOf('\n\n');
  const mixed = head.indexOf('\n\r\n');
  const ends = [bare < 0 ? undefined : bare + 2, mixed < 0 ? undefined : mixed + 3].filter((end) => end !== undefined);
  return ends.length === 0 ? -1 : Math.min(...ends);
}

/** Reads the first line and the headers of a message, and joins folded lines. Returns the error as text. */
function parseHead(bytes: Buffer): Head | string {
  const end = endOf(bytes.subarray(0, MAX_HEAD_SIZE));
  if (end < 0) {
    return bytes.length > MAX_HEAD_SIZE
      ? `its head is longer than ${MAX_HEAD_SIZE} bytes`
      : 'there is no blank line after the headers';
  }
  const lines = bytes.toString('utf8', 0, end).split('\n');
  const firstEnd = bytes.indexOf('\n');
  const plain = isUtf8(bytes.subarray(0, firstEnd));
  const first = plain ? (lines[0] as string).replace(/\r$/, '') : lineText(bytes.subarray(0, firstEnd), 1);
  const headers = headersOf(lines.slice(1));
  return typeof headers === 'string' ? headers : { first, headers, end };
}

/** Reads header lines up to an empty one or the end, and joins folded lines. Returns the error as text. */
function headersOf(lines: readonly string[]): Header[] | string {
  // A name and the lines of its value, which are joined at the end.
  const fields: (readonly [name: string, value: string[]])[] = [];
  for (const line of lines) {
    if (line === '' || line === '\r') break;
    if (line.startsWith(' ') || line.startsWith('\t')) {
      const last = fields.at(-1);
      if (last === undefined) return 'the first header starts with a blank';
      last[1].push(line.trim());
      continue;
    }
    const colon = line.indexOf(':');
    if (colon < 0) return `the header line ${excerpt(line.trim())} has no colon`;
    if (colon > 0) fields.push([canonicalName(line.slice(0, colon)), [line.slice(colon + 1).trim()]]);
  }
  return fields.map(([name, value]): Header => [name, value.join(' ').trim()]);
}

const TOKEN = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/;
const VERSION = /^HTTP\/(\d)\.(\d)$/;

/** The version of HTTP. */
interface Version {
  /** True for HTTP/1.1 and later. */
  readonly modern: boolean;
  /** True for a version before 1.0. */
  readonly ancient: boolean;
}

const HTTP_1_1: Version = { modern: true, ancient: false };

function versionOf(text: string): Version | undefined {
  if (text === 'HTTP/1.1') return HTTP_1_1;
  const match = VERSION.exec(text);
  if (match === null) return undefined;
  const [major, minor] = [Number(match[1]), Number(match[2])];
  return { modern: major > 1 || (major === 1 && minor >= 1), ancient: major < 1 };
}

/** The first line of a request. */
export interface RequestLine extends Version {
  readonly method: string;
  readonly url: RequestUrl;
}

/** Reads `METHOD TARGET VERSION`, or returns the error as text. */
export function parseRequestLine(line: string): RequestLine | string {
  const methodEnd = line.indexOf(' ');
  const targetEnd = methodEnd < 0 ? -1 : line.indexOf(' ', methodEnd + 1);
  if (targetEnd < 0) return 'the first line is not METHOD TARGET VERSION';
  const method = line.slice(0, methodEnd);
  const target = line.slice(methodEnd + 1, targetEnd);
  const version = versionOf(line.slice(targetEnd + 1));
  if (!TOKEN.test(method)) return `bad method ${excerpt(method)}`;
  if (version === undefined)
    return 'the first line does not end in a version such as HTTP/1.1; a space in the target is %20';
  const authorityOnly = method === 'CONNECT' && !target.startsWith('/');
  const url = parseUrl(authorityOnly ? `http://${target}` : target, 'request-line');
  if (typeof url === 'string') return url;
  return { method, url, modern: version.modern, ancient: version.ancient };
}

/** A request, and the reason why it cannot be sent, if there is one. */
export interface RawRequest {
  readonly request: HttpRequest;
  readonly problem: string | undefined;
}

interface Body {
  readonly body: Buffer | null;
  readonly chunked: boolean;
  readonly trailers?: HttpTrailers;
  /** Headers that the framing replaces. */
  readonly dropped: readonly string[];
  readonly problem: string | undefined;
  /** The number of bytes by which the body is shorter than its Content-Length. */
  readonly missingBytes?: number;
}

const NUMBER = /^\d+$/;

function valuesOf(headers: readonly Header[], name: string): string[] {
  return headers.filter((header) => header[0] === name).map(([, value]) => value);
}

/** True when one of the lists has the token, in any case. */
export function hasToken(values: readonly string[], token: string): boolean {
  return values.some((value) => value.split(',').some((part) => part.trim().toLowerCase() === token));
}

/** The body as the headers frame it. Bytes after it are dropped, and so is a body without framing headers. */
function bodyOf(rest: Buffer, headers: readonly Header[], modern: boolean): Body | string {
  const codings = valuesOf(headers, 'Transfer-Encoding');
  if (codings.length > 0 && modern) {
    if (codings.length > 1 || codings[0]?.toLowerCase() !== 'chunked') return 'its transfer encoding is not chunked';
    const { body, trailers: came, problem } = decodeChunked(rest);
    const trailers = trailersOf(valuesOf(headers, 'Trailer'), came);
    if (typeof trailers === 'string') return trailers;
    const dropped = ['Transfer-Encoding', 'Content-Length', 'Trailer'];
    const any = trailers.names.length > 0 ? { trailers } : {};
    return { body: body.length === 0 ? null : body, chunked: true, ...any, dropped, problem };
  }
  const dropped = ['Transfer-Encoding', 'Trailer'];
  const lengths = new Set(valuesOf(headers, 'Content-Length'));
  if (lengths.size > 1) return 'it has more than one Content-Length';
  const [length = ''] = lengths;
  if (length === '') return { body: null, chunked: false, dropped: [...dropped, 'Content-Length'], problem: undefined };
  if (!NUMBER.test(length)) return `bad Content-Length ${excerpt(length)}`;
  const body = rest.subarray(0, Number(length));
  const missingBytes = Number(length) - body.length;
  return { body: body.length === 0 ? null : body, chunked: false, dropped, problem: undefined, missingBytes };
}

/** `Pragma: no-cache` means `Cache-Control: no-cache` (RFC 9111, 5.4), which Pandora also sends then. */
function withCacheControl(headers: readonly Header[]): readonly Header[] {
  const asked = headers.find(([name]) => name === 'Pragma')?.[1] === 'no-cache';
  const said = headers.some(([name]) => name === 'Cache-Control');
  return asked && !said ? [...headers, ['Cache-Control', 'no-cache']] : headers;
}

/** Drops headers that the framing replaces, and all but the first of several equal Content-Length lines. */
function keptHeaders(headers: readonly Header[], dropped: readonly string[]): readonly Header[] {
  const first = headers.findIndex(([name]) => name === 'Content-Length');
  return headers.filter(([name], index) => !dropped.includes(name) && (name !== 'Content-Length' || index === first));
}

/**
 * Reads an HTTP/1.x request as a server does, or returns the error as text. The rules are those of
 * https://pkg.go.dev/net/http#ReadRequest, as Pandora uses them.
 *
 * @param defaults Headers for requests that have no header of that name.
 */
export function parseRawRequest(bytes: Buffer, defaults: readonly Header[]): RawRequest | string {
  const head = parseHead(bytes);
  if (typeof head === 'string') return head;
  const line = parseRequestLine(head.first);
  if (typeof line === 'string') return line;
  const { method, url, modern, ancient } = line;
  const body = bodyOf(bytes.subarray(head.end), head.headers, modern);
  if (typeof body === 'string') return body;
  const connection = valuesOf(head.headers, 'Connection');
  const kept = keptHeaders(head.headers, body.dropped);
  const { host, headers } = withDefaultHeaders(url.host, withCacheControl(kept), defaults);
  const close = ancient || hasToken(connection, 'close') || (!modern && !hasToken(connection, 'keep-alive'));
  const target = method === 'CONNECT' && url.path === '' && host !== '' ? host : url.target;
  const short = (body.missingBytes ?? 0) > 0 ? { missingBytes: body.missingBytes as number } : {};
  const fixed = { method, target, path: url.path, host, headers, close };
  const trailers = defined({ trailers: body.trailers });
  const request = { ...fixed, body: body.body, chunked: body.chunked, ...trailers, ...short };
  return { request, problem: body.problem };
}

/** The number of line ends in `bytes` between two offsets. */
export function countLines(bytes: Buffer, from: number, to: number): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE, from); at >= 0 && at < to; at = bytes.indexOf(NEWLINE, at + 1)) count++;
  return count;
}
