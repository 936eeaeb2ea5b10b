import { NET_CODE, type NetFailure } from '../../protocols/netFailure.js';
import { ExchangeError } from '../exchangeError.js';

/** Error codes of RST_STREAM and GOAWAY (RFC 9113, section 7). */
export const ERROR_CODE = {
  noError: 0,
  protocolError: 1,
  internalError: 2,
  flowControlError: 3,
  settingsTimeout: 4,
  streamClosed: 5,
  frameSizeError: 6,
  refusedStream: 7,
  cancel: 8,
  compressionError: 9,
  connectError: 10,
  enhanceYourCalm: 11,
  inadequateSecurity: 12,
  http11Required: 13,
} as const;

const NAMES = [
  'no error',
  'protocol error',
  'internal error',
  'flow control error',
  'settings timeout',
  'stream closed',
  'frame size error',
  'refused stream',
  'cancel',
  'compression error',
  'connect error',
  'enhance your calm',
  'inadequate security',
  'http/1.1 required',
];

/** What ended a stream: `reset` is RST_STREAM of the peer, `goaway` is GOAWAY of the peer, `violation` is an error of the peer. */
export type Http2ErrorSource = 'reset' | 'goaway' | 'violation';

const PREFIX: Readonly<Record<Http2ErrorSource, string>> = {
  reset: 'http2 stream reset',
  goaway: 'http2 goaway',
  violation: 'http2',
};

/** The failures by source and code, made once: a run counts failures by their names. */
const failures = (source: Http2ErrorSource): readonly NetFailure[] =>
  [...NAMES, 'unknown error'].map((name) => ({ netCode: NET_CODE.other, errorName: `${PREFIX[source]}: ${name}` }));
const FAILURES: Readonly<Record<Http2ErrorSource, readonly NetFailure[]>> = {
  reset: failures('reset'),
  goaway: failures('goaway'),
  violation: failures('violation'),
};

/** Name of an error code, such as `refused stream`; `unknown error` for a code without a name. */
export function errorCodeName(code: number): string {
  return NAMES[code] ?? 'unknown error';
}

/**
 * A stream that failed by a rule of HTTP/2. Failures of the connection below it are errors of the socket.
 *
 * @example
 * new Http2Error('reset', ERROR_CODE.refusedStream, 'the peer reset the stream', false).failure.errorName;
 * // 'http2 stream reset: refused stream'
 */
export class Http2Error extends ExchangeError {
  /**
   * @param code One of {@link ERROR_CODE}, or an unknown code of the peer.
   * @param processed False when the peer has not processed the request, so that it may be sent again.
   */
  constructor(
    readonly source: Http2ErrorSource,
    readonly code: number,
    message: string,
    readonly processed = true,
  ) {
    super(FAILURES[source][Math.min(code, NAMES.length)] as NetFailure, message);
  }
}
