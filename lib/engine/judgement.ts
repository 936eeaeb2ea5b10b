import { defined } from '../core/defined.js';
import { ElpisError } from '../core/errors.js';
import type { EpochMs } from '../core/units.js';
import type { RunVerdict, ThresholdState } from '../measure/runVerdict.js';
import { stateText } from '../measure/stateText.js';
import type { SummarySnapshot } from '../measure/summary.js';
import { DEFAULT_VERDICT, type VerdictSettings } from '../measure/verdict/limits.js';
import { addReading, NO_PROCESS, type ProcessTotals } from '../measure/verdict/processTotals.js';
import { atLeastAsBad, verdictOf } from '../measure/verdict/verdictOf.js';
import type { Threshold } from '../rules/threshold.js';
import { ThresholdJudge } from '../rules/thresholdJudge.js';
import type { AnnouncedPool, RunEvent } from './runEvent.js';
import { Summaries } from './summaries.js';

/** How a run is judged. */
export interface JudgingOptions {
  readonly thresholds?: readonly Threshold[];
  /** The limits of the verdict. Default: those of docs/THRESHOLDS.md. */
  readonly verdict?: VerdictSettings;
  /** The run fails when its verdict is as bad as this, or worse. Default: the verdict fails no run without thresholds. */
  readonly failOn?: 'degraded' | 'invalid' | null;
}

/** What follows from an event. */
export interface JudgementStep {
  /** The states of the thresholds, when one was judged. */
  readonly states?: readonly ThresholdState[];
  /** Why the run must stop, when a threshold that stops it was violated just now. */
  readonly stop?: string;
}

const NOTHING: JudgementStep = {};

/** The result of a run that was judged. */
export interface Judged {
  readonly summaries: readonly SummarySnapshot[];
  readonly verdict: RunVerdict;
  /** Absent without thresholds. */
  readonly thresholds?: readonly ThresholdState[];
}

/**
 * The judgement of a run: a fold of its events, live or from a record. The same events give the same judgement.
 *
 * @see {@link judgedFailure} for the error that follows from it.
 */
export class RunJudgement {
  readonly #thresholds: readonly Threshold[];
  readonly #settings: VerdictSettings;
  readonly #judge: ThresholdJudge;
  readonly #summaries: Summaries;
  readonly #dropped = new Map<string, number>();
  #process: ProcessTotals = NO_PROCESS;
  #stopped = false;

  /**
   * @param pools All pools of the run.
   * @param threads How many threads share it.
   */
  constructor(
    pools: readonly AnnouncedPool[],
    private readonly threads: number,
    { thresholds = [], verdict = DEFAULT_VERDICT }: JudgingOptions = {},
  ) {
    this.#thresholds = thresholds;
    this.#settings = verdict;
    this.#summaries = new Summaries(pools);
    this.#judge = new ThresholdJudge(
      thresholds,
      pools.map(({ id }) => id),
    );
  }

  add(event: RunEvent): JudgementStep {
    switch (event.type) {
      case 'process':
        this.#process = addReading(this.#process, event.reading);
        return NOTHING;
      case 'report':
        if (event.report.final) this.#dropped.set(`${event.pool} ${event.report.from}`, event.report.dropped);
        return NOTHING;
      case 'progress': {
        const { inFlight, instances } = event.progress;
        this.#judge.instances(event.pool, { busy: inFlight, instances });
        this.#summaries.add(event);
        return NOTHING;
      }
      case 'window':
        this.#summaries.add(event);
        return this.#step(this.#judge.window(event.pool, event.window));
      case 'pool-finished':
        this.#summaries.add(event);
        return this.#step(this.#judge.finished(event.pool));
      case 'pool-started':
      case 'pool-stopped':
      case 'bad-ammo':
      case 'share-lost':
      case 'command':
        this.#summaries.add(event);
        return NOTHING;
      default:
        return NOTHING;
    }
  }

  #step(judged: boolean): JudgementStep {
    if (!judged || this.#thresholds.length === 0) return NOTHING;
    const { states } = this.#judge;
    const stopping = states.find(({ otherwise, violated }) => otherwise === 'stop' && violated);
    if (stopping === undefined || this.#stopped) return { states };
    this.#stopped = true;
    return { states, stop: stateText(stopping) };
  }

  /** The thresholds whose tag, check or metric has not appeared, as text. */
  get unseen(): readonly string[] {
    return this.#judge.unseen;
  }

  /** The result at the end of the run. */
  end(at: EpochMs): Judged {
    const summaries = this.#summaries.all;
    const dropped = [...this.#dropped.values()].reduce((sum, count) => sum + count, 0);
    const facts = { settings: this.#settings, usage: this.#process, threads: this.threads, dropped };
    const thresholds = this.#thresholds.length === 0 ? undefined : this.#judge.end(at);
    return { summaries, verdict: verdictOf(summaries, facts), ...defined({ thresholds }) };
  }
}

const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

function verdictText({ level, reasons }: RunVerdict): string {
  const texts = reasons
    .filter((reason) => reason.level === level)
    .map(({ pool, text }) => (pool === undefined ? text : `pool "${pool}": ${text}`));
  return `the run is ${level}: ${texts.join('; ')}`;
}

/**
 * The error of a run that was judged; undefined when it succeeded. Violated thresholds are `ELPIS_THRESHOLDS`. A verdict is
 * `ELPIS_VERDICT` when it is as bad as `failOn`, or when the run is INVALID and has thresholds, which then cannot pass.
 */
export function judgedFailure(
  { verdict, thresholds = [] }: Omit<Judged, 'summaries'>,
  failOn: JudgingOptions['failOn'] = null,
): ElpisError | undefined {
  const binding = thresholds.filter(({ otherwise }) => otherwise !== 'warn');
  const violated = binding.filter((state) => state.violated);
  const invalid = verdict.level === 'INVALID';
  if (violated.length > 0) {
    const which = violated.map(stateText).join('; ');
    const note = invalid ? `; ${verdictText(verdict)}` : '';
    const message = `${violated.length} of ${plural(binding.length, 'threshold')} violated: ${which}${note}`;
    return new ElpisError('ELPIS_THRESHOLDS', message, { hint: 'the results are written' });
  }
  const bad = failOn !== null && atLeastAsBad(verdict.level, failOn === 'degraded' ? 'DEGRADED' : 'INVALID');
  if (!bad && !(invalid && binding.length > 0)) return undefined;
  const so = binding.length > 0 ? ', so its thresholds do not pass' : '';
  const hint = 'the results are written; docs/THRESHOLDS.md has each reason with its limit';
  return new ElpisError('ELPIS_VERDICT', `${verdictText(verdict)}${so}`, { hint });
}
