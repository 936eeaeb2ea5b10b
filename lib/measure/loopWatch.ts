import { type SchedulerLike, Subscription } from 'rxjs';
import type { EventLoop } from '../core/eventLoop.js';
import type { EpochMs, Millis } from '../core/units.js';
import { EMPTY_HISTOGRAM, type Histogram, mergeHistograms } from './histogram.js';
import { HistogramRecorder } from './histogramRecorder.js';
import { micros } from './sampleTimes.js';

/** What was seen of the event loop of the generator in a stretch of time. */
export interface LoopReading {
  /**
   * By how much timers were late, looked at every 10 ms, in µs. One that is late by more stands for all that were due meanwhile, so that a
   * stall counts by its length.
   */
  readonly delay: Histogram;
  /** How long the event loop worked, and how long it waited for something to do. */
  readonly activeMs: Millis;
  readonly idleMs: Millis;
}

/** Nothing was seen, as in virtual time. */
export const EMPTY_LOOP: LoopReading = { delay: EMPTY_HISTOGRAM, activeMs: 0, idleMs: 0 };

/** The reading of both: of one time after another, or of several threads. */
export function mergeLoops(a: LoopReading, b: LoopReading): LoopReading {
  const delay = mergeHistograms(a.delay, b.delay);
  return { delay, activeMs: a.activeMs + b.activeMs, idleMs: a.idleMs + b.idleMs };
}

/** Which part of its time the event loop worked, from 0 to 1; `null` when it is not known. */
export function loopUtilization({ activeMs, idleMs }: LoopReading): number | null {
  return activeMs + idleMs > 0 ? activeMs / (activeMs + idleMs) : null;
}

const BEAT_MS: Millis = 10;
/** Timers of an idle event loop are late by up to this much. */
const USUAL_MS: Millis = 2;

/** How long the event loop worked and waited since the process started, such as `performance.eventLoopUtilization()`. */
export type LoopTimes = () => { readonly active: Millis; readonly idle: Millis };

/** One reader of a {@link LoopWatch}. */
export class LoopReader {
  readonly #delay = new HistogramRecorder();
  #active: Millis;
  #idle: Millis;

  constructor(
    private readonly times: LoopTimes,
    readonly close: () => void,
  ) {
    ({ active: this.#active, idle: this.#idle } = times());
  }

  /** A timer was late. */
  record(lateMs: Millis): void {
    for (let left = lateMs; left >= 0; left -= BEAT_MS) this.#delay.record(micros(left));
  }

  /** What was seen since the reading before. */
  take(): LoopReading {
    const { active, idle } = this.times();
    const reading = { delay: this.#delay.take(), activeMs: active - this.#active, idleMs: idle - this.#idle };
    this.#active = active;
    this.#idle = idle;
    return reading;
  }
}

/**
 * Watches the event loop of this thread by a timer, while it has readers: how late it is, and at any moment whether it is blocked.
 * The next timer starts after input that waits has been read, so that what ended in a stall is still known to have.
 */
export class LoopWatch implements EventLoop {
  blockedSince: EpochMs = Number.POSITIVE_INFINITY;
  readonly #readers = new Set<LoopReader>();
  #timer = Subscription.EMPTY;
  #due: EpochMs = 0;

  constructor(
    private readonly scheduler: SchedulerLike,
    private readonly times: LoopTimes,
  ) {}

  /** Starts to watch for one reader, until its `close` is called. */
  open(): LoopReader {
    const reader: LoopReader = new LoopReader(this.times, () => {
      this.#readers.delete(reader);
      if (this.#readers.size === 0) this.#stop();
    });
    this.#readers.add(reader);
    if (this.#readers.size === 1) this.#wait();
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
    this.blockedSince = Number.POSITIVE_INFINITY;
  }
}
