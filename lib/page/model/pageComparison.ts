import { eventsFromWire, eventsToWire } from './eventWire.js';
import type { PageEvent } from './pageEvent.js';
import { fromWire, toWire } from './wire.js';

/** The comparison of one number, as a page shows it. */
export interface PageDifference {
  readonly pool: string;
  /** Absent for the whole run. */
  readonly stage?: number;
  /** Absent for all operations. */
  readonly tag?: string;
  /** The name of the number, such as `p99`. */
  readonly metric: string;
  readonly before: number;
  readonly after: number;
  /** The change and its 95 % interval, in %; for errors in percentage points. */
  readonly change: number;
  readonly interval: readonly [from: number, to: number];
  /** `same`: not more than chance explains. */
  readonly verdict: 'same' | 'better' | 'worse';
  readonly texts: { readonly before: string; readonly after: string; readonly change: string };
}

/** What a comparison has found. Sentences are complete, with numbers and intervals. */
export interface PageComparison {
  /** The names of both sides: the paths of their records. */
  readonly before: string;
  readonly after: string;
  /** The conditions that have failed, each with its finding. */
  readonly failed: readonly string[];
  readonly findings: readonly string[];
  /** What a reader should know before trusting the comparison. */
  readonly remarks: readonly string[];
  readonly differences: readonly PageDifference[];
}

/** A run that is compared, and the events that its charts need: see `KeptEvents`. */
export interface ComparedEvents {
  /** The path of its record. */
  readonly path: string;
  readonly before: boolean;
  readonly events: readonly PageEvent[];
}

/** The data of a page: the events of one run, or a comparison of several. */
export type PageData =
  | { readonly comparison: undefined; readonly events: readonly PageEvent[] }
  | { readonly comparison: PageComparison; readonly runs: readonly ComparedEvents[] };

/** A comparison as text. */
export function comparisonToWire(comparison: PageComparison, runs: readonly ComparedEvents[]): string {
  return toWire({ comparison, runs: runs.map((run) => ({ ...run, events: eventsToWire(run.events) })) });
}

interface WrittenComparison {
  readonly comparison: PageComparison;
  readonly runs: readonly (Omit<ComparedEvents, 'events'> & { readonly events: string })[];
}

/**
 * The data of a page, of a text of `eventsToWire` or {@link comparisonToWire} of the same build.
 *
 * @throws SyntaxError for text that is not JSON.
 */
export function dataFromWire(text: string): PageData {
  if (text.startsWith('[')) return { comparison: undefined, events: eventsFromWire(text) };
  const { comparison, runs } = fromWire(text) as WrittenComparison;
  return { comparison, runs: runs.map((run) => ({ ...run, events: eventsFromWire(run.events) })) };
}
