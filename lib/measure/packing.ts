import { deflateSync, inflateSync } from 'node:zlib';

// The only file of this folder that needs Node: the bundle of the page replaces it by one with the same two functions.

/** Bytes in the zlib format. */
export function packed(plain: Uint8Array): Uint8Array {
  return deflateSync(plain);
}

/**
 * Bytes that were in the zlib format.
 *
 * @throws An error of the decoder for damaged contents.
 */
export function unpacked(bytes: Uint8Array): Uint8Array {
  return inflateSync(bytes);
}

/** Bytes as base64. */
export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

/** The bytes of a base64 text. Another text may throw, or return other bytes. */
export function fromBase64(text: string): Uint8Array {
  return Buffer.from(text, 'base64');
}
