import { type Subscriber, Subscription } from 'rxjs';
import type { Shot } from '../../../core/shot.js';
import type { EpochMs, Millis } from '../../../core/units.js';
import { NET_CODE, NET_FAILURE, type NetFailure } from '../../../protocols/netFailure.js';
import { NetSample } from '../../../protocols/netSample.js';
import type { Exchange, TransportResponse } from '../../../protocols/transport.js';
import { ScenarioFailure } from '../../scenarioFailure.js';
import type { NoVars, Session } from '../../session.js';
import { EvaluationError } from '../values/evaluationError.js';
import type { PrintOptions } from '../values/goPrint.js';
import type { GoMap, GoValue } from '../values/goValue.js';
import { countersOf } from '../values/iterator.js';
import type { MappingContext } from '../values/mapping.js';
import type { PlayableStep, StepFailure, StepPart } from './playableStep.js';

/** Equal steps one after another, as in the model of a file. */
export interface PlayableRun<R> {
  readonly step: PlayableStep<R>;
  readonly count: number;
  readonly sleepMs: Millis;
  readonly lastSleepMs: Millis;
}

/** A scenario of a file as it is played. */
export interface PlayableScenario<R> {
  readonly name: string;
  readonly runs: readonly PlayableRun<R>[];
  readonly minWaitingTimeMs: Millis;
  readonly print: PrintOptions;
  /** The values of the sources, by name. */
  readonly source: GoMap;
}

/** The request was aborted, because the run or the time of the scenario has ended. */
const ABORTED: NetFailure = { netCode: NET_CODE.other, errorName: 'aborted' };

const failureName = (part: StepPart, { code }: EvaluationError): string => `${part}: ${code}`;

/** One run of a scenario of a file, from its first step to its last wait. */
export class FileRun<R> {
  readonly #request = Object.create(null) as Record<string, GoValue>;
  readonly #variables: GoMap;
  readonly #context: MappingContext;
  readonly #began: EpochMs;
  /** The step under way: the place of its run, and which copy of it. */
  #at = 0;
  #copy = 0;
  /** The intended time of the next step; 0: as soon as possible. */
  #due: EpochMs = 0;
  /** The moments of the request under way. */
  #pending: Shot<unknown> | undefined;
  #sending = Subscription.EMPTY;
  #waiting = Subscription.EMPTY;
  #playing = false;
  #again = false;

  constructor(
    private readonly scenario: PlayableScenario<R>,
    private readonly session: Session<NoVars>,
    private readonly subscriber: Subscriber<Session<NoVars>>,
  ) {
    const { run } = session.scope;
    this.#variables = { source: scenario.source, request: this.#request };
    this.#context = { random: run.random, counters: countersOf(run, scenario), print: scenario.print };
    this.#began = session.scope.now();
    subscriber.add(() => {
      // Before the transport is unsubscribed from, so that the request is recorded as under way.
      this.#abort();
      this.#waiting.unsubscribe();
      this.#sending.unsubscribe();
    });
  }

  /** Plays the next step, or ends the run after the last one. */
  next(): void {
    this.#again = true;
    // A transport may respond at once: then the steps are a loop, and no recursion.
    if (this.#playing) return;
    this.#playing = true;
    while (this.#again && !this.subscriber.closed) {
      this.#again = false;
      const run = this.scenario.runs[this.#at];
      if (run === undefined) this.#end();
      else this.#play(run.step);
    }
    this.#playing = false;
  }

  get #scope(): Session<NoVars>['scope'] {
    return this.session.scope;
  }

  #tagOf({ tag }: PlayableStep<R>): string {
    return `${this.scenario.name}.${tag}`;
  }

  #play(step: PlayableStep<R>): void {
    const shot = this.#scope.start(this.#due);
    let part: StepPart = 'preprocessor';
    let request: R;
    try {
      const variables = Object.create(null) as Record<string, GoValue>;
      this.#request[step.name] = variables;
      const prepared = step.prepare(this.#variables, this.#context);
      if (prepared !== undefined) variables.preprocessor = prepared;
      part = 'template';
      request = step.render(this.#variables, this.#context.random);
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      // In the next turn: a closed loop of such steps alone would never return to the event loop.
      const sample = NetSample.of(shot);
      this.#later(0, () => this.#fail(step, sample, part, error, undefined));
      return;
    }
    this.#send(step, request, shot);
  }

  #send(step: PlayableStep<R>, request: R, shot: Shot<unknown>): void {
    const tag = this.#tagOf(step);
    const { run } = this.#scope;
    run.tracer?.requested(tag, request, shot.started);
    this.#pending = shot;
    const sending = run.user.transport.send(request, shot, tag).subscribe({
      next: (exchange) => this.#guarded(() => this.#responded(step, exchange)),
      error: (error: unknown) => {
        this.#pending = undefined;
        this.subscriber.error(error);
      },
    });
    if (!sending.closed) this.#sending = sending;
  }

  /** An exception in a handler of an Observable would be uncaught. */
  #guarded(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.subscriber.error(error);
    }
  }

  #later(ms: Millis, call: () => void): void {
    this.#waiting = this.#scope.scheduler.schedule(() => this.#guarded(call), ms);
  }

  #responded(step: PlayableStep<R>, { sample, response, offer }: Exchange): void {
    this.#pending = undefined;
    if (response === undefined || sample.netCode !== NET_CODE.ok) {
      const netCode = sample.netCode === NET_CODE.ok ? NET_CODE.other : sample.netCode;
      const errorName = sample.errorName === '' ? NET_FAILURE.other.errorName : sample.errorName;
      this.#failAs(step, sample, { failure: { netCode, errorName }, response: undefined, error: undefined });
      return;
    }
    try {
      const own = this.#request[step.name] as Record<string, GoValue>;
      own.postprocessor = step.process(response);
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      offer?.(failureName('postprocessor', error));
      this.#fail(step, sample, 'postprocessor', error, response);
      return;
    }
    sample.tag = this.#tagOf(step);
    sample.id = 0;
    this.#scope.samples.emit(sample.end(this.#scope.now(), response.status));
    this.#afterStep();
  }

  #afterStep(): void {
    const { count, sleepMs, lastSleepMs } = this.scenario.runs[this.#at] as PlayableRun<R>;
    const last = ++this.#copy >= count;
    if (last) {
      this.#at++;
      this.#copy = 0;
    }
    this.#wait(this.#scope.now() + (last ? lastSleepMs : sleepMs), () => this.next());
  }

  /** Continues at a moment, which is the intended time of what follows; at once when it has come. */
  #wait(until: EpochMs, then: () => void): void {
    const now = this.#scope.now();
    if (until <= now) {
      this.#due = 0;
      then();
      return;
    }
    this.#scope.run.tracer?.paused(now, until);
    this.#due = until;
    this.#later(until - now, then);
  }

  #end(): void {
    const finish = (): void => {
      this.subscriber.next(this.session);
      this.subscriber.complete();
    };
    const until = this.#began + this.scenario.minWaitingTimeMs;
    // In the next turn: a closed loop of scenarios without steps would never return to the event loop.
    if (this.scenario.runs.length === 0 && until <= this.#scope.now()) this.#later(0, finish);
    else this.#wait(until, finish);
  }

  /** Ends the run because a part of a step cannot be computed. */
  #fail(
    step: PlayableStep<R>,
    sample: NetSample,
    part: StepPart,
    error: EvaluationError,
    response: TransportResponse | undefined,
  ): void {
    this.#warn(step, part, error);
    const failure = { netCode: NET_CODE.other, errorName: failureName(part, error) };
    this.#failAs(step, sample, { failure, response, error });
  }

  #failAs(step: PlayableStep<R>, sample: NetSample, failed: StepFailure): void {
    const tag = this.#tagOf(step);
    sample.tag = tag;
    sample.id = 0;
    sample.responded = sample.ended = this.#scope.now();
    step.markFailed(sample, failed);
    this.#scope.samples.emit(sample);
    this.subscriber.error(new ScenarioFailure(failed.failure, tag));
  }

  /** Logs the first failure of each kind of a step. */
  #warn(step: PlayableStep<R>, part: StepPart, error: EvaluationError): void {
    const { run } = this.#scope;
    const kind = `${part} ${error.code}`;
    const known = (run.shared.get(step) as Set<string> | undefined) ?? new Set<string>();
    run.shared.set(step, known);
    if (known.has(kind)) return;
    known.add(kind);
    run.log?.warn(`the ${part} of ${this.#tagOf(step)} failed: ${error.message}`, { code: error.code });
  }

  #abort(): void {
    const shot = this.#pending;
    if (shot === undefined) return;
    this.#pending = undefined;
    const step = (this.scenario.runs[this.#at] as PlayableRun<R>).step;
    const sample = NetSample.of(shot).failAs(ABORTED, this.#scope.now());
    sample.tag = this.#tagOf(step);
    step.markFailed(sample, { failure: ABORTED, response: undefined, error: undefined });
    this.#scope.samples.emit(sample);
  }
}
