import type { Bytes } from '../../../core/units.js';
import { decimal, listHas, nameEnd, skipBlanks, spells, trimBlanks, word } from './headerBytes.js';

const CONNECTION = word('connection');
const CONTENT_LENGTH = word('content-length');
const TRANSFER_ENCODING = word('transfer-encoding');
const CHUNKED = word('chunked');
const CLOSE = word('close');
const KEEP_ALIVE = word('keep-alive');
const PROTOCOL = word('http/');
const SPACE = 32;

/** The end of the body of a response, and whether the connection stays open, from its head (RFC 9112). */
export class ResponseFraming {
  /** Status code, 0 before it is known. */
  status = 0;
  /** Value of Content-Length, -1 without one. */
  length = -1;
  chunked = false;
  /** Size of the dump of the head, when it is measured. */
  dumpBytes: Bytes = 0;
  /** True when the dump has the body unpacked. */
  unpacks = false;
  #modern = true;
  #close = false;
  #keep = false;

  reset(): void {
    this.status = 0;
    this.length = -1;
    this.chunked = this.unpacks = this.#close = this.#keep = false;
    this.#modern = true;
    this.dumpBytes = 0;
  }

  /** Copies the meaning of another head. */
  copy(other: ResponseFraming): void {
    this.status = other.status;
    this.length = other.length;
    this.chunked = other.chunked;
    this.dumpBytes = other.dumpBytes;
    this.unpacks = other.unpacks;
    this.#modern = other.#modern;
    this.#close = other.#close;
    this.#keep = other.#keep;
  }

  /** True for HTTP/1.1 and later. */
  get modern(): boolean {
    return this.#modern;
  }

  /** True when a Connection header says close. */
  get closes(): boolean {
    return this.#close;
  }

  get keepAlive(): boolean {
    return this.#modern ? !this.#close : this.#keep && !this.#close;
  }

  /** Reads a status line without its line end. Returns its error, or an empty text. */
  statusLine(bytes: Uint8Array, start: number, end: number): string {
    // HTTP/1.1 200 Reason; the reason and even the space before it may be missing.
    if (end - start < 12 || !spells(bytes, start, start + 5, PROTOCOL)) return 'malformed status line';
    const major = (bytes[start + 5] as number) - 48;
    const minor = (bytes[start + 7] as number) - 48;
    if (bytes[start + 6] !== 46 || major < 0 || major > 9 || minor < 0 || minor > 9) return 'malformed HTTP version';
    if (bytes[start + 8] !== SPACE) return 'malformed status line';
    const from = skipBlanks(bytes, start + 8, end);
    const status = from + 3 <= end ? decimal(bytes, from, from + 3) : -1;
    // The results cannot show status 000.
    if (status <= 0 || (from + 3 < end && bytes[from + 3] !== SPACE)) return 'malformed status code';
    this.#modern = major > 1 || (major === 1 && minor > 0);
    this.status = status;
    return '';
  }

  /** Reads a header line without its line end. Returns its error, or an empty text. */
  header(bytes: Uint8Array, start: number, end: number): string {
    const colon = nameEnd(bytes, start, end);
    if (colon < 0) return 'malformed header line';
    switch (colon - start) {
      case CONNECTION.length:
        if (spells(bytes, start, colon, CONNECTION)) this.#connection(bytes, colon + 1, end);
        return '';
      case CONTENT_LENGTH.length:
        return spells(bytes, start, colon, CONTENT_LENGTH) ? this.#contentLength(bytes, colon + 1, end) : '';
      case TRANSFER_ENCODING.length:
        return spells(bytes, start, colon, TRANSFER_ENCODING) ? this.#transferEncoding(bytes, colon + 1, end) : '';
      default:
        return '';
    }
  }

  #connection(bytes: Uint8Array, start: number, end: number): void {
    if (listHas(bytes, start, end, CLOSE)) this.#close = true;
    if (listHas(bytes, start, end, KEEP_ALIVE)) this.#keep = true;
  }

  #contentLength(bytes: Uint8Array, start: number, end: number): string {
    const from = skipBlanks(bytes, start, end);
    const value = decimal(bytes, from, trimBlanks(bytes, from, end));
    if (value < 0) return 'bad Content-Length';
    if (this.length >= 0 && this.length !== value) return 'two different Content-Lengths';
    this.length = value;
    return '';
  }

  #transferEncoding(bytes: Uint8Array, start: number, end: number): string {
    // HTTP/1.0 has no transfer codings, so the header is ignored.
    if (!this.#modern) return '';
    const from = skipBlanks(bytes, start, end);
    if (this.chunked || !spells(bytes, from, trimBlanks(bytes, from, end), CHUNKED)) {
      return 'unsupported Transfer-Encoding';
    }
    this.chunked = true;
    return '';
  }
}
