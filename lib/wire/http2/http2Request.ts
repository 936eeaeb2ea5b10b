import type { Bytes } from '../../core/units.js';
import type { HttpRequest } from '../../protocols/http.js';
import {
  headerHasToken,
  headerValue,
  invalidRequestReason,
  isReplayable,
  type RequestHeaders,
  requestDumpBytes,
  sendsLength,
  wireHost,
} from '../requestRules.js';
import type { EncodedHead } from './encodedHead.js';
import { encodeHead } from './hpack/encodeHead.js';
import type { Field } from './hpack/staticTable.js';

/** An HTTP request as it is sent over HTTP/2; encoded once per request and gun. */
export interface Http2Request {
  readonly head: EncodedHead;
  /** Null when the head ends the request. */
  readonly body: Uint8Array | null;
  /** Sent after the body. */
  readonly trailers: EncodedHead | undefined;
  /** True when the connection takes no more requests afterwards. */
  readonly close: boolean;
  /** True when it may be sent a second time although the first may have been processed. */
  readonly replayable: boolean;
  /** True when the body waits for 100 Continue. */
  readonly expectsContinue: boolean;
  /** phout's size_out of Pandora's `httptrace.dump`: the request without what the client adds, written as HTTP/1.1. */
  readonly dumpBytes: Bytes;
  /** The reason that it cannot be sent; empty when it can. With a reason, the other fields have no meaning. */
  readonly refusal: string;
}

/** The parts that the gun adds to every request. */
export interface Http2EncodeOptions {
  /** Default of the authority: the target's host without port or brackets. */
  readonly host: string;
  /** Adds `accept-encoding: gzip`, unless the ammo has its own, asks for a range, or is a HEAD request. */
  readonly acceptGzip: boolean;
}

/** The User-Agent when the ammo has none: the default of Pandora's library. */
const USER_AGENT = 'Go-http-client/2.0';
const NOT_COPIED = new Set(['host', 'user-agent', 'content-length', 'trailer', 'cookie']);
/** Headers about the connection, which HTTP/2 does not have. */
const OF_CONNECTION = ['connection', 'proxy-connection', 'transfer-encoding', 'upgrade', 'keep-alive'];
for (const name of OF_CONNECTION) NOT_COPIED.add(name);
const NO_HEAD: EncodedHead = { block: new Uint8Array(0), forHead: false, size: 0 };

/** UTF-8 with a character per byte, which is how a header block has it. */
function perByte(text: string): string {
  return /^[\0-\x7f]*$/.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

const fieldOf = ([name, value]: RequestHeaders[number]): Field => [name.toLowerCase(), perByte(value.trim())];

/** One field for each cookie, so that tables of proxies can hold them (RFC 9113, section 8.2.3). */
function crumbs(headers: RequestHeaders): Field[] {
  const cookies = headers.filter(([name]) => name.toLowerCase() === 'cookie');
  return cookies.flatMap(([, value]) =>
    perByte(value)
      .split(';')
      .map((crumb): Field => ['cookie', crumb.trim()])
      .filter(([, crumb]) => crumb !== ''),
  );
}

/** The reason that Go's HTTP/2 client refuses headers about the connection, or an empty text. */
function connectionProblem(headers: RequestHeaders): string {
  const upgrade = headerValue(headers, 'upgrade') ?? '';
  if (upgrade !== '') return `HTTP/2 has no Upgrade, and the header is ${JSON.stringify(upgrade)}`;
  const said = headers.filter(([name]) => name.toLowerCase() === 'connection').map(([, value]) => value.toLowerCase());
  const plain = said.length === 0 || (said.length === 1 && ['', 'close', 'keep-alive'].includes(said[0] as string));
  return plain ? '' : `HTTP/2 has no header Connection: ${said.join(', ')}`;
}

function pseudoHeaders({ method, target, host }: HttpRequest, options: Http2EncodeOptions, ssl: boolean): Field[] {
  const authority: Field = [':authority', wireHost(host === '' ? options.host : host)];
  if (method === 'CONNECT') return [authority, [':method', method]];
  return [authority, [':method', method], [':path', perByte(target)], [':scheme', ssl ? 'https' : 'http']];
}

function refused(refusal: string): Http2Request {
  const flags = { trailers: undefined, close: false, replayable: false, expectsContinue: false };
  return { head: NO_HEAD, body: null, dumpBytes: 0, refusal, ...flags };
}

/**
 * Encodes a request with the header fields that Go's HTTP/2 client sends.
 *
 * @param ssl True for the scheme https.
 * @example
 * declare const request: HttpRequest;
 * encodeHttp2Request(request, { host: 'localhost', acceptGzip: false }, true).head.block;
 */
export function encodeHttp2Request(request: HttpRequest, options: Http2EncodeOptions, ssl: boolean): Http2Request {
  const { method, headers, chunked } = request;
  const invalid = invalidRequestReason(request);
  const refusal = invalid === '' ? connectionProblem(headers) : invalid;
  if (refusal !== '') return refused(refusal);
  const body = request.body ?? new Uint8Array(0);
  const trailers = chunked ? request.trailers : undefined;
  const fields = pseudoHeaders(request, options, ssl);
  if (trailers !== undefined && trailers.names.length > 0) fields.push(['trailer', trailers.names.join(',')]);
  fields.push(...headers.filter(([name]) => !NOT_COPIED.has(name.toLowerCase())).map(fieldOf), ...crumbs(headers));
  if (sendsLength(request, body.length)) fields.push(['content-length', String(body.length)]);
  const own = headerValue(headers, 'accept-encoding') ?? headerValue(headers, 'range');
  if (options.acceptGzip && own === undefined && method !== 'HEAD') fields.push(['accept-encoding', 'gzip']);
  const agent = (headerValue(headers, 'user-agent') ?? USER_AGENT).trim();
  if (agent !== '') fields.push(['user-agent', perByte(agent)]);
  const trailing = trailers?.values ?? [];
  return {
    head: encodeHead(fields),
    body: body.length > 0 ? body : null,
    trailers: trailing.length > 0 ? encodeHead(trailing.map(fieldOf)) : undefined,
    close: request.close || headerHasToken(headers, 'connection', 'close'),
    replayable: isReplayable(request),
    expectsContinue: body.length > 0 && headerHasToken(headers, 'expect', '100-continue'),
    dumpBytes: requestDumpBytes(request, request.host === '' ? options.host : request.host, body),
    refusal: '',
  };
}
