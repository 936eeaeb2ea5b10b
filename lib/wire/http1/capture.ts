import { gunzipSync } from 'node:zlib';
import type { Bytes, EpochMs } from '../../core/units.js';
import { type DumpedHead, dumped } from './dump.js';

/** The rule for keeping responses. By default bytes are counted and dropped. */
export interface CaptureRule {
  /** Head and body are kept when the status is at least this; `Infinity` keeps nothing. */
  readonly fromStatus: number;
  /** The head of a redirect (3xx) is kept. */
  readonly redirects: boolean;
  /** The responses that are dumped as Go does: `all` for their sizes, or those kept with their bodies. */
  readonly dumps: 'all' | 'kept' | 'none';
  /** True when the gun itself requests gzip: such bodies are dumped unpacked. */
  readonly asksGzip: boolean;
  /** The most body bytes kept of one response; the others are counted. */
  readonly maxBody: Bytes;
  /** Asked for each response with a status from 400 on that is not kept: true keeps its head and the first bytes of its body as an example. */
  readonly examples?: (() => boolean) | undefined;
}

/** The most body bytes of an example. */
export const EXAMPLE_BYTES: Bytes = 4096;

/** The rule that keeps no responses. */
export const CAPTURE_NOTHING: CaptureRule = {
  fromStatus: Number.POSITIVE_INFINITY,
  redirects: false,
  dumps: 'none',
  asksGzip: false,
  maxBody: 0,
};

function latin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
}

/** Text of a byte per character as UTF-8. */
function fromLatin1(text: string): string {
  return Buffer.from(text, 'latin1').toString('utf8');
}

/** The kept part of one response. */
export class ResponseRecorder {
  /** Status line and headers as received, a byte per character, folded lines joined; empty unless kept. */
  lines: string[] = [];
  /** Trailers as received, a byte per character. */
  trailers: string[] = [];
  /** The head as Go dumps it; absent unless dumped. */
  head: DumpedHead | undefined;
  /** True when the body is kept too. */
  whole = false;
  /** True when the body was longer than its kept part. */
  truncated = false;
  /** Status of the response that is being recorded; 0 before it is known. */
  status = 0;
  #rule = CAPTURE_NOTHING;
  #active = false;
  /** True when the response is kept as an example only. */
  #example = false;
  #body: Uint8Array[] = [];
  #length = 0;

  /** True when any part of the response is kept. */
  get active(): boolean {
    return this.#active;
  }

  reset(): void {
    this.head = undefined;
    if (this.lines.length > 0) this.lines = [];
    if (this.trailers.length > 0) this.trailers = [];
    if (!this.#active) return;
    this.#body = [];
    this.#length = 0;
    this.whole = this.truncated = this.#active = this.#example = false;
  }

  /** Called when the status is known: decides which of the following bytes are kept. */
  begin(rule: CaptureRule, status: number): void {
    this.#rule = rule;
    this.status = status;
    this.whole = status >= rule.fromStatus;
    this.#example = status >= 400 && !this.whole && rule.examples?.() === true;
    this.#active = this.whole || this.#example || (rule.redirects && status >= 300 && status < 400);
  }

  line(bytes: Uint8Array, start: number, end: number): void {
    if (this.#active || this.#rule.dumps === 'all') this.lines.push(latin1(bytes, start, end));
  }

  /** A line that is a text already, with a character per byte. */
  text(line: string): void {
    if (this.#active || this.#rule.dumps === 'all') this.lines.push(line);
  }

  trailer(bytes: Uint8Array, start: number, end: number): void {
    if (this.whole || this.#rule.dumps === 'all') this.trailers.push(latin1(bytes, start, end));
  }

  content(bytes: Uint8Array, start: number, end: number): void {
    if (!this.whole && !this.#example) return;
    const room = (this.whole ? this.#rule.maxBody : EXAMPLE_BYTES) - this.#length;
    const kept = Math.min(end - start, room);
    if (kept < end - start) this.truncated = this.whole;
    if (kept <= 0) return;
    this.#body.push(Uint8Array.from(bytes.subarray(start, start + kept)));
    this.#length += kept;
  }

  /** The kept part of the body, as received. */
  get body(): Buffer {
    return Buffer.concat(this.#body);
  }

  /** The dump of the kept part. A gzip body that the gun has requested is unpacked, up to `maxBody` bytes. */
  get dump(): Buffer {
    const { head, body } = this;
    if (head === undefined) return body;
    return dumped(head, head.unpacks ? unpackedGzip(body, this.#rule.maxBody) : body, this.trailers);
  }

  /** Value of the first header of that name (lower case), if it was kept. */
  header(name: string): string | undefined {
    for (const line of this.lines.slice(1)) {
      const colon = line.indexOf(':');
      if (line.slice(0, colon).toLowerCase() === name) return fromLatin1(line.slice(colon + 1).trim());
    }
    return undefined;
  }
}

/** A gzip body, unpacked. A body that cannot be unpacked, or is larger than the limit, is returned as received. */
function unpackedGzip(body: Uint8Array, limit: Bytes): Uint8Array {
  try {
    return gunzipSync(body, { maxOutputLength: Math.max(1, limit) });
  } catch {
    return body;
  }
}

/** Receives every response that was recorded with its body, including redirects, before its exchange ends. */
export interface ResponseSink {
  /**
   * @param response Valid only during the call.
   * @param step The name of the step, for requests of scenario files.
   */
  write(now: EpochMs, request: Uint8Array, response: ResponseRecorder, step?: string): void;
}

/** The headers of a recorded response. */
export function headersOf({ lines }: ResponseRecorder): (readonly [name: string, value: string])[] {
  return lines.slice(1).flatMap((line) => {
    const colon = line.indexOf(':');
    return colon < 0 ? [] : [[line.slice(0, colon), fromLatin1(line.slice(colon + 1).trim())] as const];
  });
}

/** Passes on the responses whose status is at least `status`. */
export function fromStatus(status: number, sink: ResponseSink): ResponseSink {
  return {
    write(now, request, response, step) {
      if (response.status >= status) sink.write(now, request, response, step);
    },
  };
}
