import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import type { Bytes, EpochMs } from '../../core/units.js';
import { TransportResponse } from '../../protocols/transport.js';

/** Which responses are kept, and how much of them. By default none are: bytes are counted and dropped. */
export interface CaptureRule {
  /** Head and body are kept when the status is at least this; `Infinity` keeps nothing. */
  readonly fromStatus: number;
  /** The head of a redirect (3xx) is kept. */
  readonly redirects: boolean;
}

/** The rule that keeps nothing. */
export const CAPTURE_NOTHING: CaptureRule = { fromStatus: Number.POSITIVE_INFINITY, redirects: false };

/** Body bytes beyond this many are counted, not kept. */
const BODY_LIMIT: Bytes = 16 * 1024 * 1024;

/** The kept part of one response. */
export class ResponseRecorder {
  /** Status line and headers as received, folded lines joined; empty unless kept. */
  lines: string[] = [];
  /** True when the body is kept too. */
  whole = false;
  /** True when the body was longer than what is kept. */
  truncated = false;
  /** Status of the response that is being recorded; 0 before it is known. */
  status = 0;
  #active = false;
  #body: Uint8Array[] = [];
  #length = 0;

  /** True when anything of the response is kept. */
  get active(): boolean {
    return this.#active;
  }

  reset(): void {
    if (!this.#active) return;
    this.lines = [];
    this.#body = [];
    this.#length = 0;
    this.whole = this.truncated = this.#active = false;
  }

  /** Called when the status is known: decides what is kept from there on. */
  begin(rule: CaptureRule, status: number): void {
    this.status = status;
    this.whole = status >= rule.fromStatus;
    this.#active = this.whole || (rule.redirects && status >= 300 && status < 400);
  }

  line(bytes: Uint8Array, start: number, end: number): void {
    if (this.#active) this.lines.push(Buffer.from(bytes.subarray(start, end)).toString('utf8'));
  }

  content(bytes: Uint8Array, start: number, end: number): void {
    if (!this.whole) return;
    const kept = Math.min(end - start, BODY_LIMIT - this.#length);
    if (kept < end - start) this.truncated = true;
    if (kept <= 0) return;
    this.#body.push(Uint8Array.from(bytes.subarray(start, start + kept)));
    this.#length += kept;
  }

  get body(): Buffer {
    return Buffer.concat(this.#body);
  }

  /** Value of the first header of that name (lower case), if it was kept. */
  header(name: string): string | undefined {
    for (const line of this.lines.slice(1)) {
      const colon = line.indexOf(':');
      if (line.slice(0, colon).toLowerCase() === name) return line.slice(colon + 1).trim();
    }
    return undefined;
  }
}

/** Receives every response that was recorded with its body, those of redirects included, before its exchange ends. */
export interface ResponseSink {
  /** @param response Valid only during the call. */
  write(now: EpochMs, request: Uint8Array, response: ResponseRecorder): void;
}

const DECODERS: Readonly<Record<string, (body: Uint8Array) => Uint8Array>> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
};

function headersOf(lines: readonly string[]): (readonly [string, string])[] {
  return lines.slice(1).flatMap((line) => {
    const colon = line.indexOf(':');
    return colon < 0 ? [] : [[line.slice(0, colon), line.slice(colon + 1).trim()] as const];
  });
}

/** A body that cannot be decoded stays as it was received, so that the checks of a scenario fail. */
function decoded(body: Uint8Array, encoding: string | undefined): Uint8Array {
  const decode = DECODERS[encoding?.toLowerCase() ?? ''];
  if (decode === undefined || body.length === 0) return body;
  try {
    return decode(body);
  } catch {
    return body;
  }
}

/** The response that was recorded, with its body decoded. */
export function transportResponse(recorded: ResponseRecorder): TransportResponse {
  const body = decoded(recorded.body, recorded.header('content-encoding'));
  return new TransportResponse(recorded.status, headersOf(recorded.lines), body);
}

/** Passes on the responses whose status is at least `status`. */
export function fromStatus(status: number, sink: ResponseSink): ResponseSink {
  return {
    write(now, request, response) {
      if (response.status >= status) sink.write(now, request, response);
    },
  };
}
