import type { Bytes } from '../../../core/units.js';
import { CAPTURE_NOTHING, type CaptureRule, ResponseRecorder } from '../capture.js';
import { DumpMeter } from './dumpMeter.js';
import type { ResponseHeadCache } from './headCache.js';
import { hexadecimal, nameEnd, trimBlanks } from './headerBytes.js';
import { LineReader } from './lines.js';
import { ResponseFraming } from './responseFraming.js';

/** The most bytes that the heads of one response (interim responses included), or its trailers, may have. */
export const HEAD_LIMIT: Bytes = 256 * 1024;
/** The most bytes that a chunk's size line may have, extensions included. */
export const CHUNK_LINE_LIMIT: Bytes = 4096;

const STATUS = 0;
const HEADERS = 1;
const SIZED = 2;
const CHUNK_SIZE = 3;
const CHUNK_DATA = 4;
const CHUNK_END = 5;
const TRAILERS = 6;
const UNTIL_CLOSE = 7;
const DONE = 8;
const FAILED = 9;

const LF = 10;
const CR = 13;
const SEMICOLON = 59;

/**
 * Reads HTTP/1.x responses from bytes that arrive in any pieces. It has no socket and no clock. Lines are read in place, without
 * strings, and body bytes are counted and dropped unless the rule keeps them. It is lenient where Go's client is (bare LF, folded
 * headers, missing reason), and strict about the end of a body (RFC 9112).
 *
 * @example
 * const parser = new ResponseParser();
 * const bytes = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi');
 * parser.begin(false);
 * parser.feed(bytes, 0, bytes.length); // where it stopped
 * if (parser.done) console.log(parser.status, parser.bodyBytes);
 */
export class ResponseParser {
  readonly capture = new ResponseRecorder();
  readonly #framing = new ResponseFraming();
  readonly #lines = new LineReader();
  readonly #dump: DumpMeter;
  #state = STATUS;
  #forHead = false;
  #left = 0;
  /** Bytes of the interim responses before the final head. */
  #interim = 0;
  #sawCr = false;
  #cache: ResponseHeadCache | undefined;
  /** Where the head begins in the bytes of this call of `feed`; -1 when it began earlier, or was in the cache. */
  #headStart = -1;
  /** Size of the final head on the wire. */
  headBytes: Bytes = 0;
  /** Body bytes received, chunk framing not counted. */
  bodyBytes: Bytes = 0;
  /** True when the server has sent 100 Continue. */
  continued = false;
  /** The reason that the response cannot be read; empty while it can. */
  reason = '';

  constructor(readonly rule: CaptureRule = CAPTURE_NOTHING) {
    this.#dump = new DumpMeter(rule);
  }

  /**
   * Prepares for the next response.
   *
   * @param forHead True for the response to a HEAD request, which has no body.
   * @param cache The head of an earlier response to the same request; used and kept up to date.
   */
  begin(forHead: boolean, cache?: ResponseHeadCache): void {
    this.#cache = cache;
    this.#headStart = -1;
    this.#state = STATUS;
    this.#forHead = forHead;
    this.#interim = this.headBytes = this.bodyBytes = 0;
    this.continued = this.#sawCr = false;
    this.reason = '';
    this.#lines.reset();
    this.#framing.reset();
    this.capture.reset();
    this.#dump.reset();
  }

  /** Status code, 0 before the final head is complete. */
  get status(): number {
    return this.responded ? this.#framing.status : 0;
  }
  /** True when the final head is complete; stays true when the body fails. */
  get responded(): boolean {
    return this.headBytes > 0;
  }
  get done(): boolean {
    return this.#state === DONE;
  }
  get failed(): boolean {
    return this.#state === FAILED;
  }
  /** phout's size_in: the length of Go's dump of the response. Known when done, and only when all responses are dumped. */
  get dumpBytes(): Bytes {
    return this.#dump.size(this.#framing, this.bodyBytes, this.capture.trailers, this.#forHead);
  }
  /** True when another request may follow on the connection. Known when done. */
  get keepAlive(): boolean {
    return this.#framing.keepAlive && this.#framing.status !== 101;
  }

  /** Reads from `start` to `end` and returns where it stopped: before `end` when the response ended or failed there. */
  feed(bytes: Uint8Array, start: number, end: number): number {
    let at = this.#state === STATUS && this.#lines.section === 0 ? this.#recall(bytes, start, end) : start;
    while (at < end && this.#state < DONE) {
      switch (this.#state) {
        case SIZED:
        case CHUNK_DATA:
          at = this.#takeSized(bytes, at, end);
          break;
        case UNTIL_CLOSE:
          at = this.#takeBody(bytes, at, end);
          break;
        case CHUNK_END:
          at = this.#takeChunkEnd(bytes, at);
          break;
        default:
          at = this.#takeLine(bytes, at, end);
      }
    }
    this.#headStart = -1;
    return at;
  }

  /** Uses the head in the cache when the bytes begin with it. Returns the position after it. */
  #recall(bytes: Uint8Array, start: number, end: number): number {
    const cache = this.#cache;
    if (cache === undefined) return start;
    const length = cache.match(bytes, start, end);
    if (length === 0) {
      this.#headStart = start;
      return start;
    }
    this.#framing.copy(cache.framing);
    this.headBytes = length;
    this.#beginBody();
    return start + length;
  }

  /** Called when the peer has closed. That is the end of a body without a length, and otherwise a failure. */
  finish(): void {
    if (this.#state === UNTIL_CLOSE) this.#state = DONE;
    else if (this.#state < DONE) this.#fail(this.responded ? 'the body is too short' : 'closed early');
  }

  #fail(reason: string): void {
    this.#state = FAILED;
    this.reason = reason;
    this.#lines.reset();
  }

  #takeBody(bytes: Uint8Array, start: number, end: number): number {
    this.bodyBytes += end - start;
    this.#dump.body(bytes, start, end);
    this.capture.content(bytes, start, end);
    return end;
  }

  #takeSized(bytes: Uint8Array, start: number, end: number): number {
    const taken = this.#takeBody(bytes, start, Math.min(end, start + this.#left));
    this.#left -= taken - start;
    if (this.#left === 0) this.#state = this.#state === SIZED ? DONE : CHUNK_END;
    return taken;
  }

  #takeChunkEnd(bytes: Uint8Array, at: number): number {
    const byte = bytes[at];
    if (byte === CR && !this.#sawCr) this.#sawCr = true;
    else if (byte !== LF) this.#fail('malformed chunk');
    else {
      this.#sawCr = false;
      this.#startSection(CHUNK_SIZE);
    }
    return at + 1;
  }

  #takeLine(bytes: Uint8Array, start: number, end: number): number {
    const lines = this.#lines;
    const limit = this.#state === CHUNK_SIZE ? CHUNK_LINE_LIMIT : HEAD_LIMIT;
    const inHead = this.#state === HEADERS;
    const at = lines.read(bytes, start, end, limit, inHead || this.#state === TRAILERS);
    if (lines.found) this.#line(lines.bytes, lines.start, lines.end);
    else if (lines.tooLong) this.#fail(this.#state === CHUNK_SIZE ? 'chunk line too long' : 'headers too long');
    // A head after interim responses, with trailers, or one that is recorded, is not cached.
    const plain = this.#interim === 0 && !this.capture.active && this.#dump.announced.length === 0;
    const cacheable = inHead && this.responded && plain;
    if (cacheable && this.#headStart >= 0) this.#cache?.learn(bytes, this.#headStart, at, this.#framing);
    return at;
  }

  #line(bytes: Uint8Array, start: number, end: number): void {
    switch (this.#state) {
      case STATUS:
        this.#statusLine(bytes, start, end);
        break;
      case HEADERS:
        if (end === start) this.#headEnd();
        else this.#headerLine(bytes, start, end);
        break;
      case CHUNK_SIZE:
        this.#chunkSize(bytes, start, end);
        break;
      default:
        if (end === start) this.#state = DONE;
        else this.#trailerLine(bytes, start, end);
    }
  }

  #statusLine(bytes: Uint8Array, start: number, end: number): void {
    const wrong = this.#framing.statusLine(bytes, start, end);
    if (wrong !== '') {
      this.#fail(wrong);
      return;
    }
    this.#state = HEADERS;
    this.capture.begin(this.rule, this.#framing.status);
    this.capture.line(bytes, start, end);
  }

  #headerLine(bytes: Uint8Array, start: number, end: number): void {
    const wrong = this.#framing.header(bytes, start, end);
    if (wrong !== '') this.#fail(wrong);
    else this.capture.line(bytes, start, end);
  }

  #trailerLine(bytes: Uint8Array, start: number, end: number): void {
    if (nameEnd(bytes, start, end) < 0) this.#fail('malformed trailer');
    else this.capture.trailer(bytes, start, end);
  }

  #headEnd(): void {
    const framing = this.#framing;
    const status = framing.status;
    if (status >= 100 && status < 200 && status !== 101) {
      if (status === 100) this.continued = true;
      this.#interim = this.#lines.section;
      framing.reset();
      this.capture.reset();
      this.#state = STATUS;
      return;
    }
    this.headBytes = this.#lines.section - this.#interim;
    this.#dump.head(this.#framing, this.capture, this.#forHead);
    this.#beginBody();
  }

  /** The final head is complete. */
  #beginBody(): void {
    const framing = this.#framing;
    const { status } = framing;
    if (this.#forHead || status === 101 || status === 204 || status === 304) this.#state = DONE;
    else if (framing.chunked) this.#startSection(CHUNK_SIZE);
    else if (framing.length === 0) this.#state = DONE;
    else if (framing.length > 0) {
      this.#left = framing.length;
      this.#state = SIZED;
    } else this.#state = UNTIL_CLOSE;
  }

  #chunkSize(bytes: Uint8Array, start: number, end: number): void {
    let stop = start;
    while (stop < end && bytes[stop] !== SEMICOLON) stop++;
    const size = hexadecimal(bytes, start, trimBlanks(bytes, start, stop));
    if (size < 0) this.#fail('malformed chunk size');
    else if (size > 0) {
      this.#left = size;
      this.#state = CHUNK_DATA;
    } else this.#startSection(TRAILERS);
  }

  #startSection(state: number): void {
    this.#lines.section = 0;
    this.#state = state;
  }
}
