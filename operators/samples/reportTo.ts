import { defer, ignoreElements, merge, Observable, type OperatorFunction, type Subscriber, Subscription } from 'rxjs';
import type { Aggregator, Report } from '../../lib/core/aggregator.js';
import { A_FUNCTION, checkEach } from '../../lib/core/argument.js';
import { Failures } from '../firing/failures.js';

/**
 * Emits its values to every subscriber: a `Subject` reduced to a fan-out, because every sample passes it. A
 * subscriber after the completion completes at once.
 */
export class SampleSubject<T> {
  /** The current subscribers. */
  readonly stream = new Observable<T>((subscriber) => {
    if (this.#complete) {
      subscriber.complete();
      return undefined;
    }
    // Replaced, not changed: a subscriber may unsubscribe while a value is emitted.
    this.#subscribers = [...this.#subscribers, subscriber];
    return () => {
      this.#subscribers = this.#subscribers.filter((other) => other !== subscriber);
    };
  });
  #subscribers: readonly Subscriber<T>[] = [];
  #complete = false;

  next(value: T): void {
    const subscribers = this.#subscribers;
    for (let i = 0; i < subscribers.length; i++) (subscribers[i] as Subscriber<T>).next(value);
  }

  complete(): void {
    this.#complete = true;
    for (const subscriber of this.#subscribers) subscriber.complete();
  }
}

/**
 * Passes every sample to every aggregator and merges their reports.
 *
 * ```text
 * samples            --s--s--s|
 * reportTo(a, b)     ----r--------(AB|)      r: progress, A, B: final reports
 * ```
 *
 * - Aggregators are subscribed to before the samples are.
 * - Completes when every aggregator has completed: all results are flushed and closed.
 * - When one aggregator fails, the samples are unsubscribed from, the others flush and close, and then its error is
 *   emitted. An error of the samples does the same. ({@link isolated} prevents that a failure ends the others.)
 * - When more than one has failed by then, the error has the code of the first and the messages of all; its cause is
 *   an `AggregateError` of them.
 * - Unsubscribing stops the samples and closes the aggregators at once.
 * - It neither keeps nor changes samples. So any RxJS operator may precede it, and one stream may have several
 *   reporters: with `share`, `shareReplay`, `takeUntil`, `retry`, `mergeMap`, `delay` and `toArray` every consumer
 *   has correct numbers.
 *
 * @param aggregators Each receives every sample, in this order, before the next sample.
 * @see RxJS `connect`
 * @example
 * declare const samples: Observable<NetSample>;
 * samples.pipe(reportTo(phout({ destination: './phout.log' }), summary()))
 */
export function reportTo<S>(...aggregators: readonly Aggregator<S>[]): OperatorFunction<S, Report> {
  checkEach('reportTo', 'aggregator', aggregators, A_FUNCTION);
  return (samples) =>
    new Observable<Report>((destination) => {
      const failures = new Failures('ELPIS_SINK');
      const shooting = new Subscription();
      // Without aggregators the samples are still subscribed to, so that the shots happen.
      const outlets = aggregators.length > 0 ? aggregators : [ignoreElements()];
      const inlets = outlets.map(() => new SampleSubject<S>());
      const flush = (): void => {
        for (const inlet of inlets) inlet.complete();
      };
      const fail = (error: unknown): void => {
        failures.add(error);
        shooting.unsubscribe();
        flush();
      };
      const reports = outlets.map((aggregator, i) => {
        const inlet = inlets[i] as SampleSubject<S>;
        return new Observable<Report>((outlet) =>
          defer(() => aggregator(inlet.stream)).subscribe({
            next: (report) => outlet.next(report),
            error: (error: unknown) => {
              fail(error);
              outlet.complete();
            },
            complete: () => outlet.complete(),
          }),
        );
      });
      destination.add(shooting);
      destination.add(
        merge(...reports).subscribe({
          next: (report) => destination.next(report),
          complete: () => (failures.any ? destination.error(failures.error) : destination.complete()),
        }),
      );
      if (shooting.closed) return;
      shooting.add(
        samples.subscribe({
          next: (sample) => {
            for (const inlet of inlets) inlet.next(sample);
          },
          error: fail,
          complete: flush,
        }),
      );
    });
}
