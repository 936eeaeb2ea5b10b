import type { Bytes } from '../../core/units.js';
import { canonicalName } from '../../protocols/headerName.js';
import type { ResponseFraming } from './parser/responseFraming.js';

/** The head of a response as Go's `DumpResponse` writes it. Texts hold a byte per character. */
export interface DumpedHead {
  /** Status line, and the headers that say where the body ends. */
  readonly first: string;
  /** The other headers, sorted, and the empty line. */
  readonly rest: string;
  /** Names of trailers that the head announces. */
  readonly announced: readonly string[];
  /** True when a body is dumped. */
  readonly body: boolean;
  /** True when the body is dumped in one chunk. */
  readonly chunked: boolean;
  /** True when the body is dumped unpacked: the gun requested gzip, and the body is gzip. */
  readonly unpacks: boolean;
}

/** A header of a response, in a byte per character. */
type Header = readonly [name: string, value: string];

const END = '\r\n';
const FRAMING = new Set(['Content-Length', 'Transfer-Encoding', 'Trailer']);
const byName = ([a]: Header, [b]: Header): number => (a < b ? -1 : a > b ? 1 : 0);

/** Name and value of a header line, the name in its canonical form. */
function headerOf(line: string): Header {
  const colon = line.indexOf(':');
  return [canonicalName(line.slice(0, colon)), line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, '')];
}

/** `HTTP/1.1 200 OK`: Go removes the status and the space after it, and writes the status again. */
function statusLine(line: string, status: number): string {
  const text = line.slice(line.indexOf(' ')).trimStart();
  const reason = text.startsWith(`${status} `) ? text.slice(4) : text;
  return `${line.slice(0, 8)} ${String(status).padStart(3, '0')} ${reason}`;
}

/** Go adds `Cache-Control: no-cache` to a response with `Pragma: no-cache`, as to a request. */
function withCacheControl(headers: readonly Header[]): readonly Header[] {
  const asked = headers.find(([name]) => name === 'Pragma')?.[1] === 'no-cache';
  const known = headers.some(([name]) => name === 'Cache-Control');
  return asked && !known ? [...headers, ['Cache-Control', 'no-cache']] : headers;
}

/**
 * Go's dump of the head of a response (https://pkg.go.dev/net/http/httputil#DumpResponse). It is written from the
 * parsed head, so its length differs from the received one: names are canonical, and the headers about the body and
 * the connection follow Go's rules.
 *
 * @param lines Status line and header lines, without line ends.
 * @param asksGzip True when the gun itself has requested gzip.
 */
export function dumpedHead(
  [line = '', ...lines]: readonly string[],
  framing: ResponseFraming,
  forHead: boolean,
  asksGzip: boolean,
): DumpedHead {
  const { status, chunked, modern, closes } = framing;
  const all = withCacheControl(lines.map(headerOf));
  const bodyless = (status >= 100 && status < 200) || status === 204 || status === 304;
  const length = chunked ? -1 : bodyless && !forHead ? 0 : framing.length;
  const encoding = all.find(([name]) => name === 'Content-Encoding')?.[1] ?? '';
  const unpacks = asksGzip && !forHead && !bodyless && length !== 0 && encoding.toLowerCase() === 'gzip';
  const endsByClose = length < 0 && !chunked && (modern || !forHead);
  const left = all.filter(
    ([name]) => !FRAMING.has(name) && !(closes && name === 'Connection') && !(unpacks && name === 'Content-Encoding'),
  );
  const first = [statusLine(line, status)];
  if (!framing.keepAlive || endsByClose) first.push('Connection: close');
  if (length > 0 && !unpacks) first.push(`Content-Length: ${length}`);
  if (chunked) first.push('Transfer-Encoding: chunked');
  const rest = left.toSorted(byName).map(([name, value]) => `${name}: ${value}`);
  if (length === 0 && !bodyless) rest.push('Content-Length: 0');
  return {
    first: `${first.join(END)}${END}`,
    rest: `${rest.map((each) => `${each}${END}`).join('')}${END}`,
    announced: trailerNames(all),
    body: !forHead,
    chunked,
    unpacks,
  };
}

function trailerNames(headers: readonly Header[]): string[] {
  const values = headers.filter(([name]) => name === 'Trailer').flatMap(([, value]) => value.split(','));
  return values.map((name) => canonicalName(name.trim())).filter((name) => name !== '');
}

/** The Trailer header and the trailers of a dump; both empty when there are none. */
function trailerText(announced: readonly string[], lines: readonly string[]): typeof NO_TRAILERS {
  const came = lines.map(headerOf).sort(byName);
  const names = [...new Set([...announced, ...came.map(([name]) => name)])].sort();
  return {
    header: names.length === 0 ? '' : `Trailer: ${names.join(',')}${END}`,
    values: came.map(([name, value]) => `${name}: ${value}${END}`).join(''),
  };
}

const NO_TRAILERS = { header: '', values: '' };

/** Length of the dump of a head without trailers. */
export function dumpedHeadBytes({ first, rest }: DumpedHead): Bytes {
  return first.length + rest.length;
}

/** Length of a dump without its head: the body, its chunk framing, and the trailers. */
export function dumpedBodyBytes(
  { body, chunked, announced }: Pick<DumpedHead, 'body' | 'chunked' | 'announced'>,
  bytes: Bytes,
  trailers: readonly string[],
): Bytes {
  if (!chunked) return body ? bytes : 0;
  const { header, values } = announced.length + trailers.length === 0 ? NO_TRAILERS : trailerText(announced, trailers);
  if (!body) return header.length;
  const chunk = bytes === 0 ? 0 : bytes.toString(16).length + bytes + 4;
  return header.length + chunk + 5 + values.length;
}

/** The dump itself. */
export function dumped(head: DumpedHead, body: Uint8Array, trailers: readonly string[]): Buffer {
  const { header, values } = trailerText(head.announced, trailers);
  const text = Buffer.from(`${head.first}${header}${head.rest}`, 'latin1');
  if (!head.body) return text;
  if (!head.chunked) return Buffer.concat([text, body]);
  const chunk = body.length === 0 ? [] : [Buffer.from(`${body.length.toString(16)}${END}`), body, Buffer.from(END)];
  return Buffer.concat([text, ...chunk, Buffer.from(`0${END}${values}${END}`, 'latin1')]);
}
