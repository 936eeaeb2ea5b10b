import type { TimedSample } from '../core/sample.js';
import type { EpochMs } from '../core/units.js';
import { type ConnectionCounts, NO_CONNECTIONS } from './connectionCounts.js';
import { type Counters, noCounters } from './counters.js';
import { CountsRecorder } from './countsRecorder.js';
import { HistogramRecorder } from './histogramRecorder.js';
import { EMPTY_LOOP, type LoopReading } from './loopWatch.js';
import { MetricsRecorder } from './metricsRecorder.js';
import { micros, wasShot } from './sampleTimes.js';
import { OTHER_TAGS, type Window } from './window.js';
import type { WindowCounts } from './windowCounts.js';

/** One recorder per tag, up to a limit; all further tags share one. The last tag is found without a look-up. */
class TagTable {
  readonly #recorders = new Map<string, CountsRecorder>();
  #lastTag: string | undefined;
  #last: CountsRecorder | undefined;
  /** Samples with a tag beyond the limit, since the last `take`. */
  #beyond = 0;
  #full = false;

  constructor(
    private readonly limit: number,
    private readonly onLimit: ((tag: string) => void) | undefined,
  ) {}

  find(tag: string): CountsRecorder {
    if (tag === this.#lastTag) return this.#last as CountsRecorder;
    const known = this.limit === 0 ? undefined : this.#recorders.get(tag);
    // Tags beyond the limit are not cached as the last one, so that each of their samples is counted here.
    if (known === undefined && this.#recorders.size >= this.limit && tag !== OTHER_TAGS) return this.#other(tag);
    this.#lastTag = tag;
    this.#last = known ?? this.#add(tag);
    return this.#last;
  }

  #other(tag: string): CountsRecorder {
    if (!this.#full) {
      this.#full = true;
      if (this.limit > 0) this.onLimit?.(tag);
    }
    this.#beyond++;
    return this.#recorders.get(OTHER_TAGS) ?? this.#add(OTHER_TAGS);
  }

  #add(tag: string): CountsRecorder {
    const recorder = new CountsRecorder();
    this.#recorders.set(tag, recorder);
    return recorder;
  }

  get used(): boolean {
    for (const { count } of this.#recorders.values()) if (count > 0) return true;
    return false;
  }

  addTo(sum: CountsRecorder): void {
    for (const recorder of this.#recorders.values()) if (recorder.count > 0) sum.absorb(recorder);
  }

  take(): { readonly counts: ReadonlyMap<string, WindowCounts>; readonly beyond: number } {
    const counts = new Map<string, WindowCounts>();
    for (const [tag, recorder] of this.#recorders) if (recorder.count > 0) counts.set(tag, recorder.take());
    const beyond = this.#beyond;
    this.#beyond = 0;
    return { counts, beyond };
  }
}

/** Options of a {@link WindowRecorder}. */
export interface WindowRecorderOptions {
  /** Begin of the first window. */
  readonly from: EpochMs;
  /** The largest number of tags that are counted under their own names; 0: only the total. */
  readonly tagLimit: number;
  /** Called once, with the first tag beyond the limit. */
  readonly onTagLimit?: ((tag: string) => void) | undefined;
}

/** The fields of a window that do not come from samples. */
export interface WindowFacts {
  /** Default false. */
  readonly partial?: boolean;
  /** Default `null`: not known. */
  readonly planned?: number | null;
  readonly started?: number | null;
  /** Default: none. */
  readonly withoutAmmo?: number;
  readonly counters?: Counters;
  readonly connections?: ConnectionCounts;
  readonly loop?: LoopReading;
}

/**
 * Records samples in one {@link Window} after another. Recording a sample allocates nothing; tags, statuses and
 * failures keep their places from window to window, so the first ones of the whole run have their own rows.
 */
export class WindowRecorder {
  readonly #operations: TagTable;
  readonly #groups: TagTable;
  readonly #scenarios: TagTable;
  readonly #total = new CountsRecorder();
  readonly #slotWait = new HistogramRecorder();
  readonly #lateness = new HistogramRecorder();
  readonly #metrics = new MetricsRecorder();
  readonly #tagLimit: number;
  #from: EpochMs;

  constructor({ from, tagLimit, onTagLimit }: WindowRecorderOptions) {
    this.#from = from;
    this.#tagLimit = tagLimit;
    this.#operations = new TagTable(tagLimit, onTagLimit);
    this.#groups = new TagTable(tagLimit, onTagLimit);
    this.#scenarios = new TagTable(tagLimit, onTagLimit);
  }

  /** Begin of the current window. */
  get from(): EpochMs {
    return this.#from;
  }

  /** True when the current window has samples. */
  get used(): boolean {
    return this.#operations.used || this.#groups.used || this.#scenarios.used;
  }

  /**
   * Records a sample without keeping it.
   *
   * @param tag Counted under this tag. Default: that of the sample.
   */
  record(sample: TimedSample, tag: string = sample.tag): void {
    const { scope, intended, started, ended } = sample;
    const shot = wasShot(sample);
    const responseUs = micros(ended - intended);
    const table = scope === '' ? this.#operations : scope === 'group' ? this.#groups : this.#scenarios;
    table.find(tag).record(sample, shot, responseUs, shot ? micros(ended - started) : 0);
    const { metrics } = sample;
    if (metrics !== undefined && metrics.length > 0) this.#metrics.record(metrics, ended);
    // A group starts with its first request, whose times are already counted.
    if (scope === 'group') return;
    this.#slotWait.record(micros(sample.slotWait));
    this.#lateness.record(micros(started - intended - sample.slotWait));
  }

  /** Ends the current window and begins the next one. */
  close(to: EpochMs, facts: WindowFacts = {}): Window {
    const {
      partial = false,
      planned = null,
      started = null,
      withoutAmmo = 0,
      counters = noCounters(),
      connections = NO_CONNECTIONS,
      loop = EMPTY_LOOP,
    } = facts;
    this.#operations.addTo(this.#total);
    const total = this.#total.take();
    const operations = this.#operations.take();
    const groups = this.#groups.take();
    const scenarios = this.#scenarios.take();
    const window: Window = {
      from: this.#from,
      to,
      partial,
      planned,
      started,
      withoutAmmo,
      total,
      tags: operations.counts,
      groups: groups.counts,
      scenarios: scenarios.counts,
      slotWait: this.#slotWait.take(),
      lateness: this.#lateness.take(),
      loop,
      counters,
      connections,
      metrics: this.#metrics.take(),
      tagLimit: this.#tagLimit,
      beyondTagLimit: operations.beyond + groups.beyond + scenarios.beyond,
    };
    this.#from = to;
    return window;
  }
}
