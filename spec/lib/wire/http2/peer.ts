import { encodeHead } from '../../../../lib/wire/http2/hpack/encodeHead.js';
import { HeaderDecoder } from '../../../../lib/wire/http2/hpack/headerDecoder.js';

/** Frame types and flags, by the names of RFC 9113. */
export const TYPES = [
  'DATA',
  'HEADERS',
  'PRIORITY',
  'RST_STREAM',
  'SETTINGS',
  'PUSH_PROMISE',
  'PING',
  'GOAWAY',
  'WINDOW_UPDATE',
  'CONTINUATION',
] as const;
export type FrameType = (typeof TYPES)[number] | number;
export const [ACK, END_STREAM, END_HEADERS, PADDED, PRIORITY] = [0x1, 0x1, 0x4, 0x8, 0x20];

/** The bytes of a frame. */
export function frame(type: FrameType, flags: number, id: number, payload: Uint8Array | string = ''): Buffer {
  const body = typeof payload === 'string' ? Buffer.from(payload, 'latin1') : Buffer.from(payload);
  const head = Buffer.alloc(9);
  head.writeUIntBE(body.length, 0, 3);
  head[3] = typeof type === 'number' ? type : TYPES.indexOf(type);
  head[4] = flags;
  head.writeUInt32BE(id, 5);
  return Buffer.concat([head, body]);
}

/** Numbers of 32 bits as bytes. */
export function words(...numbers: number[]): Buffer {
  const bytes = Buffer.alloc(numbers.length * 4);
  for (const [i, number] of numbers.entries()) bytes.writeUInt32BE(number, i * 4);
  return bytes;
}

/** A SETTINGS frame. */
export function settings(pairs: Record<number, number> = {}): Buffer {
  const payload = Object.entries(pairs).map(([id, value]) => {
    const bytes = Buffer.alloc(6);
    bytes.writeUInt16BE(Number(id), 0);
    bytes.writeUInt32BE(value, 2);
    return bytes;
  });
  return frame('SETTINGS', 0, 0, Buffer.concat(payload));
}

export const block = (fields: Record<string, string>): Buffer => Buffer.from(encodeHead(Object.entries(fields)).block);

/** HEADERS with a whole block. */
export function headers(id: number, fields: Record<string, string>, flags = 0): Buffer {
  return frame('HEADERS', END_HEADERS | flags, id, block(fields));
}

export const data = (id: number, text: string, flags = 0): Buffer => frame('DATA', flags, id, text);
export const goaway = (lastId: number, code = 0, text = ''): Buffer =>
  frame('GOAWAY', 0, 0, Buffer.concat([words(lastId, code), Buffer.from(text)]));

/** A whole response. */
export function response(id: number, body = 'ok'): Buffer {
  return Buffer.concat([
    headers(id, { ':status': '200', 'content-length': `${body.length}` }),
    data(id, body, END_STREAM),
  ]);
}

/** A frame of the client. */
export interface SentFrame {
  readonly type: string;
  readonly flags: number;
  readonly id: number;
  readonly payload: Buffer;
}

const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';

/** Reads what a client has sent, as far as it is whole. */
export class SentFrames {
  #bytes: Buffer = Buffer.alloc(0);
  #preface = false;
  readonly #decoder = new HeaderDecoder(1_000_000);

  /** The frames that are new in these bytes. */
  read(bytes: Uint8Array): SentFrame[] {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    if (!this.#preface) {
      if (this.#bytes.length < PREFACE.length) return [];
      if (this.#bytes.toString('latin1', 0, PREFACE.length) !== PREFACE) throw new Error('no preface');
      this.#preface = true;
      this.#bytes = this.#bytes.subarray(PREFACE.length);
    }
    const frames: SentFrame[] = [];
    for (;;) {
      const length = this.#bytes.length < 9 ? Number.POSITIVE_INFINITY : this.#bytes.readUIntBE(0, 3);
      if (this.#bytes.length < 9 + length) return frames;
      const [type = 0, flags = 0] = this.#bytes.subarray(3, 5);
      const payload = this.#bytes.subarray(9, 9 + length);
      frames.push({ type: TYPES[type] ?? String(type), flags, id: this.#bytes.readUInt32BE(5), payload });
      this.#bytes = this.#bytes.subarray(9 + length);
    }
  }

  /** A frame in short: `HEADERS 1 END_STREAM GET /`, `DATA 1 5 bytes`. */
  text({ type, flags, id, payload }: SentFrame): string {
    const ends = (type === 'DATA' || type === 'HEADERS') && (flags & END_STREAM) !== 0 ? ' END_STREAM' : '';
    const ack = (type === 'SETTINGS' || type === 'PING') && (flags & ACK) !== 0 ? ' ACK' : '';
    return `${type} ${id}${ends}${ack}${this.#detail(type, flags, payload)}`;
  }

  #detail(type: string, flags: number, payload: Buffer): string {
    switch (type) {
      case 'DATA':
      case 'CONTINUATION':
        return ` ${payload.length} bytes`;
      case 'HEADERS': {
        if ((flags & END_HEADERS) === 0) return ` ${payload.length} bytes`;
        if (!this.#decoder.decode(payload, 0, payload.length)) return ' malformed';
        const resized = payload[0] === 0x20 ? ' resized' : '';
        return `${resized} ${this.#decoder.fields.map(([name, value]) => (name.startsWith(':') ? value : `${name}=${value}`)).join(' ')}`;
      }
      case 'RST_STREAM':
      case 'WINDOW_UPDATE':
        return ` ${payload.readUInt32BE(0)}`;
      case 'GOAWAY':
        return ` ${payload.readUInt32BE(4)}`;
      default:
        return '';
    }
  }
}
