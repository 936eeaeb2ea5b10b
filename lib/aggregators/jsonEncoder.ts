import type { NetSample } from '../protocols/netSample.js';
import { type Encoder, NO_ROOM } from './encoding/encoder.js';
import { TextCache } from './encoding/textCache.js';
import { writeBytes } from './encoding/writeBytes.js';
import { writeDigits } from './encoding/writeDigits.js';
import { writeInteger } from './encoding/writeInteger.js';
import { writeUint } from './encoding/writeUint.js';
import type { JsonOptions } from './jsonOptions.js';
import { sampleFields } from './sampleFields.js';

const NUMBER_ROOM = 24;

/** One line of JSON per network sample, with the keys of {@link sampleFields}. */
export function jsonEncoder({ sortMapKeys = false }: JsonOptions = {}): Encoder<NetSample> {
  const fields = (sortMapKeys ? sampleFields.toSorted((a, b) => (a.name < b.name ? -1 : 1)) : sampleFields).map(
    (field, i) => ({
      ...field,
      key: Buffer.from(`${i === 0 ? '{' : ','}${JSON.stringify(field.name)}:`),
    }),
  );
  const room = fields.reduce((sum, { key }) => sum + key.length + NUMBER_ROOM, 2);
  const texts = new TextCache((text) => JSON.stringify(text));
  return (sample, buffer, offset) => {
    let left = buffer.length - offset - room;
    if (left < 0) return NO_ROOM;
    let at = offset;
    for (const field of fields) {
      at = writeBytes(buffer, at, field.key);
      if (field.kind === 'text') {
        const bytes = texts.bytes(field.read(sample));
        left -= bytes.length;
        if (left < 0) return NO_ROOM;
        at = writeBytes(buffer, at, bytes);
      } else if (field.kind === 'integer') {
        at = writeInteger(buffer, at, field.read(sample));
      } else {
        const epochMicros = field.read(sample);
        const seconds = Math.floor(epochMicros / 1e6);
        at = writeUint(buffer, at, seconds);
        buffer[at] = 46;
        at = writeDigits(buffer, at + 1, epochMicros - seconds * 1e6, 6);
      }
    }
    buffer[at] = 125;
    buffer[at + 1] = 10;
    return at + 2;
  };
}
