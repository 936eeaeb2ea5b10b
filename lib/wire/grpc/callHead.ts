import { gzipSync } from 'node:zlib';
import type { Millis } from '../../core/units.js';
import type { GrpcMetadata } from '../../protocols/grpc.js';
import type { EncodedHead } from '../http2/encodedHead.js';
import { encodeHead } from '../http2/hpack/encodeHead.js';
import { MESSAGE_HEAD } from './grpcListener.js';

/** How the messages of requests are packed. */
export type GrpcCompression = 'none' | 'gzip';

/** What the heads of all calls of a pool share. */
export interface CallHeadOptions {
  readonly ssl: boolean;
  readonly authority: string;
  readonly userAgent: string;
  /** The time limit that is sent to the server; 0 for none. */
  readonly timeout: Millis;
  readonly compression: GrpcCompression;
}

const NAME = /^[\da-z_.-]+$/;
const PRINTABLE = /^[\x20-\x7e]*$/;
/** Names that the client itself sets. */
const RESERVED = new Set(['content-type', 'user-agent', 'te', 'host']);
const isReserved = (name: string): boolean => name.startsWith('grpc-') || RESERVED.has(name);

const UNITS: readonly (readonly [unit: string, perMilli: number])[] = [
  ['u', 1000],
  ['m', 1],
  ['S', 1 / 1000],
  ['M', 1 / 60_000],
  ['H', 1 / 3_600_000],
];
const MAX_TIMEOUT = 99_999_999;

/** The value of `grpc-timeout`, rounded up to the finest unit with up to 8 digits. @example timeoutText(1500); // '1500000u' */
export function timeoutText(timeout: Millis): string {
  for (const [unit, perMilli] of UNITS) {
    const value = Math.ceil(timeout * perMilli);
    if (value <= MAX_TIMEOUT) return `${value}${unit}`;
  }
  return `${MAX_TIMEOUT}H`;
}

/**
 * The fields of metadata: names in lower case, values of names in `-bin` as base64 of their UTF-8 bytes. Names that the client sets are
 * left out, as in grpc-go.
 *
 * @returns The reason when the metadata cannot be sent.
 */
export function metadataFields(metadata: GrpcMetadata): (readonly [name: string, value: string])[] | string {
  const fields: (readonly [string, string])[] = [];
  for (const [written, value] of Object.entries(metadata)) {
    const name = written.toLowerCase();
    if (isReserved(name) || name.startsWith(':')) continue;
    if (!NAME.test(name)) return `the metadata name ${JSON.stringify(written)} has other characters than a-z 0-9 _ . -`;
    if (name.endsWith('-bin')) fields.push([name, Buffer.from(value).toString('base64').replace(/=+$/, '')]);
    else if (PRINTABLE.test(value)) fields.push([name, value]);
    else return `the value of the metadata ${JSON.stringify(written)} has characters that are not printable ASCII`;
  }
  return fields;
}

/** The head of a call, encoded. @param metadata Fields as {@link metadataFields} returns them. */
export function encodeCallHead(
  path: string,
  metadata: readonly (readonly [name: string, value: string])[],
  { ssl, authority, userAgent, timeout, compression }: CallHeadOptions,
): EncodedHead {
  return encodeHead([
    [':method', 'POST'],
    [':scheme', ssl ? 'https' : 'http'],
    [':path', path],
    [':authority', authority],
    ['content-type', 'application/grpc'],
    ['user-agent', userAgent],
    ['te', 'trailers'],
    ...(compression === 'gzip'
      ? ([
          ['grpc-encoding', 'gzip'],
          ['grpc-accept-encoding', 'gzip'],
        ] as const)
      : []),
    ...(timeout > 0 ? ([['grpc-timeout', timeoutText(timeout)]] as const) : []),
    ...metadata,
  ]);
}

/** A message as it is sent: a flag, its length, and its bytes, packed or not. */
export function framedMessage(message: Uint8Array, compression: GrpcCompression): Uint8Array {
  const content = compression === 'gzip' ? gzipSync(message) : message;
  const framed = Buffer.alloc(MESSAGE_HEAD + content.length);
  framed[0] = compression === 'gzip' ? 1 : 0;
  framed.writeUInt32BE(content.length, 1);
  framed.set(content, MESSAGE_HEAD);
  return framed;
}
