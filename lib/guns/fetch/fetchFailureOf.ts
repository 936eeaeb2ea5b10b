import { NET_FAILURE, type NetFailure } from '../../protocols/netFailure.js';
import { netFailureOf } from '../../protocols/netFailureOf.js';

const BY_TYPE: Readonly<Record<string, NetFailure>> = {
  'max-redirect': NET_FAILURE.tooManyRedirects,
  'no-redirect': NET_FAILURE.badRedirect,
  'invalid-redirect': NET_FAILURE.badRedirect,
  'unsupported-redirect': NET_FAILURE.badRedirect,
  'max-size': NET_FAILURE.bodyTooLong,
};

/**
 * The failure behind an error of node-fetch.
 *
 * @param socketError What broke the socket meanwhile, if anything did: it tells a reset from an orderly close.
 * @param answered True when the status was known.
 */
export function fetchFailureOf(error: unknown, socketError: Error | undefined, answered: boolean): NetFailure {
  const { type, code = '' } = Object(error) as { type?: string; code?: string };
  const byType = BY_TYPE[type ?? ''];
  if (byType !== undefined) return byType;
  if (code.startsWith('HPE_')) return NET_FAILURE.badResponse;
  if (socketError !== undefined) return netFailureOf(socketError);
  if (code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ECONNRESET') {
    return answered ? NET_FAILURE.bodyTooShort : NET_FAILURE.closedEarly;
  }
  if (error instanceof TypeError) return NET_FAILURE.badRequest;
  return netFailureOf(error);
}
