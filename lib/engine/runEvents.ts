import { concat, defer, EMPTY, Observable, of, type SchedulerLike } from 'rxjs';
import { defined } from '../core/defined.js';
import type { Log } from '../core/deps.js';
import { isElpisError } from '../core/errors.js';
import type { EpochMs, Millis } from '../core/units.js';
import type { ProcessReading } from '../measure/processReading.js';
import { sinceText } from '../measure/stateText.js';
import { type JudgingOptions, judgedFailure, RunJudgement } from './judgement.js';
import type { AnnouncedPool, PlayedEvent, RunEnding, RunEvent, RunFacts, RunFailure } from './runEvent.js';
import type { RunSteering } from './runHandle.js';

/** Shots under way may take this long when a rule stops the run; the target is then probably slow. */
const STOP_LIMIT_MS: Millis = 3000;

/** A log that also sends each warning as an event. */
export function warningLog(log: Log, scheduler: SchedulerLike, send: (warning: RunEvent) => void): Log {
  return {
    debug: (message, fields) => log.debug(message, fields),
    info: (message, fields) => log.info(message, fields),
    warn: (message, fields = {}) => {
      log.warn(message, fields);
      send({ type: 'warning', at: scheduler.now(), message, fields });
    },
    error: (message, fields) => log.error(message, fields),
  };
}

/** The parts of the events of a run besides those of its pools. */
export interface RunParts {
  readonly scheduler: SchedulerLike;
  readonly threads: number;
  /** Stops the run when a threshold says so, and knows what has stopped it. */
  readonly steering: Pick<RunSteering, 'order' | 'ending'>;
  /** The seed of the random numbers, if there is one. */
  readonly seed?: number | undefined;
  /** The thresholds and the limits of the verdict. Default: no thresholds. */
  readonly judging?: JudgingOptions;
  /** What the process uses, once a second. Default: it is not measured. */
  readonly readings?: Observable<ProcessReading>;
  /** Receives a warning for each threshold that could not be judged. Default: none. */
  readonly log?: Pick<Log, 'warn'> | undefined;
  /** What the run states about itself. Default: nothing. */
  readonly facts?: RunFacts | undefined;
}

function failureOf(error: unknown): RunFailure {
  return {
    code: isElpisError(error) ? error.code : undefined,
    message: error instanceof Error ? error.message : String(error),
  };
}

/** The conditions of pools that have stopped them. */
class Stops {
  readonly #reasons: string[] = [];

  add(event: RunEvent): void {
    if (event.type === 'pool-stopped') this.#reasons.push(`pool "${event.pool}": ${event.reason}`);
  }

  /** Why the run has ended. A failure counts first: it ends the run for all that was stopped before. */
  ending(lasted: Millis, stopped: RunEnding | undefined, failure: RunFailure | undefined): RunEnding {
    const after = `after ${sinceText(lasted)}`;
    if (failure !== undefined) return { by: 'failure', text: `failed ${after}: ${failure.message.split('\n', 1)[0]}` };
    if (stopped !== undefined) return { ...stopped, text: `stopped ${after}: ${stopped.text}` };
    if (this.#reasons.length === 0) return { by: 'plan', text: `the plan ended ${after}` };
    return { by: 'rule', text: `stopped ${after} by a condition: ${this.#reasons.join('; ')}` };
  }
}

/**
 * Judges the events of the pools and appends the result, also when the run fails.
 *
 * ```text
 * events    --p--w----w----|           --p--w--#
 * judged    --p--(wt)-(wt)-(f|)        --p--(wt)(f#)      t: thresholds, f: run-finished
 * ```
 *
 * A run whose thresholds are violated, or whose verdict is too bad, ends with that error, which is also part of `run-finished`.
 */
function judged(
  events: Observable<PlayedEvent>,
  pools: readonly AnnouncedPool[],
  parts: RunParts,
): Observable<RunEvent> {
  const { scheduler, threads, seed, steering, judging = {}, readings = EMPTY, log } = parts;
  return new Observable<RunEvent>((subscriber) => {
    const startedAt: EpochMs = scheduler.now();
    const judgement = new RunJudgement(pools, threads, judging);
    const stops = new Stops();
    const emit = (event: RunEvent): void => {
      subscriber.next(event);
      stops.add(event);
      const { states, stop } = judgement.add(event);
      if (states !== undefined) subscriber.next({ type: 'thresholds', at: scheduler.now(), states });
      if (stop !== undefined) steering.order({ limitMs: STOP_LIMIT_MS, ending: { by: 'rule', text: stop } });
    };
    const reading = readings.subscribe((each) => emit({ type: 'process', at: scheduler.now(), reading: each }));
    subscriber.add(reading);
    const finish = (error: unknown, failed: boolean): void => {
      reading.unsubscribe();
      const at = scheduler.now();
      const result = judgement.end(at);
      for (const condition of judgement.unseen)
        log?.warn(`the threshold ${condition} was not judged: what it names has not appeared`, {
          threshold: condition,
        });
      const failure = failed ? error : judgedFailure(result, judging.failOn);
      const told = failure === undefined ? undefined : failureOf(failure);
      const ending = stops.ending(at - startedAt, steering.ending, failed ? told : undefined);
      subscriber.next({ type: 'run-finished', at, ...result, ending, ...defined({ seed, failure: told }) });
      if (failure === undefined) subscriber.complete();
      else subscriber.error(failure);
    };
    subscriber.add(
      events.subscribe({
        next: emit,
        error: (error: unknown) => finish(error, true),
        complete: () => finish(undefined, false),
      }),
    );
  });
}

/**
 * The events of a run from those of its pools: `run-started` before them, thresholds and readings of the process among them, and
 * `run-finished` after them.
 */
export function runEvents(
  events: Observable<PlayedEvent>,
  pools: readonly AnnouncedPool[],
  parts: RunParts,
): Observable<RunEvent> {
  const { scheduler, threads, seed, facts } = parts;
  return concat(
    defer(() =>
      of<RunEvent>({ type: 'run-started', at: scheduler.now(), pools, threads, ...defined({ seed, facts }) }),
    ),
    judged(events, pools, parts),
  );
}
