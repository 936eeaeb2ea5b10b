import { concatMap, type MonoTypeOperatorFunction, Observable } from 'rxjs';
import { ElpisError } from '../../core/errors.js';
import { NET_CODE, type NetFailure } from '../../protocols/netFailure.js';
import { NetSample } from '../../protocols/netSample.js';
import type { Exchange } from '../../protocols/transport.js';
import { PendingSample } from '../sampleBuffer.js';
import { plainName, ScenarioFailure } from '../scenarioFailure.js';
import { type Part, partOf, type Session, type Vars } from '../session.js';
import { callUser, stepError } from '../userFunction.js';
import type { WhenFailed } from './retry.js';

/** How {@link send} treats failures, and who else sees the answer. */
export interface SendOptions<V extends Vars, R> {
  /** When no complete answer comes. Default `end`. */
  readonly otherwise?: WhenFailed;
  /** Sees every answer before the steps that follow. */
  readonly answered?: (exchange: Exchange, request: R, session: Session<V>) => void;
}

/** The request was abandoned, by a race or because another branch failed. */
const GAVE_UP: NetFailure = { netCode: NET_CODE.other, errorName: 'gave up' };

/**
 * Sends one request over the transport of the scenario, whatever its protocol, and waits for the answer. Each makes one sample,
 * tagged by the path of its names, such as `shop/login`.
 *
 * ```text
 * flow           s---------------|
 * send('a', r)   ---s------------|     the request takes 3 ms; the session that comes out holds the response
 * ```
 *
 * - The request is intended for the moment at which the session arrives, or at which a pause before it was meant to end.
 * - Without a complete answer (refused, reset, timeout), the scenario ends, or goes on without a response by
 *   `otherwise: 'goOn'`. A bad status is an answer: see `check`.
 * - The sample is sent when the steps behind it that need no time have seen the answer, so checks right behind a request
 *   mark its sample.
 * - Several sessions in the flow are sent one after another, in order. Completes with the flow. An exception of the part or of
 *   `answered` ends the run, with the name of the request; so does a promise.
 * - Unsubscribing aborts the request; unless the whole scenario is aborted, its sample says `gave up`.
 *
 * @param name A part of the tag: no slashes.
 * @param request The request in the transport's own form, or how it is made of the session.
 */
export function send<V extends Vars, R>(
  name: string,
  request: Part<NoInfer<V>, R>,
  options: SendOptions<NoInfer<V>, R> = {},
): MonoTypeOperatorFunction<Session<V>> {
  const { otherwise = 'end', answered } = options;
  plainName('request', name);
  return concatMap(
    (session) =>
      new Observable<Session<V>>((subscriber) => {
        const { scope } = session;
        const { samples, run } = scope;
        samples.flush();
        const tag = scope.tag(name, 'request');
        const made = callUser(scope, 'request', name, () => partOf(request, session));
        const shot = scope.start(session.due);
        let pending = true;
        run.tracer?.requested(tag, made, shot.started);

        const receive = (exchange: Exchange): void => {
          const { sample, response } = exchange;
          sample.tag = tag;
          sample.id = run.ammoId;
          const { netCode, errorName } = sample;
          const open = new PendingSample(sample, response);
          samples.open(open);
          answered?.(exchange, made, session);
          if (netCode !== NET_CODE.ok && otherwise === 'end') {
            subscriber.error(new ScenarioFailure({ netCode, errorName }, tag));
            return;
          }
          subscriber.next(session.after(open));
          samples.flush();
        };

        // Before the transport lets go, so that it is known to be under way.
        subscriber.add(() => {
          if (!pending) return;
          const sample = NetSample.of(shot).failAs(GAVE_UP, scope.now());
          sample.tag = tag;
          sample.id = run.ammoId;
          samples.emit(sample);
        });
        subscriber.add(
          run.user.transport.send(made, shot, tag).subscribe({
            next: (exchange) => {
              pending = false;
              // An exception in here would be one outside of any call.
              try {
                receive(exchange);
              } catch (error) {
                subscriber.error(stepError(error, scope, 'request', name));
              }
            },
            error: (error: unknown) => {
              pending = false;
              subscriber.error(stepError(error, scope, 'request', name));
            },
            complete: () => {
              pending = false;
              subscriber.complete();
            },
          }),
        );
      }),
  );
}

/**
 * The last request of a session, with its answer.
 *
 * @throws ElpisError `ELPIS_SHOT` when there was none.
 */
export function lastExchange<V extends Vars>(session: Session<V>, step: string): PendingSample {
  if (session.exchange !== undefined) return session.exchange;
  throw new ElpisError('ELPIS_SHOT', `${session.scope.span.tag}: ${step} comes before any request`, {
    hint: 'put it behind the request whose answer it reads',
  });
}
