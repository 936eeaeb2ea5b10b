import { concatMap, type MonoTypeOperatorFunction, Observable } from 'rxjs';
import { ElpisError } from '../../core/errors.js';
import type { Millis } from '../../core/units.js';
import { NET_CODE, NET_FAILURE, type NetFailure } from '../../protocols/netFailure.js';
import { NetSample } from '../../protocols/netSample.js';
import type { Exchange } from '../../protocols/transport.js';
import { PendingSample } from '../sampleBuffer.js';
import { plainName, ScenarioFailure } from '../scenarioFailure.js';
import { type Part, partOf, type Session, type Vars } from '../session.js';
import { callUser, stepError } from '../userFunction.js';
import type { WhenFailed } from './retry.js';

/** Options of {@link send}. */
export interface SendOptions<V extends Vars, R> {
  /** The effect of a request without a complete response. Default `end`. */
  readonly otherwise?: WhenFailed;
  /**
   * The longest time from the start of the request to the end of its response, in milliseconds; then it is aborted
   * and fails as `timeout`. Default: none.
   */
  readonly timeoutMs?: Millis;
  /** Called with every response before the following steps. */
  readonly responded?: (exchange: Exchange, request: R, session: Session<V>) => void;
}

/** The request was abandoned, by a race or because another branch failed. */
const ABORTED: NetFailure = { netCode: NET_CODE.other, errorName: 'aborted' };

/**
 * Sends one request over the transport of the scenario, of any protocol, and waits for the response. Each request emits
 * one sample, tagged by the path of its names, such as `shop/login`.
 *
 * ```text
 * flow           s---------------|
 * send('a', r)   ---s------------|     the request takes 3 ms; the emitted session has the response
 * ```
 *
 * - The intended time of the request is the arrival of the session, or the planned end of a pause before it.
 * - Without a complete response (refused, reset, timeout), the scenario ends, or continues without a response with
 *   `otherwise: 'continue'`. A bad status is a response: see `check`.
 * - The sample is emitted after the steps without a wait that follow, so checks right after a request can mark its
 *   sample.
 * - Several sessions in the flow are sent one after another, in order. Completes with the flow. An exception of the part or of
 *   `responded` ends the run, with the name of the request; so does a promise.
 * - Unsubscribing aborts the request; unless the whole scenario is aborted, its sample has the failure `aborted`.
 *
 * @param name A part of the tag: no slashes.
 * @param request The request in the transport's own form, or a function from the session to it.
 * @throws ElpisError `ELPIS_CONFIG` for a name that cannot be a tag, or a timeout that is not above 0.
 *
 * @example
 * interface Query {
 *   readonly sql: string;
 * }
 * declare const flow: Flow<{ id: number }>;
 * flow.pipe(send('rows', ({ id }): Query => ({ sql: `select * from rows where id = ${id}` }), { otherwise: 'continue' }));
 */
export function send<V extends Vars, R>(
  name: string,
  request: Part<NoInfer<V>, R>,
  options: SendOptions<NoInfer<V>, R> = {},
): MonoTypeOperatorFunction<Session<V>> {
  const { otherwise = 'end', timeoutMs, responded } = options;
  plainName('request', name);
  if (timeoutMs !== undefined && !(timeoutMs > 0)) {
    throw new ElpisError('ELPIS_CONFIG', `request "${name}": timeoutMs is ${timeoutMs}, expected a number above 0`);
  }
  return concatMap(
    (session) =>
      new Observable<Session<V>>((subscriber) => {
        const { scope } = session;
        const { samples, run, scheduler } = scope;
        samples.flush();
        const tag = scope.tag(name, 'request');
        const shot = scope.start(session.due);
        let pending = true;

        const pass = ({ sample, response, offer }: Exchange, seen: (open: PendingSample) => void): void => {
          sample.tag = tag;
          sample.id = run.ammoId;
          const { errorName } = sample;
          // Over gRPC a failure has no net code, and no response.
          const failed = sample.netCode !== NET_CODE.ok || response === undefined;
          const netCode = failed && sample.netCode === NET_CODE.ok ? NET_CODE.other : sample.netCode;
          const open = new PendingSample(sample, response, offer);
          samples.open(open);
          seen(open);
          if (failed && otherwise === 'end') {
            subscriber.error(new ScenarioFailure({ netCode, errorName }, tag));
            return;
          }
          subscriber.next(session.after(open));
          samples.flush();
        };
        const emitPart = (sample: NetSample, partTag: string): void => {
          sample.tag = partTag;
          sample.id = run.ammoId;
          samples.emit(sample);
        };
        /** Ends the request without a response, without the transport. */
        const fail = (failure: NetFailure): void => {
          pending = false;
          pass({ sample: NetSample.of(shot).failAs(failure, scope.now()) }, () => undefined);
          subscriber.complete();
        };

        let made: R;
        try {
          made = callUser(scope, 'request', name, () => partOf(request, session));
        } catch (error) {
          if (!(error instanceof ScenarioFailure)) throw error;
          // In the next turn, because a closed loop of such requests never returns to the event loop.
          subscriber.add(scheduler.schedule(() => fail(error.failure)));
          return;
        }
        run.tracer?.requested(tag, made, shot.started);

        // Before the transport is unsubscribed from, so that the request is recorded as under way.
        subscriber.add(() => {
          if (!pending) return;
          const sample = NetSample.of(shot).failAs(ABORTED, scope.now());
          sample.tag = tag;
          sample.id = run.ammoId;
          samples.emit(sample);
        });
        const asked = run.user.transport.send(made, shot, tag).subscribe({
          next: (exchange) => {
            if (exchange.part !== undefined) {
              emitPart(exchange.sample, `${tag}|${exchange.part}`);
              return;
            }
            pending = false;
            // An exception here is uncaught.
            try {
              pass(exchange, () => responded?.(exchange, made, session));
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
        });
        subscriber.add(asked);
        if (timeoutMs === undefined || !pending) return;
        const timedOut = (): void => {
          if (!pending) return;
          asked.unsubscribe();
          fail(NET_FAILURE.timeout);
        };
        subscriber.add(scheduler.schedule(timedOut, timeoutMs));
      }),
  );
}

/**
 * The last request of a session, with its response.
 *
 * @throws ElpisError `ELPIS_SHOT` when there was no request.
 */
export function lastExchange<V extends Vars>(session: Session<V>, step: string): PendingSample {
  if (session.exchange !== undefined) return session.exchange;
  throw new ElpisError('ELPIS_SHOT', `${session.scope.span.tag}: ${step} is before any request`, {
    hint: 'put it after the request whose response it reads',
  });
}
