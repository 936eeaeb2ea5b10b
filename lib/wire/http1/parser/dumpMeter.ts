import type { Bytes } from '../../../core/units.js';
import type { CaptureRule, ResponseRecorder } from '../capture.js';
import { dumpedBodyBytes, dumpedHead, dumpedHeadBytes } from '../dump.js';
import type { ResponseFraming } from './responseFraming.js';

const TRAILER: Bytes = 4;
/** The shortest gzip: a head of 10 bytes, an empty block of 2, and a trailer of 8. */
const LEAST: Bytes = 20;

/**
 * The unpacked size of a gzip body, as its last four bytes state it (RFC 1952): the body need not be unpacked, so a
 * bomb has no effect. With several parts it is the size of the last.
 */
class GzipSize {
  readonly #last = new Uint8Array(TRAILER);
  #first = 0;
  #length: Bytes = 0;

  reset(): void {
    this.#first = this.#length = 0;
  }

  feed(bytes: Uint8Array, start: number, end: number): void {
    for (let at = start; at < end && this.#length + at - start < 2; at++)
      this.#first = this.#first * 256 + (bytes[at] as number);
    this.#length += end - start;
    const taken = Math.min(TRAILER, end - start);
    this.#last.copyWithin(0, taken);
    this.#last.set(bytes.subarray(end - taken, end), TRAILER - taken);
  }

  /** The unpacked size; for a body that is not gzip, the size as received. */
  get size(): Bytes {
    if (this.#first !== 0x1f8b || this.#length < LEAST) return this.#length;
    return new DataView(this.#last.buffer).getUint32(0, true);
  }
}

const NO_NAMES: readonly string[] = [];

/** Measures the dumps of the responses that the rule selects. */
export class DumpMeter {
  readonly #gzip: GzipSize | undefined;
  /** Names of trailers that the head has announced. */
  announced = NO_NAMES;

  constructor(readonly rule: CaptureRule) {
    this.#gzip = rule.dumps === 'all' && rule.asksGzip ? new GzipSize() : undefined;
  }

  reset(): void {
    this.announced = NO_NAMES;
    this.#gzip?.reset();
  }

  /** Called with the complete head. */
  head(framing: ResponseFraming, capture: ResponseRecorder, forHead: boolean): void {
    const { dumps, asksGzip } = this.rule;
    if (dumps === 'none' || (dumps === 'kept' && !capture.whole)) return;
    const head = dumpedHead(capture.lines, framing, forHead, asksGzip);
    capture.head = head;
    this.announced = head.announced;
    framing.dumpBytes = dumpedHeadBytes(head);
    framing.unpacks = head.unpacks;
  }

  body(bytes: Uint8Array, start: number, end: number): void {
    this.#gzip?.feed(bytes, start, end);
  }

  /** Length of the whole dump. */
  size({ chunked, unpacks, dumpBytes }: ResponseFraming, received: Bytes, trailers: string[], forHead: boolean): Bytes {
    const body = unpacks ? (this.#gzip?.size ?? 0) : received;
    return dumpBytes + dumpedBodyBytes({ body: !forHead, chunked, announced: this.announced }, body, trailers);
  }
}
