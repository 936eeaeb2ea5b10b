import { Observable, type SchedulerLike } from 'rxjs';
import { ElpisError } from '../../core/errors.js';
import type { Shot } from '../../core/shot.js';
import type { EpochMs } from '../../core/units.js';
import type { HttpRequest } from '../../protocols/http.js';
import { NetSample } from '../../protocols/netSample.js';
import { type Exchange, type Transport, TransportResponse, type Transports } from '../../protocols/transport.js';
import {
  failSample,
  requestName,
  requestPattern,
  type ScriptableRequest,
  type ScriptedResponse,
  scriptedResponse,
} from '../../rehearsal/responses.js';
import { realTimeScheduler } from '../../time/realTime.js';
import { responseMarbles, type TimedResponse } from './responseMarbles.js';

/** The responses of a {@link scriptedTransport}, by method and path, or by the method of a call over gRPC. */
export type ResponseScripts = Readonly<Record<string, string | readonly string[]>>;

/** The responses of the letters, each as a value or as a function of the request. */
export type ScriptedResponses<R = HttpRequest> = Readonly<
  Record<string, ScriptedResponse | ((request: R) => ScriptedResponse)>
>;

/** A request that was sent to a {@link scriptedTransport}. */
export interface ScriptedRequest<R = HttpRequest> {
  readonly at: EpochMs;
  readonly instance: number;
  readonly request: R;
}

class Script {
  readonly #responses: readonly TimedResponse[];
  readonly fits: (request: ScriptableRequest) => boolean;
  #asked = 0;

  constructor(
    readonly key: string,
    marbles: string | readonly string[],
  ) {
    this.#responses = (typeof marbles === 'string' ? [marbles] : marbles).map(responseMarbles);
    this.fits = requestPattern(key);
    if (this.#responses.length === 0) throw new ElpisError('ELPIS_CONFIG', `no responses are scripted for ${key}`);
  }

  next(): TimedResponse {
    return this.#responses[Math.min(this.#asked++, this.#responses.length - 1)] as TimedResponse;
  }
}

/** See {@link scriptedTransport}. */
export class ScriptedTransport<R extends ScriptableRequest = HttpRequest> implements Transports<R> {
  /** The requests that were sent, in order. */
  readonly requests: ScriptedRequest<R>[] = [];
  /** How many requests were unsubscribed from before their response. */
  aborted = 0;
  /** The requests without a script, in order. */
  readonly unscripted: R[] = [];
  readonly #scripts: readonly Script[];

  constructor(
    private readonly scripts: ResponseScripts,
    private readonly responses: ScriptedResponses<R>,
    private readonly scheduler: SchedulerLike,
  ) {
    this.#scripts = Object.entries(scripts).map(([key, marbles]) => new Script(key, marbles));
  }

  /** The same script from its beginning, on another clock. */
  on(scheduler: SchedulerLike): ScriptedTransport<R> {
    return new ScriptedTransport(this.scripts, this.responses, scheduler);
  }

  /** The message about a request without a script. */
  missing(request: R): string {
    const known = this.#scripts.map(({ key }) => key).join(', ');
    return `${requestName(request)} has no script; there are scripts for ${known === '' ? 'no request' : known}`;
  }

  create(): Transport<R> {
    return { origin: 'http://target', send: (request, shot) => this.#send(request, shot) };
  }

  #send(request: R, shot: Shot<unknown>): Observable<Exchange> {
    return new Observable((subscriber) => {
      const script = this.#scripts.find((each) => each.fits(request));
      if (script === undefined) {
        this.unscripted.push(request);
        throw new ElpisError('ELPIS_SHOT', this.missing(request), {
          hint: "add it to the scripts, as in 'GET /': '--r' or 'shop.Shop.Login': '--r'",
        });
      }
      this.requests.push({ at: this.scheduler.now(), instance: shot.instance, request });
      const { afterMs, letter } = script.next();
      let responded = false;
      subscriber.add(() => {
        if (!responded) this.aborted++;
      });
      const respond = (): void => {
        responded = true;
        subscriber.next(this.#exchange(request, shot, letter as string));
        subscriber.complete();
      };
      if (letter === undefined) return;
      if (afterMs === 0) respond();
      else subscriber.add(this.scheduler.schedule(respond, afterMs));
    });
  }

  #exchange(request: R, shot: Shot<unknown>, letter: string): Exchange {
    const scripted = this.responses[letter] ?? (letter === '#' ? { failure: 'reset' } : {});
    const response = scriptedResponse(typeof scripted === 'function' ? scripted(request) : scripted);
    const sample = NetSample.of(shot);
    const now = this.scheduler.now();
    if (response instanceof TransportResponse) return { sample: sample.end(now, response.status), response };
    return { sample: failSample(sample, response, request, now) };
  }
}

/**
 * A transport for tests. Marbles give the response to a request and the time until it arrives.
 *
 * ```text
 * '--r'         after 2 ms the response r: as given, or a 200 without a body
 * '250ms r'     after 250 ms
 * '-#'          after 1 ms a failure: connection reset, or as given
 * '---'         never
 * ```
 *
 * - Keys are a method and a path, with the query or without; `*` matches anything. The first key that matches is used.
 * - Calls over gRPC have their method as the key: `shop.Shop.Login`, or `shop.Shop.*`. The type parameter is then `GrpcCall`.
 * - A list has the responses to the first, second, third request, and so on; the last one repeats.
 * - A request without a script ends the run with an error, and makes `playScenario` throw.
 *
 * @param scheduler Clock of the responses. Default: real time; `playScenario` uses its own.
 * @throws ElpisError `ELPIS_CONFIG` for marbles that cannot be read.
 *
 * @example
 * scriptedTransport(
 *   { 'GET /login': '--p', 'POST /login': ['-#', '-----t'], 'GET /goods/*': '20ms r' },
 *   { p: { body: '<input name="csrf" value="7">' }, t: { json: { token: 'abc' } } },
 * );
 */
export function scriptedTransport<R extends ScriptableRequest = HttpRequest>(
  scripts: ResponseScripts,
  responses: ScriptedResponses<R> = {},
  scheduler: SchedulerLike = realTimeScheduler,
): ScriptedTransport<R> {
  return new ScriptedTransport(scripts, responses, scheduler);
}
