import { NET_CODE } from './netCode.js';

/** Why a network operation failed: the number for phout and the stable name for people and breakdowns. */
export interface NetFailure {
  readonly netCode: number;
  readonly errorName: string;
}

const failure = (netCode: number, errorName: string): NetFailure => ({ netCode, errorName });

/** Every failure that the network guns know. Names are stable: scripts may test for them. */
export const NET_FAILURE = {
  timeout: failure(NET_CODE.timeout, 'timeout'),
  refused: failure(NET_CODE.refused, 'connection refused'),
  reset: failure(NET_CODE.reset, 'connection reset'),
  brokenPipe: failure(NET_CODE.brokenPipe, 'broken pipe'),
  hostUnreachable: failure(NET_CODE.hostUnreachable, 'host unreachable'),
  networkUnreachable: failure(NET_CODE.networkUnreachable, 'network unreachable'),
  noLocalAddress: failure(NET_CODE.noLocalAddress, 'no local address'),
  tooManyFiles: failure(NET_CODE.tooManyFiles, 'too many open files'),
  closedEarly: failure(NET_CODE.other, 'closed early'),
  badResponse: failure(NET_CODE.other, 'bad response'),
  bodyTooShort: failure(NET_CODE.other, 'body too short'),
  bodyTooLong: failure(NET_CODE.other, 'body too long'),
  dns: failure(NET_CODE.other, 'dns failure'),
  tls: failure(NET_CODE.other, 'tls failure'),
  badRequest: failure(NET_CODE.other, 'bad request'),
  badRedirect: failure(NET_CODE.other, 'bad redirect'),
  tooManyRedirects: failure(NET_CODE.other, 'too many redirects'),
  other: failure(NET_CODE.other, 'network error'),
} as const satisfies Record<string, NetFailure>;
