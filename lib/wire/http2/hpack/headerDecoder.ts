import type { Bytes } from '../../../core/units.js';
import { DEFAULT_TABLE, DynamicTable, fieldSize } from './dynamicTable.js';
import { huffmanDecode } from './huffman.js';
import { type Field, STATIC_TABLE } from './staticTable.js';

/** Integers above this are errors: no index, size or length is larger. */
const MAX_INTEGER = 2 ** 24;
/** Most updates of the table size at the start of a block (RFC 7541, section 4.2). */
const MAX_UPDATES = 2;

/**
 * Decodes header blocks of one connection (RFC 7541). After an error the table is out of step with the peer, so the connection
 * cannot be used further.
 *
 * @example
 * const decoder = new HeaderDecoder(1024);
 * if (decoder.decode(Uint8Array.of(0x88), 0, 1)) console.log(decoder.fields); // [[':status', '200']]
 */
export class HeaderDecoder {
  /** The fields of the last block, values with a character per byte; empty when they were too long. */
  fields: Field[] = [];
  /** True when the fields of the last block exceeded the limit. They were decoded, but not kept. */
  tooLong = false;
  /** True when the last block named neither the dynamic table nor its size: equal bytes mean equal fields with any table. */
  anyTable = false;
  readonly #table = new DynamicTable();
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  #end = 0;
  #size: Bytes = 0;
  #failed = false;

  /** @param limit Most bytes of a header list; each field counts 32 more than its name and value. */
  constructor(readonly limit: Bytes) {}

  /** True when the table has no room. While it has none, equal bytes mean equal fields. */
  get emptyTable(): boolean {
    return this.#table.capacity === 0;
  }

  /** Decodes a block. Returns false when it is not valid. */
  decode(bytes: Uint8Array, start: number, end: number): boolean {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
    this.#size = 0;
    this.fields = [];
    this.anyTable = true;
    this.tooLong = this.#failed = false;
    this.#updates();
    while (this.#at < end && !this.#failed) this.#field();
    if (this.tooLong) this.fields = [];
    return !this.#failed;
  }

  /** Updates of the table size are only valid at the start of a block. */
  #updates(): void {
    for (let seen = 0; this.#at < this.#end && ((this.#bytes[this.#at] as number) & 0xe0) === 0x20; seen++) {
      const capacity = this.#integer(5);
      if (seen === MAX_UPDATES || capacity > DEFAULT_TABLE) this.#failed = true;
      if (this.#failed) return;
      this.anyTable = false;
      this.#table.resize(capacity);
    }
  }

  #field(): void {
    const byte = this.#bytes[this.#at] as number;
    if (byte >= 0x80) {
      const found = this.#entry(this.#integer(7));
      if (found !== undefined) this.#keep(found);
      return;
    }
    if ((byte & 0xe0) === 0x20) {
      this.#failed = true;
      return;
    }
    const indexes = byte >= 0x40;
    const index = this.#integer(indexes ? 6 : 4);
    const name = index === 0 ? this.#string() : this.#entry(index)?.[0];
    const value = this.#failed ? undefined : this.#string();
    if (name === undefined || value === undefined) return;
    const field: Field = [name, value];
    if (indexes) {
      this.anyTable = false;
      this.#table.add(field);
    }
    this.#keep(field);
  }

  #keep(field: Field): void {
    this.#size += fieldSize(field);
    if (this.#size > this.limit) this.tooLong = true;
    else this.fields.push(field);
  }

  #entry(index: number): Field | undefined {
    const own = index - STATIC_TABLE.length - 1;
    if (own >= 0) this.anyTable = false;
    const found = own < 0 ? STATIC_TABLE[index - 1] : this.#table.get(own);
    if (found === undefined) this.#failed = true;
    return found;
  }

  /** An integer of which the first byte has `prefix` bits. */
  #integer(prefix: number): number {
    const most = (1 << prefix) - 1;
    let value = (this.#bytes[this.#at++] as number) & most;
    if (value < most) return value;
    for (let factor = 1; factor <= MAX_INTEGER; factor *= 128) {
      if (this.#at >= this.#end) break;
      const byte = this.#bytes[this.#at++] as number;
      value += (byte & 127) * factor;
      if (byte >= 128) continue;
      if (value <= MAX_INTEGER) return value;
      break;
    }
    this.#failed = true;
    return 0;
  }

  #string(): string | undefined {
    if (this.#at >= this.#end) {
      this.#failed = true;
      return undefined;
    }
    const coded = (this.#bytes[this.#at] as number) >= 0x80;
    const length = this.#integer(7);
    const start = this.#at;
    const end = start + length;
    if (this.#failed || end > this.#end) {
      this.#failed = true;
      return undefined;
    }
    this.#at = end;
    const bytes = this.#bytes;
    const plain = (): string => Buffer.from(bytes.buffer, bytes.byteOffset + start, length).toString('latin1');
    const text = coded ? huffmanDecode(bytes, start, end) : plain();
    if (text === undefined) this.#failed = true;
    return text;
  }
}
