import { Observable } from 'rxjs';
import type { Report } from '../core/aggregator.js';

/** Options of {@link FakeAggregator}. */
export interface FakeAggregatorOptions {
  /** Fails at the n-th sample, from 1. */
  readonly failAt?: number;
  /** The number of dropped samples in the final report. Default 0. */
  readonly dropped?: number;
}

/**
 * An aggregator that keeps its samples, for tests.
 *
 * @example
 * const seen = new FakeAggregator<NetSample, number>((sample) => sample.index);
 * samples.pipe(reportTo(seen.aggregator));
 */
export class FakeAggregator<S, R = S> {
  readonly seen: R[] = [];
  subscribed = 0;
  /** How often the samples completed and the results were flushed. */
  flushed = 0;
  /** How often it was unsubscribed from before that. */
  aborted = 0;

  constructor(
    private readonly copy: (sample: S) => R,
    private readonly options: FakeAggregatorOptions = {},
  ) {}

  readonly aggregator = (samples: Observable<S>): Observable<Report> =>
    new Observable((subscriber) => {
      const { failAt, dropped = 0 } = this.options;
      this.subscribed++;
      const report = (final: boolean): Report => ({ from: 'fake', received: this.seen.length, dropped, final });
      let ended = false;
      subscriber.add(() => {
        if (!ended) this.aborted++;
      });
      subscriber.add(
        samples.subscribe({
          next: (sample) => {
            this.seen.push(this.copy(sample));
            if (this.seen.length === failAt) subscriber.error(new Error(`fake failure at sample ${failAt}`));
          },
          complete: () => {
            ended = true;
            this.flushed++;
            subscriber.next(report(true));
            subscriber.complete();
          },
        }),
      );
    });
}
