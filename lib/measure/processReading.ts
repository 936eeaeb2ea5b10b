import type { Bytes, Millis } from '../core/units.js';

/** The time between two readings. */
export const PROCESS_EVERY_MS: Millis = 1000;

/** What the process of the generator used in a span of time. */
export interface ProcessReading {
  /** The length of the span. */
  readonly spanMs: Millis;
  /** The time of processors that it used, over all its threads. */
  readonly userMs: Millis;
  readonly systemMs: Millis;
  /** Memory of the process, and of its JavaScript objects, at the end of the span. */
  readonly rssBytes: Bytes;
  readonly heapUsedBytes: Bytes;
  /** The time for which the garbage collector stopped the main thread, and the longest of these pauses. */
  readonly gcPauseMs: Millis;
  readonly longestGcPauseMs: Millis;
  /** How far the clock of the machine moved against a clock without steps in the span; absent when it was not measured. */
  readonly clockStepMs?: Millis;
  /** Open files and sockets, and their limit; `null` where the system does not tell. */
  readonly openFiles: number | null;
  readonly openFilesLimit: number | null;
}
