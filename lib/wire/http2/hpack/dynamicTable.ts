import type { Bytes } from '../../../core/units.js';
import type { Field } from './staticTable.js';

/** The size of a table before anything else is said (RFC 9113, section 6.5.2). */
export const DEFAULT_TABLE: Bytes = 4096;
/** What every entry counts besides its texts (RFC 7541, section 4.1). */
const OVERHEAD: Bytes = 32;

/** Size of a field as the limits of HPACK and of header lists count it. */
export function fieldSize([name, value]: Field): Bytes {
  return name.length + value.length + OVERHEAD;
}

/** The fields that the peer has asked to remember, up to a size; the oldest are evicted. */
export class DynamicTable {
  /** Oldest first. At most 128: each counts at least 32 bytes. */
  readonly #fields: Field[] = [];
  #size: Bytes = 0;
  #capacity: Bytes = DEFAULT_TABLE;

  get capacity(): Bytes {
    return this.#capacity;
  }

  /** Changes the capacity. The caller has compared it with {@link DEFAULT_TABLE}. */
  resize(capacity: Bytes): void {
    this.#capacity = capacity;
    this.#evict(0);
  }

  /** @param index 0 = the newest. */
  get(index: number): Field | undefined {
    return this.#fields[this.#fields.length - 1 - index];
  }

  /** A field larger than the table empties it, and is not an error. */
  add(field: Field): void {
    const size = fieldSize(field);
    this.#evict(size);
    if (size > this.#capacity) return;
    this.#fields.push(field);
    this.#size += size;
  }

  #evict(needed: Bytes): void {
    while (this.#size > 0 && this.#size + needed > this.#capacity) {
      this.#size -= fieldSize(this.#fields.shift() as Field);
    }
  }
}
