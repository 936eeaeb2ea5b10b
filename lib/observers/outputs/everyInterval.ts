import { Observable } from 'rxjs';
import type { EpochMs, Millis } from '../../core/units.js';
import type { RunEvent } from '../../engine/runEvent.js';
import { type Metric, RunMetrics } from './runMetrics.js';

/** All metrics of a run at one moment. */
export interface MetricsAt {
  readonly startedAt: EpochMs;
  readonly at: EpochMs;
  readonly metrics: readonly Metric[];
}

/**
 * The metrics of a run after the windows, at most once in `everyMs`, and at its end.
 *
 * ```text
 * events                 S--w--w--w--w--w-F|       w: one a second
 * everyInterval(2000)    ---m-----m-----m-m|
 * ```
 */
export function everyInterval(everyMs: Millis): (events: Observable<RunEvent>) => Observable<MetricsAt> {
  return (events) =>
    new Observable<MetricsAt>((destination) => {
      const metrics = new RunMetrics();
      let last = Number.NEGATIVE_INFINITY;
      const send = (at: EpochMs): void => {
        last = at;
        destination.next({ startedAt: metrics.startedAt ?? at, at, metrics: metrics.all });
      };
      destination.add(
        events.subscribe({
          next: (event) => {
            metrics.add(event);
            if (event.type === 'run-finished' || (event.type === 'progress' && event.at - last >= everyMs - SLACK_MS))
              send(event.at);
          },
          error: (error: unknown) => destination.error(error),
          complete: () => destination.complete(),
        }),
      );
    });
}

/** Windows come with timers, which are late by a few milliseconds. */
const SLACK_MS: Millis = 50;
