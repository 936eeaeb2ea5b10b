import type { Bytes, EpochMs } from '../../core/units.js';

/** Which responses are kept, and how much of them. By default none are: bytes are counted and dropped. */
export interface CaptureRule {
  /** Head and body are kept when the status is at least this; `Infinity` keeps nothing. */
  readonly fromStatus: number;
  /** The head of a redirect (3xx) is kept. */
  readonly redirects: boolean;
  /** Bytes of a body beyond this many are counted, not kept. Default {@link MAX_BODY}. */
  readonly maxBody?: Bytes;
}

/** The rule that keeps nothing. */
export const CAPTURE_NOTHING: CaptureRule = { fromStatus: Number.POSITIVE_INFINITY, redirects: false };

/** Bytes of a body that are kept when nothing else is said: 16 MiB. */
export const MAX_BODY: Bytes = 16 * 1024 * 1024;

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
  #maxBody = MAX_BODY;

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
    this.#maxBody = rule.maxBody ?? MAX_BODY;
    this.#active = this.whole || (rule.redirects && status >= 300 && status < 400);
  }

  line(bytes: Uint8Array, start: number, end: number): void {
    if (this.#active) this.lines.push(Buffer.from(bytes.subarray(start, end)).toString('utf8'));
  }

  content(bytes: Uint8Array, start: number, end: number): void {
    if (!this.whole) return;
    const kept = Math.min(end - start, this.#maxBody - this.#length);
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

/** The headers of a recorded response. */
export function headersOf({ lines }: ResponseRecorder): (readonly [name: string, value: string])[] {
  return lines.slice(1).flatMap((line) => {
    const colon = line.indexOf(':');
    return colon < 0 ? [] : [[line.slice(0, colon), line.slice(colon + 1).trim()] as const];
  });
}

/** Passes on the responses whose status is at least `status`. */
export function fromStatus(status: number, sink: ResponseSink): ResponseSink {
  return {
    write(now, request, response) {
      if (response.status >= status) sink.write(now, request, response);
    },
  };
}
