import type { Log } from '../core/deps.js';
import { describeError } from '../core/errorContext.js';
import { CHECK_FAILED } from '../core/sample.js';

/**
 * The numbers of phout's net_code column that Elpis defines; the others are errno numbers of the operating system.
 */
export const NET_CODE = {
  ok: 0,
  brokenPipe: 32,
  tooManyFiles: 24,
  noLocalPort: 98,
  noLocalAddress: 99,
  networkUnreachable: 101,
  reset: 104,
  timeout: 110,
  refused: 111,
  hostUnreachable: 113,
  discarded: 777,
  /** The response was complete, but a check of a scenario failed; the error name is the name of the check. */
  check: CHECK_FAILED,
  other: 999,
} as const;

/** A failure of a network operation: the number for phout and the stable name for users and breakdowns. */
export interface NetFailure {
  readonly netCode: number;
  readonly errorName: string;
}

const failure = (netCode: number, errorName: string): NetFailure => ({ netCode, errorName });

/** The failures that the network guns report. Names are stable, so scripts can rely on them. */
export const NET_FAILURE = {
  timeout: failure(NET_CODE.timeout, 'timeout'),
  refused: failure(NET_CODE.refused, 'connection refused'),
  reset: failure(NET_CODE.reset, 'connection reset'),
  brokenPipe: failure(NET_CODE.brokenPipe, 'broken pipe'),
  hostUnreachable: failure(NET_CODE.hostUnreachable, 'host unreachable'),
  networkUnreachable: failure(NET_CODE.networkUnreachable, 'network unreachable'),
  noLocalPort: failure(NET_CODE.noLocalPort, 'no local port'),
  noLocalAddress: failure(NET_CODE.noLocalAddress, 'no local address'),
  tooManyFiles: failure(NET_CODE.tooManyFiles, 'too many open files'),
  closedEarly: failure(NET_CODE.other, 'closed early'),
  badResponse: failure(NET_CODE.other, 'bad response'),
  bodyTooShort: failure(NET_CODE.other, 'body too short'),
  bodyTooLong: failure(NET_CODE.other, 'body too long'),
  dns: failure(NET_CODE.other, 'dns failure'),
  tls: failure(NET_CODE.other, 'tls failure'),
  notHttp2: failure(NET_CODE.other, 'not http2'),
  badRequest: failure(NET_CODE.other, 'bad request'),
  headTooLarge: failure(NET_CODE.other, 'request head too large'),
  badRedirect: failure(NET_CODE.other, 'bad redirect'),
  tooManyRedirects: failure(NET_CODE.other, 'too many redirects'),
  proxyClosed: failure(NET_CODE.other, 'proxy closed early'),
  badProxyResponse: failure(NET_CODE.other, 'bad proxy response'),
  other: failure(NET_CODE.other, 'network error'),
} as const satisfies Record<string, NetFailure>;

/** The failure of a connection that a proxy refused, such as `proxy status 407`. */
export function proxyRefusal(status: number): NetFailure {
  return failure(NET_CODE.other, `proxy status ${status}`);
}

const BY_CODE: Readonly<Record<string, NetFailure>> = {
  ETIMEDOUT: NET_FAILURE.timeout,
  ECONNREFUSED: NET_FAILURE.refused,
  ECONNRESET: NET_FAILURE.reset,
  EPIPE: NET_FAILURE.brokenPipe,
  EHOSTUNREACH: NET_FAILURE.hostUnreachable,
  ENETUNREACH: NET_FAILURE.networkUnreachable,
  EADDRINUSE: NET_FAILURE.noLocalPort,
  EADDRNOTAVAIL: NET_FAILURE.noLocalAddress,
  EMFILE: NET_FAILURE.tooManyFiles,
  EPROTO: NET_FAILURE.tls,
};
const DNS = /^(ENOTFOUND|EAI_\w+|ENODATA|ESERVFAIL)$/;
const TLS = /^ERR_(SSL|TLS)_|^(CERT|DEPTH|SELF_SIGNED|UNABLE_TO)_/;
/** Errno numbers of Linux are below this; numbers of libuv itself (such as those for DNS) start at 3000. */
const MAX_ERRNO = 200;

function fieldsOf(error: unknown): { code: string; errno: number; syscall: string } {
  const { code, errno, syscall } = Object(error) as { code?: unknown; errno?: unknown; syscall?: unknown };
  return { code: String(code ?? ''), errno: Number(errno ?? 0), syscall: String(syscall ?? '') };
}

/**
 * The failure behind an error of `node:net`, `node:tls` or `node:dns`. An error of the operating system without a
 * name in the table keeps its errno number.
 *
 * @example
 * netFailureOf(Object.assign(new Error(), { code: 'ECONNREFUSED' })); // { netCode: 111, errorName: 'connection refused' }
 */
export function netFailureOf(error: unknown): NetFailure {
  const { code, errno, syscall } = fieldsOf(error);
  if (syscall === 'getaddrinfo' || DNS.test(code)) return NET_FAILURE.dns;
  // Node also reports a TLS handshake that the peer closed in an orderly way as a reset, but without an errno.
  if (code === 'ECONNRESET' && syscall === '' && /TLS connection/.test(String(error))) return NET_FAILURE.tls;
  const known = BY_CODE[code];
  if (known !== undefined) return known;
  if (TLS.test(code)) return NET_FAILURE.tls;
  if (syscall !== '' && errno < 0 && errno > -MAX_ERRNO) return { netCode: -errno, errorName: code.toLowerCase() };
  return NET_FAILURE.other;
}

/**
 * Warns about the first failure of each kind only, so that a target that refuses everything does not flood the log; all
 * failures are in the samples.
 */
export function failureLog(log: Log, target: string): (failure: NetFailure, error: unknown) => void {
  const seen = new Set<string>();
  return (failure, error) => {
    if (seen.has(failure.errorName)) return;
    seen.add(failure.errorName);
    const reason = describeError(error);
    log.warn(`shots at ${target} fail: ${failure.errorName}`, { reason, netCode: failure.netCode });
  };
}
