import type { OperatorFunction } from 'rxjs';

/** What an aggregator reports while it runs (progress) and once when it has closed (`final: true`). */
export interface Report {
  /** Name of the aggregator, such as `phout`. */
  readonly from: string;
  /** Number of samples received so far. */
  readonly received: number;
  /** Number of samples that could not be kept because a queue was full. More than 0 fails the run. */
  readonly dropped: number;
  /** True for the last report, sent when everything is flushed and closed. */
  readonly final: boolean;
  /** Anything else that the aggregator reports, such as a summary. */
  readonly detail?: unknown;
}

/**
 * Turns the stream of samples into results: a file, a table, a number. An aggregator is an RxJS operator.
 *
 * - Subscribing runs it: files are opened then, not earlier.
 * - It MUST take each sample synchronously, MUST NOT change it, and MUST NOT block the shooter. It MAY keep samples, as many as
 *   a stated bound allows.
 * - When the samples complete it flushes, closes and then sends a `final` report and completes.
 * - When its queue is full it drops and counts; the final report carries the number and the engine fails the run with it.
 * - It errors when results can no longer be written. Unsubscribing closes its resources at once.
 */
export type Aggregator<S> = OperatorFunction<S, Report>;
