import { Observable } from 'rxjs';
import type { Aggregator, Report } from '../core/aggregator.js';

/**
 * An aggregator that handles each sample at once and has nothing to flush. An exception of `each` is its error.
 *
 * @param from Name in its only report, the final one.
 */
export function countSamples(from: string, each: (sample: unknown) => void): Aggregator<unknown> {
  return (samples) =>
    new Observable<Report>((subscriber) => {
      let received = 0;
      const subscription = samples.subscribe({
        next: (sample) => {
          received++;
          try {
            each(sample);
          } catch (error) {
            subscriber.error(error);
          }
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => {
          subscriber.next({ from, received, dropped: 0, final: true });
          subscriber.complete();
        },
      });
      subscriber.add(subscription);
    });
}
