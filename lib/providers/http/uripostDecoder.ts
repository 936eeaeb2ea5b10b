import type { Buffer } from 'node:buffer';
import { excerpt } from '../../core/errorContext.js';
import { parseUrl, type RequestUrl, withoutEmptyPort } from '../../protocols/requestUrl.js';
import { type Decoding, type HttpRow, pushRow, sizeOf } from './decoding.js';
import { HeaderFile, MAX_HEADERS_HINT, parseHeaderLine, TOO_MANY_HEADERS } from './headers.js';
import { SizedDecoder, type SizedLine } from './sizedDecoder.js';

interface UripostLine extends SizedLine {
  readonly url: RequestUrl;
  readonly tag: string;
}

/**
 * Decodes the `uripost` format: a line `SIZE URI [tag]`, then SIZE bytes of body; `[Name: value]` lines set headers for
 * the items after them. The method is POST.
 */
export class UripostDecoder extends SizedDecoder<UripostLine> {
  protected override readonly uriField = 1;
  readonly #headers: HeaderFile;

  constructor(decoding: Decoding) {
    super(decoding);
    this.#headers = new HeaderFile(decoding.headers);
  }

  protected line(line: string): UripostLine | undefined {
    if (line.startsWith('[')) {
      const header = parseHeaderLine(line);
      if (header === undefined) {
        return this.bad('bad-header-line', `${excerpt(line)} is not a header line`, 'write [Name: value]');
      }
      if (this.#headers.add(header)) return undefined;
      return this.bad('bad-header-line', `${excerpt(line)} ${TOO_MANY_HEADERS}`, MAX_HEADERS_HINT);
    }
    const [written = '', uri, ...tag] = line.split(' ');
    if (uri === undefined) {
      const hint = 'write "SIZE URI" or "SIZE URI tag"; after a size that is too small the next line is wrong';
      return this.bad('bad-request-line', `${excerpt(line)} has no URI`, hint);
    }
    const size = sizeOf(written);
    if (size === undefined) {
      return this.bad('bad-size', `${excerpt(line)} does not start with a size`, 'the number of bytes in the body');
    }
    const url = parseUrl(uri, 'reference');
    if (typeof url === 'string') return this.bad('bad-uri', `${excerpt(line)} has no valid URI`, url);
    return { size, url, tag: tag.join(' ') };
  }

  protected item({ url, tag }: UripostLine, bytes: Buffer, from: number, to: number, rows: HttpRow[]): void {
    const { host, headers } = this.#headers.inForce;
    const { target, path } = url;
    const own = url.host === '' ? host : withoutEmptyPort(url.host);
    const body = from === to ? null : bytes.subarray(from, to);
    const request = { method: 'POST', target, path, host: own, headers, body, close: false, chunked: false };
    pushRow(rows, { tag, request, problem: undefined }, this.decoding, this.lineNumber);
  }
}
