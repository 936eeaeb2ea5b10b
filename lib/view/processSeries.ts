import type { EpochMs } from '../core/units.js';
import type { ProcessReading } from '../measure/processReading.js';

/** What the process used up to a moment. */
export interface ProcessPoint {
  readonly at: EpochMs;
  readonly reading: ProcessReading;
}

/** The readings of two spans, one after the other: times add up; memory and open files are those at the end. */
export function mergeReadings(a: ProcessReading, b: ProcessReading): ProcessReading {
  return {
    ...b,
    spanMs: a.spanMs + b.spanMs,
    userMs: a.userMs + b.userMs,
    systemMs: a.systemMs + b.systemMs,
    gcPauseMs: a.gcPauseMs + b.gcPauseMs,
    longestGcPauseMs: Math.max(a.longestGcPauseMs, b.longestGcPauseMs),
  };
}

/** The processors that a process used: 1 is one processor all the time. */
export function processorsOf({ spanMs, userMs, systemMs }: ProcessReading): number {
  return spanMs > 0 ? (userMs + systemMs) / spanMs : 0;
}

/** The readings of a run of any length: beyond the limit, neighbours are merged pairwise. */
export class ProcessSeries {
  #points: ProcessPoint[] = [];
  /** How many readings one point has; the last one may have fewer. */
  #perPoint = 1;
  #inLast = 0;

  constructor(private readonly limit: number) {}

  get points(): readonly ProcessPoint[] {
    return this.#points;
  }

  add(at: EpochMs, reading: ProcessReading): void {
    const last = this.#points.at(-1);
    if (last !== undefined && this.#inLast < this.#perPoint) {
      this.#points[this.#points.length - 1] = { at, reading: mergeReadings(last.reading, reading) };
      this.#inLast++;
    } else {
      this.#points.push({ at, reading });
      this.#inLast = 1;
    }
    if (this.#points.length > this.limit) this.#halve();
  }

  #halve(): void {
    const old = this.#points;
    this.#points = [];
    for (let i = 0; i < old.length; i += 2) {
      const [first, second] = [old[i] as ProcessPoint, old[i + 1]];
      this.#points.push(
        second === undefined ? first : { at: second.at, reading: mergeReadings(first.reading, second.reading) },
      );
    }
    if (old.length % 2 === 0) this.#inLast += this.#perPoint;
    this.#perPoint *= 2;
  }
}
