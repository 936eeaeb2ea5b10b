import { Observable } from 'rxjs';
import type { Aggregator, Report } from '../core/aggregator.js';

/**
 * The aggregator that does something with each sample at once and has nothing to flush. What `each` throws is its error.
 *
 * @param from Name in its final report, which is its only one.
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
