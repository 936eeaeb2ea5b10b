import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { ElpisError } from '../../core/errors.js';
import type { Bytes } from '../../core/units.js';

/** One message of the journal: a number, and a part of a list of messages. */
export interface Frame {
  /** 1, 2 and so on in each subject, so that a missing or a repeated frame is noticed. */
  readonly number: number;
  /** The position of the frame before it in the journal; 0 for the first. */
  readonly previous: number;
  /** True when the next frame continues the list. */
  readonly more: boolean;
  readonly body: Uint8Array;
}

const MORE = 1;
const HEAD = 13;

/** Lists from this size on are compressed. */
const COMPRESSED_FROM: Bytes = 4096;

/** The largest list of messages, before compression. */
export const MAX_MESSAGES_BYTES: Bytes = 64 * 1024 * 1024;

/** The bytes of a frame: flags, number, previous, body. */
export function packFrame({ number, previous, more, body }: Frame): Uint8Array {
  const bytes = Buffer.allocUnsafe(HEAD + body.length);
  bytes.writeUInt8(more ? MORE : 0, 0);
  bytes.writeUInt32BE(number, 1);
  bytes.writeDoubleBE(previous, 5);
  bytes.set(body, HEAD);
  return bytes;
}

/** The frame of its bytes. @throws ElpisError `ELPIS_MESH` for other bytes. */
export function unpackFrame(data: Uint8Array): Frame {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const flags = bytes[0] ?? 255;
  if (bytes.length < HEAD || flags > MORE)
    throw new ElpisError('ELPIS_MESH', `a message of ${bytes.length} bytes is none of Elpis`);
  const number = bytes.readUInt32BE(1);
  return { number, previous: bytes.readDoubleBE(5), more: flags === MORE, body: bytes.subarray(HEAD) };
}

/** The bodies of the frames that hold a text, each of at most `limit` bytes. The first byte says whether it is compressed. */
export function packBodies(text: string, limit: Bytes): readonly Uint8Array[] {
  const plain = Buffer.from(text, 'utf8');
  const packed = plain.length < COMPRESSED_FROM ? plain : deflateRawSync(plain, { level: 1 });
  const whole = Buffer.concat([Buffer.of(packed === plain ? 0 : 1), packed]);
  const room = limit - HEAD;
  return Array.from({ length: Math.ceil(whole.length / room) }, (_, i) => whole.subarray(i * room, (i + 1) * room));
}

/** The text of the bodies of its frames. @throws ElpisError `ELPIS_MESH` for a text that is too long. */
export function unpackBodies(bodies: readonly Uint8Array[]): string {
  const whole = Buffer.concat(bodies);
  const body = whole.subarray(1);
  if (whole[0] === 0) return body.toString('utf8');
  try {
    return inflateRawSync(body, { maxOutputLength: MAX_MESSAGES_BYTES }).toString('utf8');
  } catch (cause) {
    const tooLarge = (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    const what = tooLarge
      ? `more than ${MAX_MESSAGES_BYTES / 2 ** 20} MiB in one message`
      : 'a message that cannot be decompressed';
    throw new ElpisError('ELPIS_MESH', what, { cause });
  }
}
