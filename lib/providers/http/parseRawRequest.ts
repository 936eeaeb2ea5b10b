import type { Buffer } from 'node:buffer';
import type { HttpRequest } from '../../protocols/httpRequest.js';
import { decodeChunked } from './decodeChunked.js';
import type { Header } from './header.js';
import { parseHead } from './parseHead.js';
import { parseRequestLine } from './parseRequestLine.js';
import { withDefaultHeaders } from './withDefaultHeaders.js';

/** A request, and perhaps what makes it impossible to send. */
export interface RawRequest {
  readonly request: HttpRequest;
  readonly problem: string | undefined;
}

interface Body {
  readonly body: Buffer | null;
  readonly chunked: boolean;
  /** Headers that the framing has used up. */
  readonly dropped: readonly string[];
  readonly problem: string | undefined;
  /** By how much the body is shorter than its Content-Length says. */
  readonly missingBytes?: number;
}

const NUMBER = /^\d+$/;

function valuesOf(headers: readonly Header[], name: string): string[] {
  return headers.filter((header) => header[0] === name).map(([, value]) => value);
}

function hasToken(values: readonly string[], token: string): boolean {
  return values.some((value) => value.split(',').some((part) => part.trim().toLowerCase() === token));
}

/** The body as the headers frame it; what lies beyond is dropped, and so is a body that has no frame. */
function bodyOf(rest: Buffer, headers: readonly Header[], modern: boolean): Body | string {
  const codings = valuesOf(headers, 'Transfer-Encoding');
  if (codings.length > 0 && modern) {
    if (codings.length > 1 || codings[0]?.toLowerCase() !== 'chunked') return 'its transfer encoding is not chunked';
    const { body, problem } = decodeChunked(rest);
    const dropped = ['Transfer-Encoding', 'Content-Length', 'Trailer'];
    return { body: body.length === 0 ? null : body, chunked: true, dropped, problem };
  }
  const dropped = ['Transfer-Encoding'];
  const lengths = new Set(valuesOf(headers, 'Content-Length'));
  if (lengths.size > 1) return 'it has more than one Content-Length';
  const [length = ''] = lengths;
  if (length === '') return { body: null, chunked: false, dropped: [...dropped, 'Content-Length'], problem: undefined };
  if (!NUMBER.test(length)) return `bad Content-Length ${JSON.stringify(length)}`;
  const body = rest.subarray(0, Number(length));
  const missingBytes = Number(length) - body.length;
  return { body: body.length === 0 ? null : body, chunked: false, dropped, problem: undefined, missingBytes };
}

/** `Pragma: no-cache` means `Cache-Control: no-cache` (RFC 9111, 5.4), which the original then sends too. */
function withCacheControl(headers: readonly Header[]): readonly Header[] {
  const asked = headers.find(([name]) => name === 'Pragma')?.[1] === 'no-cache';
  const said = headers.some(([name]) => name === 'Cache-Control');
  return asked && !said ? [...headers, ['Cache-Control', 'no-cache']] : headers;
}

/** Leaves only the first of several equal Content-Length lines. */
function isKept([name]: Header, index: number, all: readonly Header[], dropped: readonly string[]): boolean {
  if (dropped.includes(name)) return false;
  return name !== 'Content-Length' || all.findIndex((header) => header[0] === name) === index;
}

/**
 * Reads an HTTP/1.x request as a server would, or says what is wrong with it. Rules of
 * https://pkg.go.dev/net/http#ReadRequest, as the original uses them.
 *
 * @param defaults Headers for requests that have none of that name.
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
  const kept = head.headers.filter((header, index, all) => isKept(header, index, all, body.dropped));
  const { host, headers } = withDefaultHeaders(url.host, withCacheControl(kept), defaults);
  const close = ancient || hasToken(connection, 'close') || (!modern && !hasToken(connection, 'keep-alive'));
  const target = method === 'CONNECT' && url.path === '' && host !== '' ? host : url.target;
  const short = (body.missingBytes ?? 0) > 0 ? { missingBytes: body.missingBytes as number } : {};
  const fixed = { method, target, path: url.path, host, headers, close };
  const request = { ...fixed, body: body.body, chunked: body.chunked, ...short };
  return { request, problem: body.problem };
}
