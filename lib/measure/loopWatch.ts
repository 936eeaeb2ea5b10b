import { type SchedulerLike, Subscription } from 'rxjs';
import type { EventLoop } from '../core/eventLoop.js';
import type { EpochMs, Millis } from '../core/units.js';
import { type Distribution, EMPTY_HISTOGRAM, type Histogram, mergeHistograms } from './histogram.js';
import { HistogramRecorder } from './histogramRecorder.js';
import { micros } from './sampleTimes.js';

/** Measurements of the event loop of the generator over a span of time. */
export interface LoopReading {
  /**
   * The delay of timers in µs, measured every 10 ms. A longer delay counts once for each 10 ms of it, so a stall counts by its length.
   */
  readonly delay: Histogram;
  /** The time in which the event loop ran code, and the time in which it waited for events. */
  readonly activeMs: Millis;
  readonly idleMs: Millis;
  /** The time for which the garbage collector stopped the thread, and the longest of these pauses. */
  readonly gcMs: Millis;
  readonly longestGcMs: Millis;
}

/** No measurements, as in virtual time. */
export const EMPTY_LOOP: LoopReading = { delay: EMPTY_HISTOGRAM, activeMs: 0, idleMs: 0, gcMs: 0, longestGcMs: 0 };

/** Merges two readings: of two spans of time, or of two threads. */
export function mergeLoops(a: LoopReading, b: LoopReading): LoopReading {
  const delay = mergeHistograms(a.delay, b.delay);
  return {
    delay,
    activeMs: a.activeMs + b.activeMs,
    idleMs: a.idleMs + b.idleMs,
    gcMs: a.gcMs + b.gcMs,
    longestGcMs: Math.max(a.longestGcMs, b.longestGcMs),
  };
}

/** The part of the time in which the event loop ran code, from 0 to 1; `null` when it was not measured. */
export function loopUtilization({ activeMs, idleMs }: LoopReading): number | null {
  return activeMs + idleMs > 0 ? activeMs / (activeMs + idleMs) : null;
}

/** Figures of the event loop of the generator. */
export interface LoopFigures {
  readonly delayMs: Distribution;
  /** From 0 to 1; `null` when it is not known. */
  readonly utilization: number | null;
}

const BEAT_MS: Millis = 10;
/** Timers of an idle event loop are late by up to this much. */
const USUAL_MS: Millis = 2;

/** Returns the times of the event loop since the start of the process, such as `performance.eventLoopUtilization()`. */
export type LoopTimes = () => { readonly active: Millis; readonly idle: Millis };

/** Calls back for each pause of the garbage collector of this thread, and returns what stops that. */
export type PauseWatch = (paused: (ms: Millis) => void) => () => void;

/** One reader of a {@link LoopWatch}. */
export class LoopReader {
  readonly #delay = new HistogramRecorder();
  #active: Millis;
  #idle: Millis;
  #gcMs: Millis = 0;
  #longestGcMs: Millis = 0;

  constructor(
    private readonly times: LoopTimes,
    readonly close: () => void,
  ) {
    ({ active: this.#active, idle: this.#idle } = times());
  }

  /** Records the delay of a timer. */
  record(lateMs: Millis): void {
    for (let left = lateMs; left >= 0; left -= BEAT_MS) this.#delay.record(micros(left));
  }

  /** Records a pause of the garbage collector. */
  paused(ms: Millis): void {
    this.#gcMs += ms;
    this.#longestGcMs = Math.max(this.#longestGcMs, ms);
  }

  /** Returns the measurements since the last call. */
  take(): LoopReading {
    const { active, idle } = this.times();
    const [gcMs, longestGcMs] = [this.#gcMs, this.#longestGcMs];
    const reading = {
      delay: this.#delay.take(),
      activeMs: active - this.#active,
      idleMs: idle - this.#idle,
      gcMs,
      longestGcMs,
    };
    this.#gcMs = this.#longestGcMs = 0;
    this.#active = active;
    this.#idle = idle;
    return reading;
  }
}

/**
 * Measures the delay of the event loop of this thread by a timer while it has readers, and has the beginning of a block
 * of the loop. The next timer starts after waiting input has been read, so the end of a shot during a stall is still
 * noticed within it.
 */
export class LoopWatch implements EventLoop {
  blockedSince: EpochMs = Number.POSITIVE_INFINITY;
  readonly #readers = new Set<LoopReader>();
  #timer = Subscription.EMPTY;
  #due: EpochMs = 0;
  #unwatch: (() => void) | undefined;

  constructor(
    private readonly scheduler: SchedulerLike,
    private readonly times: LoopTimes,
    private readonly pauses: PauseWatch = () => () => undefined,
  ) {}

  /** Adds a reader. Its `close` removes it. */
  open(): LoopReader {
    const reader: LoopReader = new LoopReader(this.times, () => {
      this.#readers.delete(reader);
      if (this.#readers.size === 0) this.#stop();
    });
    this.#readers.add(reader);
    if (this.#readers.size === 1) {
      this.#unwatch = this.pauses((ms) => {
        for (const each of this.#readers) each.paused(ms);
      });
      this.#wait();
    }
    return reader;
  }

  #wait(): void {
    this.#due = this.scheduler.now() + BEAT_MS;
    this.blockedSince = this.#due + USUAL_MS;
    this.#timer = this.scheduler.schedule(() => this.#beat(), BEAT_MS);
  }

  #beat(): void {
    const lateMs = Math.max(0, this.scheduler.now() - this.#due);
    for (const reader of this.#readers) reader.record(lateMs);
    this.#timer = this.scheduler.schedule(() => this.#wait());
  }

  #stop(): void {
    this.#timer.unsubscribe();
    this.#unwatch?.();
    this.blockedSince = Number.POSITIVE_INFINITY;
  }
}
