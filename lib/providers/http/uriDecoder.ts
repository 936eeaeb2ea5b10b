import { Buffer, isUtf8 } from 'node:buffer';
import { excerpt } from '../../core/errorContext.js';
import { parseUrl, withoutEmptyPort } from '../../protocols/requestUrl.js';
import type { BatchDecoder } from '../reading/batchDecoder.js';
import { Remainder } from '../reading/remainder.js';
import { type Decoding, type HttpRow, MAX_LINE_SIZE, pushRow } from './decoding.js';
import { HeaderFile, MAX_HEADERS_HINT, parseHeaderLine, TOO_MANY_HEADERS } from './headers.js';
import { lineText } from './rawRequest.js';

const NEWLINE = 10;
const BRACKET = 91;

/**
 * Decodes the `uri` format: a URI per line, and optionally a space and a tag. `[Name: value]` lines set headers for the
 * lines after them. The method is GET.
 */
export class UriDecoder implements BatchDecoder<HttpRow> {
  readonly #carry = new Remainder();
  readonly #headers: HeaderFile;
  readonly #longest: number;
  /** Lines read so far. */
  #line = 0;
  /** True while the rest of a line that is too long is skipped. */
  #passing = false;

  constructor(private readonly decoding: Decoding) {
    this.#headers = new HeaderFile(decoding.headers);
    this.#longest = decoding.maxSize > 0 ? decoding.maxSize : MAX_LINE_SIZE;
  }

  push(chunk: Uint8Array, rows: HttpRow[]): void {
    const wanted = this.#passing ? this.#afterLongLine(chunk) : chunk;
    const bytes = this.#carry.add(wanted);
    if (bytes !== undefined) {
      const end = bytes.lastIndexOf(NEWLINE) + 1;
      this.#carry.keep(bytes.subarray(end));
      this.#lines(bytes.subarray(0, end), rows);
    }
    if (this.#carry.size > this.#longest) {
      this.#line++;
      this.#carry.take();
      this.#passing = true;
      this.#tooLong();
    }
  }

  end(rows: HttpRow[]): void {
    const rest = this.#carry.take();
    if (rest.length > 0) this.#lines(Buffer.concat([rest, Buffer.of(NEWLINE)]), rows);
  }

  #afterLongLine(chunk: Uint8Array): Uint8Array {
    const end = chunk.indexOf(NEWLINE);
    this.#passing = end < 0;
    return end < 0 ? chunk.subarray(chunk.length) : chunk.subarray(end + 1);
  }

  /** Whole lines, each with its newline. */
  #lines(bytes: Buffer, rows: HttpRow[]): void {
    const text = isUtf8(bytes) ? bytes.toString() : this.#recoded(bytes);
    let at = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', at)) {
      const line = text.slice(at, end);
      at = end + 1;
      this.#line++;
      const long = line.length * 3 > this.#longest && Buffer.byteLength(line) > this.#longest;
      if (long) this.#tooLong();
      else this.#item(line.trim(), rows);
    }
  }

  /** Lines of which some are not UTF-8. */
  #recoded(bytes: Buffer): string {
    let text = '';
    let at = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, at)) {
      text += `${lineText(bytes.subarray(at, end), 0)}\n`;
      at = end + 1;
    }
    return text;
  }

  #item(line: string, rows: HttpRow[]): void {
    if (line === '') return;
    if (line.charCodeAt(0) === BRACKET) {
      const header = parseHeaderLine(line);
      if (header === undefined) this.#bad('bad-header-line', line, 'is not a header line', 'write [Name: value]');
      else if (!this.#headers.add(header)) this.#bad('bad-header-line', line, TOO_MANY_HEADERS, MAX_HEADERS_HINT);
      return;
    }
    const space = line.indexOf(' ');
    const url = parseUrl(space < 0 ? line : line.slice(0, space), 'reference');
    if (typeof url === 'string') {
      this.#bad('bad-uri', line, 'is not a URI', `${url}; only a space separates the tag`);
      return;
    }
    const { host, headers } = this.#headers.inForce;
    const { target, path } = url;
    const own = url.host === '' ? host : withoutEmptyPort(url.host);
    const tag = space < 0 ? '' : line.slice(space + 1);
    const request = { method: 'GET', target, path, host: own, headers, body: null, close: false, chunked: false };
    pushRow(rows, { tag, request, problem: undefined }, this.decoding, this.#line);
  }

  #bad(kind: 'bad-header-line' | 'bad-uri', line: string, what: string, hint: string): void {
    this.decoding.troubles.bad(kind, `${this.decoding.name}:${this.#line}: ${excerpt(line)} ${what}`, hint);
  }

  #tooLong(): void {
    const message = `${this.decoding.name}:${this.#line}: the line is longer than ${this.#longest} bytes`;
    this.decoding.troubles.bad('line-too-long', message, 'maxammosize sets another limit, in bytes');
  }
}
