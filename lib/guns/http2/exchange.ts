import type { Observer, Subscription, Unsubscribable } from 'rxjs';
import type { EpochMs } from '../../core/units.js';
import type { HttpAmmo } from '../../protocols/http.js';
import { NET_FAILURE, netFailureOf } from '../../protocols/netFailure.js';
import type { NetSample } from '../../protocols/netSample.js';
import type { Deadline } from '../../time/deadlineQueue.js';
import { ExchangeError } from '../../wire/exchangeError.js';
import type { ResponseSink } from '../../wire/http1/capture.js';
import { encodeHttp2Request, type Http2Request } from '../../wire/http2/http2Request.js';
import { NotHttp2Error } from '../../wire/http2/notHttp2Error.js';
import type {
  ReceivedHead,
  Stream,
  StreamClient,
  StreamConnection,
  StreamListener,
  StreamTaker,
} from '../../wire/http2/streamListener.js';
import { EXAMPLE_RULE, offerExchange } from '../shared/exchangeText.js';
import { isRedirect, nextRedirect, type Redirect } from '../shared/redirect.js';
import { sampleTag } from '../shared/tagging.js';
import { type Http2GunContext, notHttp2, sendsAgain } from './context.js';
import { Http2Capture } from './http2Capture.js';
import { PhaseLimits } from './phaseLimits.js';
import { StreamTimes } from './streamTimes.js';

/** One request on a stream, with its response, redirects and sample. Unsubscribing aborts it. */
export class Http2Exchange implements StreamListener, StreamTaker, Deadline, Unsubscribable {
  deadline: EpochMs = 0;
  earlier: Deadline | undefined = undefined;
  later: Deadline | undefined = undefined;
  #current: Redirect;
  #request: Http2Request;
  #connection: StreamConnection | undefined;
  #stream: Stream | undefined;
  #capture: Http2Capture | undefined;
  /** The response as an example, when it is an error. */
  #example: Http2Capture | undefined;
  #limits: PhaseLimits | undefined;
  /** The timer of a body that waits for 100 Continue. */
  #heldBody: Subscription | undefined;
  #retries = 0;
  #redirects = 0;
  #status = 0;
  #over = false;
  /** The reason that the request cannot be sent; empty when it can. */
  #problem: string;
  #headersAt: EpochMs = 0;
  /** When there was a stream for the current request, and whether that is later than the start of the shot. */
  #sendingAt: EpochMs = 0;
  #later = false;
  /** Only with tracing. */
  #times: StreamTimes | undefined;

  constructor(
    private readonly context: Http2GunContext,
    private readonly client: StreamClient,
    ammo: HttpAmmo,
    private readonly sample: NetSample,
    private readonly observer: Observer<NetSample>,
    private readonly responses: ResponseSink | undefined = context.answlog,
  ) {
    this.#current = { origin: context.target, request: ammo.request };
    this.#request = context.requests.encoded(ammo.request);
    this.#problem = ammo.problem ?? this.#request.refusal;
    sample.id = ammo.id;
    sample.tag = sampleTag(context.autoTag, ammo.tag, ammo.request.path);
  }

  start(): void {
    this.context.deadlines?.add(this, this.sample.started);
    this.#begin();
  }

  /** Sends the current request as soon as there is a stream for it. */
  #begin(): void {
    const { scheduler, dump, trace } = this.context;
    if (this.#problem !== '') {
      // In the next turn: a closed loop over bad ammo alone would never return to the event loop.
      scheduler.schedule(() => {
        if (!this.#over) this.#fail(new ExchangeError(NET_FAILURE.badRequest, this.#problem));
      });
      return;
    }
    if (dump) this.sample.sizeOut = this.#request.dumpBytes;
    this.#headersAt = this.#status = 0;
    this.#example = undefined;
    if (trace) this.#times = new StreamTimes(scheduler.now());
    // A stream of the first request that is free at once needs no reading of the clock.
    this.#later = this.#redirects > 0 || this.#retries > 0;
    this.client.acquire(this.#current.origin, this);
    if (this.#connection === undefined) this.#later = true;
  }

  acquired(connection: StreamConnection): void {
    const { scheduler, continueTimeout } = this.context;
    const { head, body, trailers, expectsContinue, close } = this.#request;
    if (this.#times !== undefined) this.#times.acquired = scheduler.now();
    this.#connection = connection;
    this.#sendingAt = this.#later ? scheduler.now() : this.sample.started;
    const holds = expectsContinue && continueTimeout > 0;
    const stream = connection.send(head, holds ? null : body, !holds && trailers === undefined, this);
    this.#stream = stream;
    if (holds) this.#heldBody = scheduler.schedule(() => this.#sendBody(), continueTimeout);
    else if (trailers !== undefined) stream.finish(trailers);
    if (close) connection.retire();
  }

  unavailable(error: unknown): void {
    this.#fail(error);
  }

  informational({ status }: ReceivedHead): void {
    if (status === 100) this.#sendBody();
  }

  written(): void {
    const now = this.context.scheduler.now();
    if (this.#times !== undefined) this.#times.written = now;
    const { headLimits, bodyLimits } = this.context;
    if (headLimits === undefined || this.#headersAt > 0) return;
    this.#limits ??= new PhaseLimits(headLimits, bodyLimits, this);
    this.#limits.awaitHead(now);
  }

  responded(head: ReceivedHead): void {
    const { capture, bodyLimits, headLimits } = this.context;
    this.#headersAt = this.context.scheduler.now();
    this.#status = head.status;
    if (this.context.spokenAt === 0) this.context.spokenAt = this.#headersAt;
    this.#heldBody?.unsubscribe();
    if (capture !== undefined) {
      this.#capture = new Http2Capture(capture, this.#request.head.forHead);
      this.#capture.head(head);
    }
    if (head.status >= 400 && this.context.exchanges?.wantsResponse() === true) {
      this.#example = new Http2Capture(EXAMPLE_RULE, this.#request.head.forHead);
      this.#example.head(head);
    }
    if (bodyLimits !== undefined) this.#limits ??= new PhaseLimits(headLimits, bodyLimits, this);
    this.#limits?.awaitBody(this.#headersAt);
  }

  data(bytes: Uint8Array, start: number, end: number): void {
    this.#capture?.data(bytes, start, end);
    this.#example?.data(bytes, start, end);
    this.#limits?.awaitBody(this.context.scheduler.now());
  }

  /** Pandora's dump and answlog have none for HTTP/2. */
  trailers(): void {}
  drained(): void {}

  complete(): void {
    const now = this.context.scheduler.now();
    const { dump } = this.context;
    const capture = this.#capture;
    const status = this.#status;
    this.#release();
    this.context.connections?.exchanged(this.#headersAt - this.#sendingAt, now - this.#headersAt);
    if (capture?.recorder.whole === true) {
      if (capture.recorder.truncated) this.context.counters.cutBodies++;
      this.responses?.write(now, this.context.text(this.#current.request), capture.recorder);
    }
    if (dump && capture !== undefined) this.sample.sizeIn = capture.dumpBytes;
    const location = this.context.redirect ? capture?.recorder.header('location') : undefined;
    if (location !== undefined && isRedirect(status)) {
      this.#follow(status, location);
      return;
    }
    this.sample.protoCode = status;
    if (status >= 400) this.#offer(`status ${status}`, now, status);
    this.#end(dump || capture?.recorder.whole === true ? now : this.#headersAt, now);
  }

  failed(error: unknown): void {
    const again = this.#mayRetry(error);
    this.sample.protoCode = this.#status;
    this.#release();
    if (!again) {
      this.#fail(error);
      return;
    }
    this.sample.protoCode = 0;
    this.#retries++;
    this.sample.retries++;
    this.context.counters.retries++;
    this.#begin();
  }

  /** The time of the whole shot is over. */
  expired(): void {
    this.late(`no complete response within ${this.context.deadlines?.limit}ms`);
  }

  late(reason: string): void {
    const connection = this.#connection;
    const silent = this.#stream !== undefined && connection?.silentSince(this.#stream) === true;
    this.sample.protoCode = this.#status;
    this.#abandon();
    // Such a connection may be dead.
    if (silent) connection?.retire();
    this.#fail(new ExchangeError(NET_FAILURE.timeout, reason));
  }

  /** Aborts: the stream is cancelled and no sample is emitted. */
  unsubscribe(): void {
    if (this.#over) return;
    this.#over = true;
    this.context.deadlines?.remove(this);
    this.#abandon();
  }

  #abandon(): void {
    const stream = this.#stream;
    this.client.leave(this.#current.origin, this);
    this.#release();
    stream?.cancel();
  }

  /** The stream has ended or is cancelled. */
  #release(): void {
    const stream = this.#stream;
    if (stream !== undefined) {
      this.sample.bytesIn += stream.bytesIn;
      this.sample.bytesOut += stream.bytesOut;
    }
    this.#heldBody?.unsubscribe();
    this.#limits?.clear();
    this.#connection = this.#stream = this.#capture = this.#heldBody = undefined;
  }

  #sendBody(): void {
    const { body, trailers } = this.#request;
    if (this.#heldBody === undefined) return;
    this.#heldBody.unsubscribe();
    this.#heldBody = undefined;
    if (body !== null) this.#stream?.write(body, trailers === undefined);
    if (trailers !== undefined) this.#stream?.finish(trailers);
  }

  #mayRetry(error: unknown): boolean {
    const [connection, stream] = [this.#connection as StreamConnection, this.#stream as Stream];
    return sendsAgain(error, this.#retries, this.#request.replayable, connection, stream);
  }

  #follow(status: number, location: string): void {
    const next = nextRedirect(this.#redirects, this.#current, status, location, this.context.origins);
    if (next instanceof ExchangeError) {
      this.#fail(next);
      return;
    }
    this.#redirects++;
    this.context.counters.redirects++;
    this.#retries = 0;
    this.#current = next;
    this.#request = encodeHttp2Request(next.request, this.context.encoding, next.origin.ssl);
    this.#problem = this.#request.refusal;
    this.#begin();
  }

  #fail(error: unknown): void {
    const { scheduler, target, spokenAt, dump } = this.context;
    if (error instanceof NotHttp2Error && error.origin === target && spokenAt === 0) {
      this.#stop(error);
      return;
    }
    const now = scheduler.now();
    const failure = error instanceof ExchangeError ? error.failure : netFailureOf(error);
    this.sample.netCode = failure.netCode;
    this.sample.errorName = failure.errorName;
    this.context.failed(failure, error);
    this.#offer(failure.errorName, now, this.sample.protoCode);
    this.#end(this.#headersAt > 0 && !dump ? this.#headersAt : now, now);
  }

  /** Every shot would fail like this, so the pool ends. */
  #stop(cause: NotHttp2Error): void {
    this.#over = true;
    this.context.deadlines?.remove(this);
    this.observer.error(notHttp2(cause));
  }

  #offer(reason: string, endedAt: EpochMs, status: number): void {
    const { exchanges, text } = this.context;
    const end = { reason, endedAt, status, recorded: this.#example?.recorder };
    offerExchange(exchanges, this.sample, this.#current, { ...end, sent: () => text(this.#current.request) });
  }

  #end(responded: EpochMs, ended: EpochMs): void {
    const sample = this.sample;
    sample.responded = responded;
    sample.ended = ended;
    this.#times?.record(sample, this.#headersAt);
    this.#over = true;
    this.context.deadlines?.remove(this);
    this.observer.next(sample);
    this.observer.complete();
  }
}
