import type { Observer, Subscription, Unsubscribable } from 'rxjs';
import type { EpochMs } from '../../core/units.js';
import type { HttpAmmo } from '../../protocols/http.js';
import { NET_FAILURE, netFailureOf } from '../../protocols/netFailure.js';
import type { NetSample } from '../../protocols/netSample.js';
import type { Deadline } from '../../time/deadlineQueue.js';
import type { ConnectBackoff } from '../../wire/dial/connectBackoff.js';
import { ExchangeError } from '../../wire/exchangeError.js';
import type { ResponseRecorder, ResponseSink } from '../../wire/http1/capture.js';
import type { Connection } from '../../wire/http1/connection.js';
import type { ConnectionTaker, HttpClient } from '../../wire/http1/httpClient.js';
import { type EncodedRequest, encodeRequest } from '../../wire/http1/request.js';
import { offerExchange } from '../shared/exchangeText.js';
import { isRedirect, nextRedirect, type Redirect } from '../shared/redirect.js';
import { sampleTag } from '../shared/tagging.js';
import type { HttpGunContext } from './context.js';

/** One request with its connection, response, redirects and sample. Unsubscribing aborts it. */
export class HttpExchange implements ConnectionTaker, Deadline, Unsubscribable {
  deadline: EpochMs = 0;
  earlier: Deadline | undefined = undefined;
  later: Deadline | undefined = undefined;
  readonly #context: HttpGunContext;
  readonly #client: HttpClient;
  readonly #backoff: ConnectBackoff;
  readonly #sample: NetSample;
  readonly #observer: Observer<NetSample>;
  #current: Redirect;
  #request: EncodedRequest;
  #connection: Connection | undefined;
  /** The wait after connections that could not be opened. */
  #waiting: Subscription | undefined;
  #sent = false;
  #retried = false;
  #redirects = 0;
  #over = false;
  /** The reason that the request cannot be sent; empty when it can. */
  #problem: string;
  /** Times of the current request. Only the time of the headers is kept without tracing. */
  #wantedAt: EpochMs = 0;
  #connectedAt: EpochMs = 0;
  #writtenAt: EpochMs = 0;
  #firstByteAt: EpochMs = 0;
  #headersAt: EpochMs = 0;
  /** When the current request could be sent; 0: at the start of the shot. */
  #sendingAt: EpochMs = 0;

  constructor(
    context: HttpGunContext,
    client: HttpClient,
    backoff: ConnectBackoff,
    ammo: HttpAmmo,
    sample: NetSample,
    observer: Observer<NetSample>,
    private readonly responses: ResponseSink | undefined = context.answlog,
  ) {
    this.#context = context;
    this.#client = client;
    this.#backoff = backoff;
    this.#sample = sample;
    this.#observer = observer;
    const origin = context.originOf?.(ammo.request, context.origins) ?? context.target;
    this.#current = { origin: typeof origin === 'string' ? context.target : origin, request: ammo.request };
    this.#request = context.requests.encoded(ammo.request);
    this.#problem = ammo.problem ?? (typeof origin === 'string' ? origin : this.#request.refusal);
    sample.id = ammo.id;
    sample.tag = sampleTag(context.autoTag, ammo.tag, ammo.request.path);
  }

  /** Begins the shot. */
  start(): void {
    this.#context.deadlines?.add(this, this.#sample.started);
    this.#begin();
  }

  /** Sends the current request, on an unused connection or a new one. */
  #begin(): void {
    if (this.#problem !== '') {
      // In the next turn: a closed loop over bad ammo alone would never return to the event loop.
      this.#context.scheduler.schedule(() => this.#refused());
      return;
    }
    if (this.#context.dump) this.#sample.sizeOut = this.#request.dumpBytes;
    this.#firstByteAt = this.#writtenAt = this.#connectedAt = this.#headersAt = 0;
    if (this.#context.trace) this.#wantedAt = this.#context.scheduler.now();
    this.#sent = false;
    const unused = this.#retried ? undefined : this.#client.take(this.#current.origin);
    if (unused === undefined) {
      const wait = this.#backoff.wait(this.#context.scheduler.now());
      if (wait > 0) this.#waiting = this.#context.scheduler.schedule(() => this.#connect(), wait);
      else this.#connect();
      return;
    }
    this.#connection = unused;
    this.#send();
  }

  opened(): void {
    this.#client.settled(this.#connection as Connection);
    this.#backoff.succeeded();
    this.#sendingAt = this.#context.scheduler.now();
    this.#send();
  }

  handed(connection: Connection): void {
    this.#connection = connection;
    this.#sendingAt = this.#context.scheduler.now();
    this.#send();
  }

  expired(): void {
    const connection = this.#connection;
    this.#waiting?.unsubscribe();
    if (connection !== undefined) this.#abandon(connection);
    const limit = this.#context.deadlines?.limit;
    this.failed(new ExchangeError(NET_FAILURE.timeout, `no complete response within ${limit}ms`));
  }

  #abandon(connection: Connection): void {
    if (!this.#sent) this.#client.settled(connection);
    connection.destroy();
  }

  #connect(): void {
    this.#connection = this.#client.open(this.#current.origin, this, this.#retried);
  }

  #send(): void {
    if (this.#context.trace) this.#connectedAt = this.#context.scheduler.now();
    this.#sent = true;
    this.#connection?.send(this.#request, this);
  }

  written(): void {
    this.#writtenAt = this.#context.scheduler.now();
  }

  firstBytes(): void {
    this.#firstByteAt = this.#context.scheduler.now();
  }

  responded(): void {
    this.#headersAt = this.#context.scheduler.now();
  }

  complete(reusable: boolean): void {
    const connection = this.#connection as Connection;
    const { parser } = connection;
    const now = this.#context.scheduler.now();
    if (this.#headersAt === 0) this.#headersAt = now;
    this.#countBytes(connection);
    if (parser.capture.whole) {
      if (parser.capture.truncated) this.#context.counters.cutBodies++;
      this.responses?.write(now, this.#request.bytes, parser.capture);
    }
    const location = this.#context.redirect ? parser.capture.header('location') : undefined;
    const { status } = parser;
    if (this.#context.dump) this.#sample.sizeIn = parser.dumpBytes;
    const withBody = this.#context.dump || parser.capture.whole;
    if (status >= 400) this.#offer(`status ${status}`, now, parser.capture, status);
    const wanted = status === 101 || this.#request.close || parser.keepAlive;
    const sendingAt = this.#sendingAt > 0 ? this.#sendingAt : this.#sample.started;
    this.#context.connections?.exchanged(this.#headersAt - sendingAt, now - this.#headersAt);
    if (reusable) this.#client.give(connection, now);
    else connection.destroy(wanted ? 'generator' : 'target');
    this.#connection = undefined;
    if (location !== undefined && isRedirect(status)) {
      this.#follow(status, location);
      return;
    }
    this.#sample.protoCode = status;
    this.#end(withBody ? now : this.#headersAt, now);
  }

  failed(error: unknown): void {
    const connection = this.#connection;
    this.#connection = undefined;
    if (connection !== undefined && this.#sent) {
      this.#countBytes(connection);
      if (this.#mayRetry(connection, error)) {
        this.#retried = true;
        this.#sample.retries++;
        this.#context.counters.retries++;
        this.#begin();
        return;
      }
      this.#sample.protoCode = connection.parser.status;
    }
    const now = this.#context.scheduler.now();
    if (connection !== undefined && !this.#sent) {
      this.#client.settled(connection);
      this.#backoff.failed(now);
    }
    const failure = error instanceof ExchangeError ? error.failure : netFailureOf(error);
    this.#sample.netCode = failure.netCode;
    this.#sample.errorName = failure.errorName;
    this.#context.failed(failure, error);
    this.#offer(failure.errorName, now, undefined, this.#sample.protoCode);
    this.#end(this.#headersAt > 0 && !this.#context.dump ? this.#headersAt : now, now);
  }

  /** Aborts: the connection is closed and no sample is emitted. */
  unsubscribe(): void {
    if (this.#over) return;
    this.#over = true;
    this.#context.deadlines?.remove(this);
    this.#waiting?.unsubscribe();
    if (this.#connection !== undefined) this.#abandon(this.#connection);
  }

  /**
   * The server may close a kept connection just before its next use. The request was not processed then, so it is
   * sent once more.
   */
  #mayRetry(connection: Connection, error: unknown): boolean {
    const timeout = error instanceof ExchangeError && error.failure === NET_FAILURE.timeout;
    const stale = connection.kept && connection.bytesIn === 0 && !timeout;
    return stale && !this.#retried && this.#request.replayable;
  }

  #refused(): void {
    if (!this.#over) this.failed(new ExchangeError(NET_FAILURE.badRequest, this.#problem));
  }

  #follow(status: number, location: string): void {
    const next = nextRedirect(this.#redirects, this.#current, status, location, this.#context.origins);
    if (next instanceof ExchangeError) {
      this.failed(next);
      return;
    }
    this.#redirects++;
    this.#sendingAt = this.#context.scheduler.now();
    this.#context.counters.redirects++;
    this.#retried = false;
    this.#current = next;
    this.#request = encodeRequest(next.request, this.#context.encoding);
    this.#problem = this.#request.refusal;
    this.#begin();
  }

  /** The recorded response is valid only during the call. */
  #offer(reason: string, endedAt: EpochMs, recorded: ResponseRecorder | undefined, status: number): void {
    const sent = (): Uint8Array => this.#request.bytes;
    offerExchange(this.#context.exchanges, this.#sample, this.#current, { reason, endedAt, recorded, status, sent });
  }

  #countBytes(connection: Connection): void {
    this.#sample.bytesIn += connection.bytesIn;
    this.#sample.bytesOut += connection.bytesOut;
  }

  #end(responded: EpochMs, ended: EpochMs): void {
    const sample = this.#sample;
    sample.responded = responded;
    sample.ended = ended;
    if (this.#context.trace) this.#recordPhases(sample);
    this.#over = true;
    this.#context.deadlines?.remove(this);
    this.#observer.next(sample);
    this.#observer.complete();
  }

  /** A phase that did not happen is 0. */
  #recordPhases(sample: NetSample): void {
    const between = (from: EpochMs, to: EpochMs): number => (from > 0 && to > from ? to - from : 0);
    sample.connectTime = between(this.#wantedAt, this.#connectedAt);
    sample.sendTime = between(this.#connectedAt, this.#writtenAt);
    sample.latency = between(this.#writtenAt, this.#firstByteAt);
    sample.receiveTime = between(this.#firstByteAt, this.#headersAt);
  }
}
