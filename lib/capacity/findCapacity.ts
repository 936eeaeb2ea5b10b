import { type MonoTypeOperatorFunction, Observable } from 'rxjs';
import { command } from '../../operators/ticks/command.js';
import type { EpochMs, Millis, PerSecond } from '../core/units.js';
import type { RunEvent } from '../engine/runEvent.js';
import type { RunHandle } from '../engine/runHandle.js';
import type { CapacityEstimate, CapacityState, CapacityStep } from '../measure/capacityState.js';
import { DEFAULT_VERDICT, type VerdictSettings } from '../measure/verdict/limits.js';
import type { Window } from '../measure/window.js';
import { type Judge, RateResult } from './rateResults.js';
import { type RateSearch, type SearchOptions, searchOf } from './search.js';

/** Options of {@link findCapacity}. */
export interface CapacityOptions extends SearchOptions {
  /** The pool whose rate is searched. */
  readonly pool: string;
  /** After a change of the rate, nothing is measured for so long. */
  readonly settleMs: Millis;
  /** How long a rate is measured. */
  readonly measureMs: Millis;
  /** Judges everything that was measured at a rate. */
  readonly judge: Judge;
  /** When the generator counts as late. Default: as for the verdict of a run. */
  readonly verdict?: VerdictSettings;
  /** At the end, shots under way may take so long. */
  readonly drainMs: Millis;
}

/** A measurement ends early when a value is this many times its limit, after a part of the time. */
const FAR_OVER = 2;
const EARLY_PART = 0.2;
/** A measurement in which the generator was late is made so often, before it counts. */
const MAX_DISTURBED = 3;
/** After a rate that did not pass, the target has at most this many times the settling time to recover. */
const MAX_RECOVERY = 10;

const rounded = (perSecond: PerSecond): string => Number(perSecond.toPrecision(4)).toLocaleString('en-US');

/** True when a threshold is violated so far that more samples change nothing. */
const farOver = ({ thresholds }: CapacityStep): boolean =>
  thresholds.some(
    ({ status, value, limit }) => status === 'fails' && value !== null && limit > 0 && value > FAR_OVER * limit,
  );

/** Of the two rates beside the capacity, the point between them where the margin of the violated threshold is 0. */
function crossing(passed: CapacityStep, failed: CapacityStep): PerSecond {
  const middle = (passed.perSecond + failed.perSecond) / 2;
  const violated = failed.thresholds.findIndex(({ status }) => status === 'fails');
  const [below, above] = [passed.thresholds[violated]?.margin, failed.thresholds[violated]?.margin];
  if (typeof below !== 'number' || typeof above !== 'number' || below <= 0 || above >= 0) return middle;
  return passed.perSecond + ((failed.perSecond - passed.perSecond) * below) / (below - above);
}

/** The search in a run: takes the windows of a pool, and commands its rate. */
class Capacity {
  readonly #search: RateSearch;
  readonly #results = new Map<PerSecond, RateResult>();
  #phase: CapacityState['phase'] = 'settle';
  #rate: PerSecond;
  #inPhaseMs: Millis = 0;
  /** What the measurement under way has so far. */
  #measured: RateResult;
  /** How many measurements of this rate in a row the generator has disturbed by being late. */
  #disturbed = 0;
  #ending: Pick<CapacityState, 'estimate' | 'text'> | undefined;

  constructor(
    private readonly options: CapacityOptions,
    private readonly handle: RunHandle,
  ) {
    this.#search = searchOf(options);
    this.#rate = options.from;
    this.#measured = this.#nothingYet();
  }

  start(): CapacityState {
    this.#play(this.options.from);
    return this.state;
  }

  /** @returns the state when it has changed. */
  add(window: Window): CapacityState | undefined {
    const before = this.#phase;
    const rate = this.#rate;
    if (this.#phase === 'done') return undefined;
    this.#inPhaseMs += window.to - window.from;
    if (this.#phase === 'recover') this.#recover(window);
    else if (this.#phase === 'settle') this.#settle();
    else this.#measure(window);
    return this.#phase === before && this.#rate === rate ? undefined : this.state;
  }

  /** The run has ended before the search. */
  interrupted(): CapacityState | undefined {
    if (this.#phase === 'done') return undefined;
    this.#phase = 'done';
    const found = this.#estimate();
    const so = found === null ? '' : `; until then: ${this.#sentence(found)}`;
    this.#ending = {
      estimate: null,
      text: `the run ended before the capacity was found: give the schedule a longer duration${so}`,
    };
    return this.state;
  }

  get state(): CapacityState {
    const steps = [...this.#results.values()].map(({ step }) => step).sort((a, b) => a.perSecond - b.perSecond);
    const { pool } = this.options;
    return { pool, perSecond: this.#rate, phase: this.#phase, steps, estimate: null, ...this.#ending };
  }

  #play(perSecond: PerSecond): void {
    this.#rate = perSecond;
    this.handle.command(command.setRate(perSecond), this.options.pool);
  }

  #nothingYet(): RateResult {
    return new RateResult(this.#rate, this.options.judge, this.options.verdict ?? DEFAULT_VERDICT);
  }

  #enter(phase: CapacityState['phase']): void {
    this.#phase = phase;
    this.#measured = this.#nothingYet();
    this.#inPhaseMs = 0;
  }

  #recover(window: Window): void {
    const calm = this.options.judge(window).every(({ status }) => status !== 'fails');
    if (!calm && this.#inPhaseMs < MAX_RECOVERY * this.options.settleMs) return;
    this.#play(this.#search.rate as PerSecond);
    this.#enter('settle');
  }

  #settle(): void {
    if (this.#inPhaseMs >= this.options.settleMs) this.#enter('measure');
  }

  #measure(window: Window): void {
    const { measureMs } = this.options;
    this.#measured.add(window);
    const whole = this.#inPhaseMs >= measureMs;
    if (!whole && this.#inPhaseMs < EARLY_PART * measureMs) return;
    const result = this.#results.get(this.#rate)?.with(this.#measured) ?? this.#measured;
    if (!whole && !farOver(result.step)) return;
    const lateness = this.#measured.lateness;
    this.#disturbed = lateness === undefined ? 0 : this.#disturbed + 1;
    if (this.#disturbed > 0 && this.#disturbed < MAX_DISTURBED) this.#enter('settle');
    else {
      this.#disturbed = 0;
      this.#results.set(this.#rate, result);
      if (lateness !== undefined && this.#search.bracket.passed === null) this.#end(lateness);
      else this.#add(result.step);
    }
  }

  #add(step: CapacityStep): void {
    this.#search.add(step.passes);
    this.#next(step);
  }

  #next({ passes }: CapacityStep): void {
    const next = this.#search.rate;
    if (next === undefined) this.#end();
    else if (passes && next === this.#rate) this.#enter('measure');
    else if (passes) {
      this.#play(next);
      this.#enter('settle');
    } else {
      this.#play(Math.min(next, this.#search.bracket.passed ?? next) / 2);
      this.#enter('recover');
    }
  }

  #stepAt(perSecond: PerSecond | null): CapacityStep | undefined {
    return perSecond === null ? undefined : this.#results.get(perSecond)?.step;
  }

  #estimate(): CapacityEstimate | null {
    const bracket = this.#search.bracket;
    if (bracket.passed === null) return null;
    if (bracket.failed === null) return { perSecond: bracket.passed, from: bracket.passed, to: null, limitedBy: null };
    const [passed, failed] = [this.#stepAt(bracket.passed), this.#stepAt(bracket.failed)];
    const perSecond =
      passed === undefined || failed === undefined ? (bracket.passed + bracket.failed) / 2 : crossing(passed, failed);
    return { perSecond, from: bracket.passed, to: bracket.failed, limitedBy: failed?.limitedBy ?? null };
  }

  #sentence({ perSecond, from, to, limitedBy }: CapacityEstimate): string {
    if (to === null) return `${rounded(perSecond)} per second, the highest rate of the search, passes`;
    const half = Math.max(perSecond - from, to - perSecond);
    return `${rounded(perSecond)} ± ${Number(half.toPrecision(2))} per second, limited by ${limitedBy ?? 'its thresholds'}`;
  }

  /** @param lateness Why nothing can be found: the generator is late, and no rate has passed before. */
  #end(lateness?: string): void {
    this.#enter('done');
    const estimate = this.#estimate();
    this.#ending = { estimate, text: estimate === null ? this.#noEstimate(lateness) : this.#sentence(estimate) };
  }

  #noEstimate(lateness: string | undefined): string {
    if (lateness === undefined) return `no rate passes, not even ${rounded(this.#lowest())} per second`;
    const disturbed = `at ${rounded(this.#rate)} per second ${MAX_DISTURBED} measurements in a row were disturbed by ${lateness}`;
    return `nothing was found: ${disturbed}; give the generator a machine without other load, or begin at a lower rate`;
  }

  #lowest(): PerSecond {
    return Math.min(...this.#results.keys());
  }
}

/**
 * Searches for the highest rate of a pool at which all thresholds pass: it takes the windows of the run, commands its rate,
 * stops the run when the result is certain enough, and adds `capacity` events.
 *
 * ```text
 * events                 S--w--w--w--w--w--w--...--F|
 * findCapacity()         Sc-w--w--wc-w--w--wc-...-cF|      c: a new rate, or the result
 * ```
 *
 * - At each rate nothing is counted for `settleMs`, then everything for `measureMs`; when a value is twice its limit, less.
 * - All measurements of one rate are judged together, so a repeat makes the result more certain.
 * - After a rate that does not pass, a low rate is played until the target has recovered.
 * - A rate does not pass either when operations found no instance, or when they ended at a lower rate; the result names it.
 * - A measurement in which the generator was late does not count and is made again. After three in a row the rate does not pass; the
 *   search ends without a result when no rate has passed before.
 * - The estimate is where the margin of the violated threshold is 0, between the highest rate that passes and the lowest that does not.
 *
 * @param handle Of a run that is steerable.
 */
export function findCapacity(options: CapacityOptions, handle: RunHandle): MonoTypeOperatorFunction<RunEvent> {
  return (events) =>
    new Observable<RunEvent>((destination) => {
      const capacity = new Capacity(options, handle);
      const tell = (at: EpochMs, state: CapacityState | undefined): void => {
        if (state !== undefined) destination.next({ type: 'capacity', at, state });
      };
      events.subscribe({
        next: (event) => {
          if (event.type === 'run-finished') tell(event.at, capacity.interrupted());
          destination.next(event);
          if (event.type === 'pool-started' && event.pool === options.pool) tell(event.at, capacity.start());
          else if (event.type === 'window' && event.pool === options.pool && !event.window.partial) {
            const state = capacity.add(event.window);
            tell(event.at, state);
            // The end of the run may follow at once, so the result is emitted before.
            if (state?.phase === 'done') handle.stop(options.drainMs, `capacity: ${state.text}`);
          }
        },
        error: (error: unknown) => destination.error(error),
        complete: () => destination.complete(),
      });
    });
}
