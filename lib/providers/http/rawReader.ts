import type { Buffer } from 'node:buffer';
import type { Bytes } from '../../core/units.js';
import { canonicalName } from '../../protocols/headerName.js';
import type { HttpRequest } from '../../protocols/http.js';
import { type Header, withDefaultHeaders } from './headers.js';
import { hasToken, parseRawRequest, parseRequestLine, type RawRequest } from './rawRequest.js';

const TAB = 9;
const NEWLINE = 10;
const RETURN = 13;
const BLANK = 32;
const DELETE = 127;

/** Longer heads are not of the usual form. */
const MAX_PLAIN_HEAD: Bytes = 8 * 1024;
/** How many header lines are remembered; each keeps a head in memory. */
const MAX_KNOWN_LINES = 64;

/** What the name of a header means for the request; `special`: only {@link parseRawRequest} knows its rules. */
type Role = 'other' | 'host' | 'length' | 'connection' | 'special';

const ROLES: Readonly<Record<string, Role>> = {
  Host: 'host',
  'Content-Length': 'length',
  Connection: 'connection',
  'Transfer-Encoding': 'special',
  Trailer: 'special',
  Pragma: 'special',
};

/** A header line and what was read from it. */
interface HeaderLine {
  readonly text: string;
  readonly header: Header;
  readonly role: Role;
}

function headerLine(text: string): HeaderLine | undefined {
  const colon = text.indexOf(':');
  if (colon <= 0 || text.startsWith(' ') || text.startsWith('\t')) return undefined;
  const name = canonicalName(text.slice(0, colon));
  return { text, header: [name, text.slice(colon + 1).trim()], role: ROLES[name] ?? 'other' };
}

/**
 * The offset after the blank line of a head of printable ASCII whose lines all end in CR LF, or -1 when the head has
 * another form.
 */
function endOfPlainHead(bytes: Buffer, from: number, to: number): number {
  const limit = Math.min(to, from + MAX_PLAIN_HEAD);
  let lineAt = from;
  for (let at = from; at < limit; at++) {
    const byte = bytes[at] as number;
    if (byte >= BLANK ? byte < DELETE : byte === TAB) continue;
    if (byte !== RETURN || bytes[at + 1] !== NEWLINE) return -1;
    at++;
    if (at - lineAt === 1) return at < limit ? at + 1 : -1;
    lineAt = at + 1;
  }
  return -1;
}

/** The parts of a request that its headers set. */
interface HeaderParts {
  readonly headers: Header[];
  /** The first Host that is not empty, or an empty text. */
  host: string;
  /** The Content-Length; undefined when there is none. */
  length: number | undefined;
  close: boolean;
  keepAlive: boolean;
}

const NUMBER = /^\d+$/;

/** Adds a header line. @returns False when the request is not of the usual form. */
function addTo(parts: HeaderParts, { header, role }: HeaderLine): boolean {
  const value = header[1];
  if (role === 'special') return false;
  if (role === 'host') {
    if (parts.host === '') parts.host = value;
    return true;
  }
  if (role === 'length') {
    if (parts.length !== undefined || !NUMBER.test(value)) return false;
    parts.length = Number(value);
  } else if (role === 'connection') {
    parts.close ||= hasToken([value], 'close');
    parts.keepAlive ||= hasToken([value], 'keep-alive');
  }
  parts.headers.push(header);
  return true;
}

/**
 * Reads the requests of raw ammo, one after another. A request of the usual form (ASCII, CR LF, no folded lines, a
 * Content-Length or no body) is read in one pass over the bytes of its head, and shares the header lines that are the
 * same as those of the request before. {@link parseRawRequest} reads all others, and returns the same for these.
 */
export class RawReader {
  /** By index in the head: the header line of the last request that had one there. */
  readonly #known: HeaderLine[] = [];
  /** The header lines of the last request, and what they set. */
  #block = '';
  #parts: HeaderParts | undefined;

  /** @param defaults Headers for requests that have no header of that name. */
  constructor(private readonly defaults: readonly Header[]) {}

  /** The request between two offsets, or its error as text. */
  read(bytes: Buffer, from: number, to: number): RawRequest | string {
    return this.#plain(bytes, from, to) ?? parseRawRequest(bytes.subarray(from, to), this.defaults);
  }

  #plain(bytes: Buffer, from: number, to: number): RawRequest | undefined {
    const end = endOfPlainHead(bytes, from, to);
    if (end < 0) return undefined;
    const head = bytes.toString('latin1', from, end);
    const firstEnd = head.indexOf('\r');
    const line = parseRequestLine(head.slice(0, firstEnd));
    if (typeof line === 'string' || line.method === 'CONNECT') return undefined;
    const parts = this.#headers(head, firstEnd + 2);
    if (parts === undefined) return undefined;
    const { method, url, modern, ancient } = line;
    const { length = 0 } = parts;
    const bodyEnd = Math.min(end + length, to);
    const { host, headers } = this.#withDefaults(url.host === '' ? parts.host : url.host, parts.headers);
    const request: HttpRequest = {
      method,
      target: url.target,
      path: url.path,
      host,
      headers,
      close: ancient || parts.close || !(modern || parts.keepAlive),
      body: bodyEnd === end ? null : bytes.subarray(end, bodyEnd),
      chunked: false,
    };
    const missingBytes = end + length - bodyEnd;
    return { request: missingBytes > 0 ? { ...request, missingBytes } : request, problem: undefined };
  }

  /** The parts that the header lines of a head set; the same object when they are those of the request before. */
  #headers(head: string, from: number): HeaderParts | undefined {
    const block = head.slice(from);
    if (block === this.#block) return this.#parts;
    const parts: HeaderParts = { headers: [], host: '', length: undefined, close: false, keepAlive: false };
    for (let at = 0, index = 0; ; index++) {
      const end = block.indexOf('\r', at);
      if (end === at) break;
      const line = this.#line(index, block.slice(at, end));
      if (line === undefined || !addTo(parts, line)) return undefined;
      at = end + 2;
    }
    this.#block = block;
    this.#parts = parts;
    return parts;
  }

  #line(index: number, text: string): HeaderLine | undefined {
    const known = this.#known[index];
    if (known?.text === text) return known;
    const line = headerLine(text);
    if (line !== undefined && index < MAX_KNOWN_LINES) this.#known[index] = line;
    return line;
  }

  #withDefaults(
    host: string,
    headers: readonly Header[],
  ): { readonly host: string; readonly headers: readonly Header[] } {
    if (this.defaults.length === 0) return { host, headers };
    return withDefaultHeaders('', host === '' ? headers : [['Host', host], ...headers], this.defaults);
  }
}
