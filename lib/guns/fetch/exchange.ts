import { Readable } from 'node:stream';
import type { RequestInit, Response } from 'node-fetch';
import type { SchedulerLike, Subscriber, Subscription, Unsubscribable } from 'rxjs';
import type { ExchangeKeeper } from '../../core/deps.js';
import type { Bytes, Millis } from '../../core/units.js';
import type { HttpAmmo, HttpRequest } from '../../protocols/http.js';
import { NET_FAILURE, type NetFailure, netFailureOf } from '../../protocols/netFailure.js';
import type { NetSample } from '../../protocols/netSample.js';
import { LazyTimer } from '../../time/lazyTimer.js';
import { EXAMPLE_BYTES } from '../../wire/http1/capture.js';
import { encodeRequest } from '../../wire/http1/request.js';
import { offerHttp, shown } from '../shared/exchangeText.js';
import type { MeteredAgents } from './meteredAgents.js';

const BY_TYPE: Readonly<Record<string, NetFailure>> = {
  'max-redirect': NET_FAILURE.tooManyRedirects,
  'no-redirect': NET_FAILURE.badRedirect,
  'invalid-redirect': NET_FAILURE.badRedirect,
  'unsupported-redirect': NET_FAILURE.badRedirect,
  'max-size': NET_FAILURE.bodyTooLong,
  'bad-status': NET_FAILURE.badResponse,
};

/** The most bytes of an unpacked compressed body, when the config sets no limit. */
const UNPACKED_LIMIT: Bytes = 256 * 1024 * 1024;

/**
 * The failure behind an error of node-fetch.
 *
 * @param socketError The error of the socket, if there was one: it distinguishes a reset from an orderly close.
 * @param responded True when the status was known.
 */
function fetchFailureOf(error: unknown, socketError: Error | undefined, responded: boolean): NetFailure {
  const { type, code = '' } = Object(error) as { type?: string; code?: string };
  const byType = BY_TYPE[type ?? ''];
  if (byType !== undefined) return byType;
  if (code.startsWith('HPE_')) return NET_FAILURE.badResponse;
  if (socketError !== undefined) return netFailureOf(socketError);
  if (code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ECONNRESET') {
    return responded ? NET_FAILURE.bodyTooShort : NET_FAILURE.closedEarly;
  }
  if (error instanceof TypeError) return NET_FAILURE.badRequest;
  return netFailureOf(error);
}

/** The ammo's part of the options of `fetch`. @throws TypeError for a header that cannot be sent. */
function fetchRequest({ Headers }: typeof import('node-fetch'), request: HttpRequest): RequestInit {
  const headers = new Headers(request.headers);
  if (request.host !== '') headers.set('Host', request.host);
  if (request.close) headers.set('Connection', 'close');
  headers.delete('Content-Length');
  headers.delete('Transfer-Encoding');
  const { method, body, chunked } = request;
  if (body === null || body.length === 0) return { method, headers };
  return { method, headers, body: chunked ? Readable.from([body]) : Buffer.from(body) };
}

type NodeFetch = typeof import('node-fetch');

/** The head of a response as HTTP/1.1 writes it. */
function headOf({ status, statusText, headers }: Response): Buffer {
  const lines = [...headers].map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`HTTP/1.1 ${status} ${statusText}\r\n${lines.join('')}\r\n`);
}

/** The context that all shots of a pool share. */
export interface FetchGunContext {
  /** Loads node-fetch, once. */
  readonly library: () => Promise<NodeFetch>;
  readonly scheduler: SchedulerLike;
  /** Scheme, host and port, without a slash at the end. */
  readonly origin: string;
  /** From the start to the last byte; 0 = no limit. */
  readonly requestTimeout: Millis;
  /** From one piece of a body to the next; 0 = no limit. */
  readonly bodyIdleTimeout: Millis;
  /** What the summary counts besides samples. */
  readonly counters: { redirects: number; strays: number };
  /** Longest body in bytes; 0 = no limit. */
  readonly size: Bytes;
  /** Options of every `fetch`. */
  readonly init: RequestInit;
  /** The Host header when the ammo has none. */
  readonly host: string;
  /** Keeps examples of bad and failed exchanges; absent when none are kept. */
  readonly exchanges: ExchangeKeeper | undefined;
  /** Called for every failed shot. */
  readonly failed: (failure: NetFailure, error: unknown) => void;
}

/** One `fetch`, from the request to the last byte of the body. Unsubscribing aborts it. */
export class FetchExchange implements Unsubscribable {
  readonly #abort = new AbortController();
  readonly #bytesIn: Bytes;
  readonly #bytesOut: Bytes;
  #timer: Subscription | undefined;
  #bodyTimer: LazyTimer | undefined;
  /** The number of requests, that of the ammo and those of redirects. */
  #requests = 0;
  /** Why the shot was aborted, when a time limit was reached. */
  #late: Error | undefined;
  #over = false;
  /** The head and the start of the body of a response that is kept as an example. */
  #example: Buffer[] | undefined;
  #exampleBytes: Bytes = 0;

  constructor(
    private readonly context: FetchGunContext,
    private readonly agents: MeteredAgents,
    private readonly sample: NetSample,
    private readonly subscriber: Subscriber<NetSample>,
  ) {
    agents.socketError = undefined;
    this.#bytesIn = agents.bytesIn;
    this.#bytesOut = agents.bytesOut;
  }

  start({ request, problem }: HttpAmmo): void {
    const { requestTimeout, scheduler } = this.context;
    if (requestTimeout > 0) {
      const reason = `no complete response within ${requestTimeout}ms`;
      this.#timer = scheduler.schedule(() => this.#expired(reason), requestTimeout);
    }
    this.#send(request, problem).then(
      () => this.#end(request, undefined),
      (error: unknown) => this.#end(request, error),
    );
  }

  /** Aborts: no sample is emitted. */
  unsubscribe(): void {
    if (this.#over) return;
    this.#finish();
    this.#abort.abort();
  }

  async #send(request: HttpRequest, problem: string | undefined): Promise<void> {
    if (problem !== undefined) throw new TypeError(problem);
    if (request.missingBytes !== undefined) throw new TypeError('the body is shorter than its Content-Length');
    const { origin, init } = this.context;
    const path = request.target.startsWith('/') ? request.target : `/${request.target}`;
    const library = await this.context.library();
    const response = await library.default(`${origin}${path}`, {
      ...init,
      ...fetchRequest(library, request),
      // Called once for each request, so also for those that follow a redirect.
      agent: (url) => {
        if (this.#requests++ > 0) this.context.counters.redirects++;
        return this.agents.choose(url);
      },
      signal: this.#abort.signal,
    });
    if (this.#over) return;
    if (response.status === 0) throw new library.FetchError('status 000', 'bad-status');
    this.sample.protoCode = response.status;
    this.sample.responded = this.context.scheduler.now();
    if (response.status >= 400 && this.context.exchanges?.wantsResponse() === true) this.#example = [headOf(response)];
    await this.#drain(response, library);
  }

  async #drain({ body, headers }: Response, { FetchError }: NodeFetch): Promise<void> {
    if (body === null) return;
    const { size, init } = this.context;
    const unpacks = init.compress === true && headers.has('content-encoding');
    const limit = size > 0 ? size : unpacks ? UNPACKED_LIMIT : Number.POSITIVE_INFINITY;
    let length = 0;
    const moved = this.#watchBody();
    for await (const chunk of body) {
      length += chunk.length;
      this.#keep(chunk as Buffer);
      moved();
      if (length > limit) {
        this.#abort.abort();
        throw new FetchError(`the body is longer than ${limit} bytes`, 'max-size');
      }
    }
    // Node treats a reset as the end of a body without a length.
    const ended = headers.has('content-length') || headers.has('transfer-encoding');
    if (!ended && this.agents.socketError !== undefined) throw this.agents.socketError;
  }

  #keep(chunk: Buffer): void {
    if (this.#example === undefined || this.#exampleBytes >= EXAMPLE_BYTES) return;
    this.#example.push(Buffer.from(chunk.subarray(0, EXAMPLE_BYTES - this.#exampleBytes)));
    this.#exampleBytes += chunk.length;
  }

  /** Offers the exchange as an example. */
  #offer(request: HttpRequest, reason: string): void {
    const { exchanges, origin, host } = this.context;
    if (exchanges === undefined) return;
    const { tag, started, ended, protoCode } = this.sample;
    const response = this.#example;
    offerHttp(exchanges, {
      ...{ tag, reason, startedAt: started, endedAt: ended, request, origin },
      sent: () => encodeRequest(request, { host, disableKeepAlives: false, acceptGzip: false }).bytes,
      response: () =>
        protoCode === 0 ? null : response === undefined ? `HTTP status ${protoCode}` : shown(Buffer.concat(response)),
    });
  }

  /** Limits the time between two pieces of the body. @returns To be called for each piece. */
  #watchBody(): () => void {
    const { bodyIdleTimeout, scheduler } = this.context;
    if (bodyIdleTimeout === 0) return () => undefined;
    let received = this.agents.bytesIn;
    const timer = new LazyTimer(scheduler, () => {
      // Pieces of a compressed body may be too short to be unpacked.
      if (this.agents.bytesIn === received) this.#expired(`no byte of the body within ${bodyIdleTimeout}ms`);
      else moved();
    });
    const moved = (): void => {
      received = this.agents.bytesIn;
      timer.set(scheduler.now() + bodyIdleTimeout);
    };
    this.#bodyTimer = timer;
    moved();
    return moved;
  }

  #expired(reason: string): void {
    this.#late = new Error(reason);
    this.#abort.abort();
  }

  /** No timer fires after this. */
  #finish(): void {
    this.#over = true;
    this.#timer?.unsubscribe();
    this.#bodyTimer?.close();
  }

  #end(request: HttpRequest, error: unknown): void {
    if (this.#over) return;
    this.#finish();
    const { sample, agents } = this;
    sample.ended = this.context.scheduler.now();
    const responded = sample.responded > 0;
    if (!responded) sample.responded = sample.ended;
    sample.bytesIn = agents.bytesIn - this.#bytesIn;
    sample.bytesOut = agents.bytesOut - this.#bytesOut;
    // After Connection: close, Node waits for the server to close.
    if (request.close) agents.close();
    if (error !== undefined) {
      const late = this.#late;
      const failure = late === undefined ? fetchFailureOf(error, agents.socketError, responded) : NET_FAILURE.timeout;
      sample.netCode = failure.netCode;
      sample.errorName = failure.errorName;
      this.context.failed(failure, late ?? error);
      this.#offer(request, failure.errorName);
    } else if (sample.protoCode >= 400) this.#offer(request, `status ${sample.protoCode}`);
    this.subscriber.next(sample);
    this.subscriber.complete();
  }
}
