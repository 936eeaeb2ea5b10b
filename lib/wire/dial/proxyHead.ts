import type { Bytes } from '../../core/units.js';

/** The longest head of a response to `CONNECT`. */
const MAX_HEAD: Bytes = 64 * 1024;
const MAX_LINE: Bytes = 1024;
const STATUS_LINE = /^HTTP\/1\.\d (\d{3})(?: |$)/;
const [CR, LF] = [13, 10];

/** Reads the head of the response to `CONNECT`, in pieces of any size. Only the first line is kept. */
export class ProxyHead {
  /** The status; 0 until the first line is complete. */
  status = 0;
  /** True after the empty line. */
  done = false;
  /** The reason that this is not a head of HTTP; empty while it can be one. */
  problem = '';
  #line = '';
  #length: Bytes = 0;
  #lineEmpty = false;

  /** Reads the next bytes. Returns how many of them are part of the head. */
  feed(bytes: Uint8Array, length: number): Bytes {
    for (let at = 0; at < length; at++) {
      const byte = bytes[at] as number;
      if (++this.#length > MAX_HEAD) this.problem = `its head is longer than ${MAX_HEAD} bytes`;
      else if (this.status === 0) this.#firstLine(byte);
      else if (byte === LF) {
        this.done = this.#lineEmpty;
        this.#lineEmpty = true;
      } else if (byte !== CR) this.#lineEmpty = false;
      if (this.done || this.problem !== '') return at + 1;
    }
    return length;
  }

  #firstLine(byte: number): void {
    if (byte !== LF) {
      this.#line += String.fromCharCode(byte);
      if (this.#line.length > MAX_LINE) this.problem = `its first line is longer than ${MAX_LINE} bytes`;
      return;
    }
    const line = this.#line.replace(/\r$/, '');
    this.status = Number(STATUS_LINE.exec(line)?.[1] ?? 0);
    if (this.status < 100) this.problem = `${JSON.stringify(line.slice(0, 80))} is no status line of HTTP/1`;
    this.#lineEmpty = true;
  }
}
