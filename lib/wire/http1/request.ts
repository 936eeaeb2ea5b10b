import type { Bytes } from '../../core/units.js';
import type { HttpRequest } from '../../protocols/http.js';
import {
  chunkedBody,
  headerHasToken,
  headerIndex,
  headerValue,
  invalidRequestReason,
  isReplayable,
  requestDumpBytes,
  sendsLength,
  wireHost,
} from '../requestRules.js';
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

/** The parts that the gun adds to every request. */
export interface EncodeOptions {
  /** Default of the Host header: the target's host without port or brackets. */
  readonly host: string;
  /** Adds `Connection: close`. */
  readonly disableKeepAlives: boolean;
  /** Adds `Accept-Encoding: gzip` unless the ammo has its own. */
  readonly acceptGzip: boolean;
}

/** The User-Agent when the ammo has none: the default of Pandora's library. */
const USER_AGENT = 'Go-http-client/1.1';
const CLOSE = 'Connection: close\r\n';
/** Ammo headers that are not copied, because the client writes its own. */
const NOT_COPIED = new Set(['host', 'user-agent', 'content-length', 'transfer-encoding', 'trailer']);
const NOTHING = Buffer.alloc(0);

function framing(request: HttpRequest, size: number): string {
  if (!request.chunked) return sendsLength(request, size) ? `Content-Length: ${size}\r\n` : '';
  const announced = request.trailers?.names.join(',') ?? '';
  return `Transfer-Encoding: chunked\r\n${announced === '' ? '' : `Trailer: ${announced}\r\n`}`;
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
  const agent = (headerValue(headers, 'user-agent') ?? USER_AGENT).trim();
  const asksToClose = request.close || headerHasToken(headers, 'connection', 'close');
  const switches = headerHasToken(headers, 'connection', 'upgrade') && headerValue(headers, 'upgrade') !== undefined;
  const addsClose = options.disableKeepAlives && !asksToClose && !switches;

  let head = `${method} ${target} HTTP/1.1\r\nHost: ${wireHost(host)}\r\n`;
  if (agent !== '') head += `User-Agent: ${agent}\r\n`;
  if (
    request.close &&
    !headerHasToken(headers.slice(0, 1 + headerIndex(headers, 'connection')), 'connection', 'close')
  ) {
    head += CLOSE;
  }
  head += framing(request, body.length);
  const copied = headers.filter(([name]) => !NOT_COPIED.has(name.toLowerCase()));
  copied.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  for (const [name, value] of copied) head += `${name}: ${value.trim()}\r\n`;
  if (options.acceptGzip && headerValue(headers, 'accept-encoding') === undefined) head += 'Accept-Encoding: gzip\r\n';
  if (addsClose) head += CLOSE;
  head += '\r\n';

  const headBuffer = Buffer.from(head);
  const tail = request.chunked ? chunkedBody(body, request.trailers?.values) : body;
  return {
    bytes: tail.length === 0 ? headBuffer : Buffer.concat([headBuffer, tail]),
    headBytes: headBuffer.length,
    forHead: method === 'HEAD',
    close: asksToClose || options.disableKeepAlives,
    replayable: isReplayable(request),
    expectsContinue: tail.length > 0 && headerHasToken(headers, 'expect', '100-continue'),
    dumpBytes: requestDumpBytes(request, host, body),
    refusal: '',
  };
}
