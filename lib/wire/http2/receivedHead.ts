import type { Field } from './hpack/staticTable.js';
import type { ReceivedHead } from './streamListener.js';

/** Header names in lower case. */
const NAME = /^[!#$%&'*+\-.^_`|~\da-z]+$/;
const ILLEGAL = /[\0\r\n]/;
const DIGITS = /^\d{1,15}$/;
const STATUS = /^[1-9]\d\d$/;
/** Fields about the connection, which HTTP/2 does not have (RFC 9113, section 8.2.2). */
const CONNECTION = new Set(['connection', 'proxy-connection', 'keep-alive', 'transfer-encoding', 'upgrade']);

/** The value of content-length, -1 without one, undefined when it is not valid. */
function lengthOf(fields: readonly Field[]): number | undefined {
  let length = -1;
  for (const [name, value] of fields) {
    if (name !== 'content-length') continue;
    if (!DIGITS.test(value) || (length >= 0 && length !== Number(value))) return undefined;
    length = Number(value);
  }
  return length;
}

/** The reason that a field without a colon in front is not valid, or an empty text. */
function invalid([name, value]: Field): string {
  if (!NAME.test(name)) return `malformed header name ${JSON.stringify(name)}`;
  if (CONNECTION.has(name)) return `the header ${name} is about a connection`;
  return ILLEGAL.test(value) ? `malformed value of the header ${name}` : '';
}

/**
 * The head of a response, or its trailers, from decoded fields (RFC 9113, section 8).
 *
 * @param trailing True for trailers, which have no pseudo-headers.
 * @returns The reason when the fields are malformed.
 */
export function receivedHead(decoded: readonly Field[], trailing: boolean): ReceivedHead | string {
  const fields = decoded.filter(([name]) => !name.startsWith(':'));
  const [status] = decoded;
  const pseudo = decoded.length - fields.length;
  if (trailing && pseudo > 0) return 'trailers with a pseudo-header';
  if (!trailing && (pseudo !== 1 || status?.[0] !== ':status'))
    return 'a head without :status as its only first pseudo-header';
  if (!trailing && !STATUS.test(status?.[1] ?? '')) return `malformed :status ${JSON.stringify(status?.[1])}`;
  for (const field of fields) {
    const reason = invalid(field);
    if (reason !== '') return reason;
  }
  const length = lengthOf(fields);
  if (length === undefined) return 'malformed content-length';
  return { status: trailing ? 0 : Number(status?.[1]), length, fields };
}
