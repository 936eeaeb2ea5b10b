import type { OperatorFunction } from 'rxjs';
import type { Report } from './report.js';

/**
 * Turns the stream of samples into results: a file, a table, a number. An aggregator is an RxJS operator.
 *
 * - Subscribing runs it: files are opened then and not before.
 * - It MUST take each sample synchronously, MUST NOT keep it, and MUST NOT block the shooter.
 * - When the samples complete it flushes, closes and then sends a `final` report and completes.
 * - When its queue is full it drops and counts; the final report carries the number and the engine fails the run with it.
 * - It errors when results cannot be written any more. Unsubscribing closes its resources at once.
 */
export type Aggregator<S> = OperatorFunction<S, Report>;
