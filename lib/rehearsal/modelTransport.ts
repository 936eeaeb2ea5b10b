import { Observable } from 'rxjs';
import type { Shot } from '../core/shot.js';
import { NET_CODE } from '../protocols/netFailure.js';
import { NetSample } from '../protocols/netSample.js';
import { type Exchange, type Transport, TransportResponse, type Transports } from '../protocols/transport.js';
import { askModel, type ModelRange } from './modelRange.js';
import type { ModelResponse } from './models/targetModel.js';
import {
  failSample,
  responder,
  type ScriptableRequest,
  type ScriptedResponse,
  scriptedResponse,
  type TargetResponses,
} from './responses.js';

/**
 * Carries the requests of scenarios to a modelled target. The model decides the time and the status or failure of a
 * response. For status 200, `responses` has its content.
 */
export class ModelTransports<R extends ScriptableRequest> implements Transports<R> {
  /** Tags of the requests without an entry in `responses`: they had a status and no body. */
  readonly withoutResponse = new Set<string>();
  readonly #responseTo: (request: R) => ScriptedResponse | undefined;

  constructor(
    private readonly range: ModelRange,
    responses: TargetResponses<R> = {},
  ) {
    this.#responseTo = responder(responses);
  }

  create(): Transport<R> {
    return { origin: 'http://target', send: (request, shot, tag) => this.#send(request, shot, tag) };
  }

  #send(request: R, shot: Shot<unknown>, tag: string): Observable<Exchange> {
    const { range } = this;
    return new Observable((subscriber) => {
      const modelled: ModelResponse = { afterMs: 0, status: 200, netCode: 0, errorName: '' };
      askModel(range, modelled, range.scheduler.now(), tag);
      return range.scheduler.schedule(() => {
        let exchange: Exchange;
        try {
          exchange = this.#exchange(request, shot, tag, modelled);
        } catch (error) {
          subscriber.error(error);
          return;
        }
        subscriber.next(exchange);
        subscriber.complete();
      }, modelled.afterMs);
    });
  }

  #exchange(request: R, shot: Shot<unknown>, tag: string, { netCode, errorName, status }: ModelResponse): Exchange {
    const now = this.range.scheduler.now();
    const sample = NetSample.of(shot);
    if (netCode !== NET_CODE.ok) return { sample: failSample(sample, { netCode, errorName }, request, now) };
    if (status !== 200) return { sample: sample.end(now, status), response: new TransportResponse(status) };
    const scripted = this.#responseTo(request);
    if (scripted === undefined) this.withoutResponse.add(tag);
    const response = scriptedResponse(scripted ?? {});
    if (!(response instanceof TransportResponse)) return { sample: failSample(sample, response, request, now) };
    return { sample: sample.end(now, response.status), response };
  }
}
