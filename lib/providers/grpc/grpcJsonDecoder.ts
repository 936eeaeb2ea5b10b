import { Buffer } from 'node:buffer';
import { describeError, excerpt } from '../../core/errorContext.js';
import type { Bytes } from '../../core/units.js';
import { type ExactJson, type ExactJsonMap, parseExactJson } from '../../protocols/exactJson.js';
import type { GrpcCall, GrpcMetadata } from '../../protocols/grpc.js';
import { withoutMark } from '../json/jsonDecoder.js';
import type { BadAmmoPolicy } from '../reading/ammoError.js';
import type { BatchDecoder } from '../reading/batchDecoder.js';
import { Remainder } from '../reading/remainder.js';

const NEWLINE = 10;
/** The longest line when no limit is set: that of the original. */
const MAX_LINE: Bytes = 64 * 1024;

/** One decoded gRPC call. The call is shared by all passes, so that a gun can keep its encoded form. */
export interface GrpcRow {
  /** Its line in the source, from 1. */
  readonly line: number;
  readonly tag: string;
  readonly call: GrpcCall;
  readonly problem: string | undefined;
}

/** Options of {@link GrpcJsonDecoder}. */
export interface GrpcJsonDecoding {
  /** Name of the source, for messages. */
  readonly name: string;
  /** Longest line; 0 for 64 KiB. */
  readonly maxSize: Bytes;
  /** A bad line becomes a row that cannot be shot, instead of an error. */
  readonly keepBad: boolean;
  readonly troubles: BadAmmoPolicy;
}

const isMap = (value: ExactJson | undefined): value is ExactJsonMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The members that count, by their names in lower case; of a repeated name the last one counts. */
function membersOf(value: ExactJsonMap): Map<string, ExactJson> {
  return new Map(Object.entries(value).map(([name, each]) => [name.toLowerCase(), each]));
}

function textOf(members: ReadonlyMap<string, ExactJson>, name: string): string | undefined {
  const value = members.get(name) ?? '';
  return typeof value === 'string' ? value : undefined;
}

/** The item of a line, or the reason that it is none. */
function itemOf(value: ExactJson, place: string): Pick<GrpcRow, 'tag' | 'call'> | string {
  if (!isMap(value)) return 'it is not an object with call and payload';
  const members = membersOf(value);
  const [tag, method] = [textOf(members, 'tag'), textOf(members, 'call')];
  if (tag === undefined) return 'tag is not a text';
  if (method === undefined) return 'call is not a text';
  const metadata = members.get('metadata') ?? null;
  if (metadata !== null && !(isMap(metadata) && Object.values(metadata).every((each) => typeof each === 'string'))) {
    return 'metadata is not an object of texts';
  }
  const payload = members.get('payload') ?? null;
  if (payload !== null && !isMap(payload)) return 'payload is not an object';
  const call = { method, metadata: metadata as GrpcMetadata | null, payload, place };
  const messages = members.get('messages');
  if (messages === undefined) return { tag, call };
  if (!Array.isArray(messages) || !messages.every(isMap)) return 'messages is not a list of objects';
  return { tag, call: { ...call, messages } };
}

/**
 * Decodes the `grpc/json` format: a JSON object per line with tag, call, metadata and payload, or messages for streams. The case of these names does not
 * count, other members and blank lines are ignored.
 */
export class GrpcJsonDecoder implements BatchDecoder<GrpcRow> {
  readonly #carry = new Remainder();
  readonly #longest: Bytes;
  #line = 0;
  /** True while the rest of a line that is too long is passed over. */
  #passing = false;

  constructor(private readonly decoding: GrpcJsonDecoding) {
    this.#longest = decoding.maxSize > 0 ? decoding.maxSize : MAX_LINE;
  }

  push(chunk: Uint8Array, rows: GrpcRow[]): void {
    const bytes = this.#carry.add(this.#passing ? this.#afterLongLine(chunk) : chunk);
    if (bytes !== undefined) {
      const end = bytes.lastIndexOf(NEWLINE) + 1;
      this.#carry.keep(bytes.subarray(end));
      this.#lines(bytes.subarray(0, end), rows);
    }
    if (this.#carry.size > this.#longest + 1) {
      this.#line++;
      this.#carry.take();
      this.#passing = true;
      this.#tooLong(rows);
    }
  }

  end(rows: GrpcRow[]): void {
    const rest = this.#carry.take();
    if (rest.length > 0) this.#lines(Buffer.concat([rest, Buffer.of(NEWLINE)]), rows);
  }

  #afterLongLine(chunk: Uint8Array): Uint8Array {
    const end = chunk.indexOf(NEWLINE);
    this.#passing = end < 0;
    return end < 0 ? chunk.subarray(chunk.length) : chunk.subarray(end + 1);
  }

  /** Whole lines, each with its newline. */
  #lines(bytes: Buffer, rows: GrpcRow[]): void {
    let at = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, at)) {
      const line = bytes.subarray(at, end);
      at = end + 1;
      this.#line++;
      if (line.length > this.#longest) this.#tooLong(rows);
      else this.#item(line, rows);
    }
  }

  #item(line: Uint8Array, rows: GrpcRow[]): void {
    const bytes = this.#line === 1 ? withoutMark(line) : line;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString().trim();
    if (text === '') return;
    const place = `${this.decoding.name}:${this.#line}`;
    let item: ReturnType<typeof itemOf>;
    try {
      item = itemOf(parseExactJson(text), place);
    } catch (error) {
      item = describeError(error).replace(/ in JSON.*|, ".*/s, '');
    }
    if (typeof item === 'string') this.#bad('bad-json', `${place}: ${excerpt(text)} is bad: ${item}`, rows);
    else rows.push({ ...item, line: this.#line, problem: undefined });
  }

  #tooLong(rows: GrpcRow[]): void {
    const message = `${this.decoding.name}:${this.#line}: the line is longer than ${this.#longest} bytes`;
    this.#bad('line-too-long', message, rows);
  }

  #bad(kind: 'bad-json' | 'line-too-long', message: string, rows: GrpcRow[]): void {
    const { keepBad, troubles } = this.decoding;
    const hint =
      kind === 'bad-json'
        ? 'one object per line, such as {"tag":"t","call":"pkg.Service.Method","payload":{}}'
        : 'maxammosize sets another limit, in bytes';
    if (!keepBad) troubles.bad(kind, message, hint);
    troubles.unshootable(message);
    rows.push({ line: this.#line, tag: '', call: { method: '', metadata: null, payload: null }, problem: message });
  }
}
