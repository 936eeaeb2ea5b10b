import type { Observable, ObservableInput } from 'rxjs';
import type { GunContext } from '../core/gun.js';
import type { Shot } from '../core/shot.js';
import type { Bytes } from '../core/units.js';
import type { NetSample } from './netSample.js';

/** JSON that is nested deeper is not read, because recursive code would overflow the stack. */
export const JSON_DEPTH = 512;

/** The response of a target, as scenarios read it: text and JSON are computed once, at the first access. */
export class TransportResponse {
  #text: string | undefined;
  #json: { readonly value: unknown } | undefined;
  readonly #parsed = new Map<unknown, unknown>();

  /**
   * @param status Status of the protocol, such as 200.
   * @param headers In the order in which they were received; a name may repeat.
   * @param body Decoded.
   * @param truncated True when the body was longer than its kept part.
   */
  constructor(
    readonly status: number,
    readonly headers: readonly (readonly [name: string, value: string])[] = [],
    readonly body: Uint8Array = EMPTY,
    readonly truncated: boolean = false,
  ) {}

  /** Value of the first header of that name, case-insensitively. */
  header(name: string): string | undefined {
    const lower = name.toLowerCase();
    return this.headers.find(([each]) => each.toLowerCase() === lower)?.[1];
  }

  /** The values of all headers of that name, case-insensitively. */
  allHeaders(name: string): readonly string[] {
    const lower = name.toLowerCase();
    return this.headers.filter(([each]) => each.toLowerCase() === lower).map(([, value]) => value);
  }

  get size(): Bytes {
    return this.body.length;
  }

  /** The body as UTF-8. */
  get text(): string {
    this.#text ??= Buffer.from(this.body.buffer, this.body.byteOffset, this.body.byteLength).toString('utf8');
    return this.#text;
  }

  /** The body as JSON; `undefined` when it is not JSON, or nested over 512 deep. */
  get json(): unknown {
    this.#json ??= { value: isNestedOver(this.body, JSON_DEPTH) ? undefined : parsed(this.text) };
    return this.#json.value;
  }

  /** The result of `parse` for this response; it is cached, so that each function is called once. */
  parsed<T>(parse: (response: TransportResponse) => T): T {
    if (!this.#parsed.has(parse)) this.#parsed.set(parse, parse(this));
    return this.#parsed.get(parse) as T;
  }
}

const EMPTY = new Uint8Array(0);
const [QUOTE, ESCAPE] = [0x22, 0x5c];
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

/** True when brackets outside of strings are nested deeper than that. */
export function isNestedOver(json: Uint8Array, limit: number): boolean {
  // Each level has a bracket on both sides.
  if (json.length <= 2 * limit) return false;
  let depth = 0;
  let inString = false;
  for (let i = 0; i < json.length; i++) {
    const byte = json[i] as number;
    if (byte === QUOTE) inString = !inString;
    else if (inString) i += byte === ESCAPE ? 1 : 0;
    else if (OPENING.has(byte)) depth++;
    else if (CLOSING.has(byte)) depth--;
    if (depth > limit) return true;
  }
  return false;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The result of one request: always a sample, and the response when it was complete. */
export interface Exchange {
  /** The consumer of the exchange sets its tag and emits it. */
  readonly sample: NetSample;
  /** Absent when the request failed; the sample then has the failure. */
  readonly response?: TransportResponse;
  /** The name of a part of the request, such as the first message of a stream, whose sample this is. More exchanges follow. */
  readonly part?: string;
  /** Keeps the exchange as an example, for a check that failed although its status is good. Absent when none are kept. */
  readonly offer?: (reason: string) => void;
}

/**
 * Sends the requests of one instance and returns the responses, for scenarios. Any protocol of a gun can have one.
 *
 * - Subscribing to what `send` returns sends the request once; subscribing again sends it again.
 * - It emits exactly one {@link Exchange} and completes; before it may come those of parts. A failure that the target may have caused (refused, reset,
 *   timeout) MUST be a sample with a net code; an error is for a failure that makes every request useless; it ends the
 *   run.
 * - Unsubscribing MUST abort the request. No exchange is emitted then.
 * - Unlike a gun, it MAY receive several requests at a time.
 * - `close` is called exactly once, when no request is under way.
 */
export interface Transport<R> {
  /** The origin of the requests and of cookies, such as `http://localhost:8080`. */
  readonly origin: string;
  /**
   * @param shot The moments of this request. The transport MUST treat it as read-only.
   * @param tag The tag that its sample gets from the consumer of the exchange.
   */
  send(request: R, shot: Shot<unknown>, tag: string): Observable<Exchange>;
  close?(): void;
}

/** Makes the transports of one pool; the contract is that of a gun factory. */
export interface Transports<R> {
  warmUp?(): ObservableInput<unknown>;
  create(context: GunContext): Transport<R>;
  counters?(): ReadonlyMap<string, number>;
  close?(): ObservableInput<unknown> | undefined;
}
