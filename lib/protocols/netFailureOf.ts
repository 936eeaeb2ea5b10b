import { NET_FAILURE, type NetFailure } from './netFailure.js';

const BY_CODE: Readonly<Record<string, NetFailure>> = {
  ETIMEDOUT: NET_FAILURE.timeout,
  ECONNREFUSED: NET_FAILURE.refused,
  ECONNRESET: NET_FAILURE.reset,
  EPIPE: NET_FAILURE.brokenPipe,
  EHOSTUNREACH: NET_FAILURE.hostUnreachable,
  ENETUNREACH: NET_FAILURE.networkUnreachable,
  EADDRNOTAVAIL: NET_FAILURE.noLocalAddress,
  EMFILE: NET_FAILURE.tooManyFiles,
  EPROTO: NET_FAILURE.tls,
};
const DNS = /^(ENOTFOUND|EAI_\w+|ENODATA|ESERVFAIL)$/;
const TLS = /^ERR_(SSL|TLS)_|^(CERT|DEPTH|SELF_SIGNED|UNABLE_TO)_/;
/** A table of Linux errno numbers ends below this; libuv's own numbers (DNS and the like) start at 3000. */
const LAST_ERRNO = 200;

function fieldsOf(error: unknown): { code: string; errno: number; syscall: string } {
  const { code, errno, syscall } = Object(error) as { code?: unknown; errno?: unknown; syscall?: unknown };
  return { code: String(code ?? ''), errno: Number(errno ?? 0), syscall: String(syscall ?? '') };
}

/**
 * The failure behind an error of `node:net`, `node:tls` or `node:dns`. An error of the operating system that has no name
 * here keeps its errno number.
 *
 * @example
 * netFailureOf(Object.assign(new Error(), { code: 'ECONNREFUSED' })); // { netCode: 111, errorName: 'connection refused' }
 */
export function netFailureOf(error: unknown): NetFailure {
  const { code, errno, syscall } = fieldsOf(error);
  if (syscall === 'getaddrinfo' || DNS.test(code)) return NET_FAILURE.dns;
  // Node calls a TLS handshake that the peer closed in an orderly way a reset too, but without an errno.
  if (code === 'ECONNRESET' && syscall === '' && /TLS connection/.test(String(error))) return NET_FAILURE.tls;
  const known = BY_CODE[code];
  if (known !== undefined) return known;
  if (TLS.test(code)) return NET_FAILURE.tls;
  if (syscall !== '' && errno < 0 && errno > -LAST_ERRNO) return { netCode: -errno, errorName: code.toLowerCase() };
  return NET_FAILURE.other;
}
