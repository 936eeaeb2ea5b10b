import type { Bytes } from '../../core/units.js';

/** Frame types (RFC 9113, section 6). */
export const FRAME = {
  data: 0,
  headers: 1,
  priority: 2,
  rstStream: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

/** Flags of frames. */
export const FLAG = { ack: 0x1, endStream: 0x1, endHeaders: 0x4, padded: 0x8, priority: 0x20 } as const;

/** Settings (RFC 9113, section 6.5.2). */
export const SETTING = {
  headerTableSize: 1,
  enablePush: 2,
  maxConcurrentStreams: 3,
  initialWindowSize: 4,
  maxFrameSize: 5,
  maxHeaderListSize: 6,
} as const;

/** Bytes before the payload of a frame. */
export const FRAME_HEAD: Bytes = 9;
/** The longest payload that every peer takes, and the longest that we take. */
export const MAX_FRAME: Bytes = 16_384;
/** Flow control of streams and connections before anything else is said. */
export const DEFAULT_WINDOW: Bytes = 65_535;
/** Windows cannot be larger. */
export const MAX_WINDOW: Bytes = 2 ** 31 - 1;
/** Ids of streams are not larger. */
export const MAX_STREAM_ID = 2 ** 31 - 1;
/** What a client sends first. */
export const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1');

/** The number of 32 bits at a place. */
export function uint32(bytes: Uint8Array, at: number): number {
  const high = ((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number);
  return high * 256 + (bytes[at + 3] as number);
}

/** The number of 31 bits at a place, such as a stream id; the first bit is reserved and ignored. */
export function uint31(bytes: Uint8Array, at: number): number {
  return uint32(bytes, at) % 2 ** 31;
}
