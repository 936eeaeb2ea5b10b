import { micros } from '../coreutil/micros.js';
import type { NetSample } from '../protocols/netSample.js';
import { type Encoder, NO_ROOM } from './encoding/encoder.js';
import { TextCache } from './encoding/textCache.js';
import { writeBytes } from './encoding/writeBytes.js';
import { writeDigits } from './encoding/writeDigits.js';
import { writeInteger } from './encoding/writeInteger.js';
import { writeUint } from './encoding/writeUint.js';
import { beganAt } from './sample/beganAt.js';
import { intervalReal } from './sample/intervalReal.js';
import { netCodeOf } from './sample/netCodeOf.js';

/** Enough for 12 numbers of up to 17 bytes, their separators and an id of any 64-bit size. */
const NUMBERS_ROOM = 256;
const TAB = 9;
const LF = 10;
const HASH = 35;
const ZERO = 48;
const DOT = 46;

function field(buffer: Uint8Array, offset: number, value: number): number {
  buffer[offset] = TAB;
  return writeUint(buffer, offset + 1, value);
}

/**
 * The phout line of a sample (Yandex.Tank's format, as Pandora writes it): 12 columns between TABs, LF at the end.
 *
 * `time tag interval_real connect_time send_time latency receive_time interval_event size_out size_in net_code proto_code`
 *
 * Time is Unix seconds with 3 digits; durations are whole microseconds; everything is cut off, not rounded. TAB, CR and LF
 * inside a tag, which would break the line, become a space. An id beyond 2^53 may be a bigint.
 *
 * @param options.id Append `#<id>` to every tag.
 */
export function phoutEncoder(options: { readonly id: boolean }): Encoder<NetSample> {
  const tags = new TextCache((tag) => tag.replaceAll(/[\t\r\n]/g, ' '));
  return (sample, buffer, offset) => {
    const tag = tags.bytes(sample.tag);
    if (buffer.length - offset < NUMBERS_ROOM + tag.length) return NO_ROOM;
    const wholeMs = Math.max(0, Math.floor(beganAt(sample)));
    const seconds = Math.floor(wholeMs / 1000);
    let at = writeUint(buffer, offset, seconds);
    buffer[at] = DOT;
    at = writeDigits(buffer, at + 1, wholeMs - seconds * 1000, 3);
    buffer[at] = TAB;
    at = writeBytes(buffer, at + 1, tag);
    if (options.id) {
      buffer[at] = HASH;
      at = writeInteger(buffer, at + 1, sample.id);
    }
    at = field(buffer, at, micros(intervalReal(sample)));
    at = field(buffer, at, micros(sample.connectTime));
    at = field(buffer, at, micros(sample.sendTime));
    at = field(buffer, at, micros(sample.latency));
    at = field(buffer, at, micros(sample.receiveTime));
    buffer[at] = TAB;
    buffer[at + 1] = ZERO;
    at = field(buffer, at + 2, sample.sizeOut);
    at = field(buffer, at, sample.sizeIn);
    at = field(buffer, at, netCodeOf(sample));
    at = field(buffer, at, sample.protoCode);
    buffer[at] = LF;
    return at + 1;
  };
}
