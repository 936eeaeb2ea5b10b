import { concatMap, type MonoTypeOperatorFunction, Observable, type Subscriber, type Subscription } from 'rxjs';
import { AN_OBJECT, checkArgument } from '../../core/argument.js';
import { ElpisError } from '../../core/errors.js';
import type { Shot } from '../../core/shot.js';
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

const A_REQUEST = {
  expected: 'a request, or a function that returns one',
  holds: (value: unknown) => value !== undefined,
};

/** The request was abandoned, by a race or because another branch failed. */
const ABORTED: NetFailure = { netCode: NET_CODE.other, errorName: 'aborted' };

/** A request step: its name, what it sends, and its options. */
interface SendStep<V extends Vars, R> extends SendOptions<V, R> {
  readonly name: string;
  readonly request: Part<V, R>;
}

/** The request of one session, from its start to the end of its response. */
class SentRequest<V extends Vars, R> {
  readonly #tag: string;
  readonly #shot: Shot<unknown>;
  /** False when the request has a sample. */
  #pending = true;

  constructor(
    private readonly step: SendStep<V, R>,
    private readonly session: Session<V>,
    private readonly subscriber: Subscriber<Session<V>>,
  ) {
    const { scope, due } = session;
    scope.samples.flush();
    this.#tag = scope.tag(step.name, 'request');
    this.#shot = scope.start(due);
  }

  start(): void {
    const { subscriber } = this;
    const { run, scheduler } = this.session.scope;
    let made: R;
    try {
      made = this.#make();
    } catch (error) {
      if (!(error instanceof ScenarioFailure)) throw error;
      // In the next turn, because a closed loop of such requests never returns to the event loop.
      subscriber.add(scheduler.schedule(() => this.#fail(error.failure)));
      return;
    }
    run.tracer?.requested(this.#tag, made, this.#shot.started);
    // Before the transport is unsubscribed from, so that the request is recorded as under way.
    subscriber.add(() => this.#abort());
    const exchanges = run.user.transport.send(made, this.#shot, this.#tag).subscribe({
      next: (exchange) => this.#received(exchange, made),
      error: (error: unknown) => {
        this.#pending = false;
        this.#break(error);
      },
      complete: () => {
        this.#pending = false;
        subscriber.complete();
      },
    });
    subscriber.add(exchanges);
    const { timeoutMs } = this.step;
    if (timeoutMs === undefined || !this.#pending) return;
    subscriber.add(scheduler.schedule(() => this.#timeOut(exchanges), timeoutMs));
  }

  #make(): R {
    const { step, session } = this;
    return callUser(session.scope, 'request', step.name, () => partOf(step.request, session));
  }

  #received(exchange: Exchange, made: R): void {
    if (exchange.part !== undefined) {
      this.#emit(exchange.sample, `${this.#tag}|${exchange.part}`);
      return;
    }
    this.#pending = false;
    // An exception here is uncaught.
    try {
      this.#pass(exchange, () => this.step.responded?.(exchange, made, this.session));
    } catch (error) {
      this.#break(error);
    }
  }

  /** Emits the session with the response, or ends the scenario without one. */
  #pass({ sample, response, offer }: Exchange, responded = (): void => undefined): void {
    const { scope } = this.session;
    this.#label(sample, this.#tag);
    const { errorName } = sample;
    // Over gRPC a failure has no net code, and no response.
    const failed = sample.netCode !== NET_CODE.ok || response === undefined;
    const netCode = failed && sample.netCode === NET_CODE.ok ? NET_CODE.other : sample.netCode;
    const open = new PendingSample(sample, response, offer);
    scope.samples.open(open);
    responded();
    if (failed && (this.step.otherwise ?? 'end') === 'end') {
      this.subscriber.error(new ScenarioFailure({ netCode, errorName }, this.#tag));
      return;
    }
    this.subscriber.next(this.session.after(open));
    scope.samples.flush();
  }

  /** Ends the request without a response, without the transport. */
  #fail(failure: NetFailure): void {
    this.#pending = false;
    this.#pass({ sample: this.#failed(failure) });
    this.subscriber.complete();
  }

  #timeOut(exchanges: Subscription): void {
    if (!this.#pending) return;
    exchanges.unsubscribe();
    this.#fail(NET_FAILURE.timeout);
  }

  #abort(): void {
    if (this.#pending) this.#emit(this.#failed(ABORTED), this.#tag);
  }

  #break(error: unknown): void {
    this.subscriber.error(stepError(error, this.session.scope, 'request', this.step.name));
  }

  #failed(failure: NetFailure): NetSample {
    return NetSample.of(this.#shot).failAs(failure, this.session.scope.now());
  }

  #emit(sample: NetSample, tag: string): void {
    this.#label(sample, tag);
    this.session.scope.samples.emit(sample);
  }

  #label(sample: NetSample, tag: string): void {
    sample.tag = tag;
    sample.id = this.session.scope.run.ammoId;
  }
}

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
  plainName('request', name);
  const where = `request "${name}"`;
  checkArgument(where, 'request', request, A_REQUEST);
  checkArgument(where, 'options', options, AN_OBJECT);
  const { timeoutMs } = options;
  if (timeoutMs !== undefined && !(timeoutMs > 0)) {
    throw new ElpisError('ELPIS_CONFIG', `${where}: timeoutMs is ${timeoutMs}, expected a number above 0`);
  }
  const step: SendStep<V, R> = { ...options, name, request };
  return concatMap(
    (session) => new Observable<Session<V>>((subscriber) => new SentRequest(step, session, subscriber).start()),
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
