import { Observable, type SchedulerLike, Subscription } from 'rxjs';
import type { Aggregator } from '../../core/aggregator.js';
import type { DataSink } from '../../core/data.js';
import type { Log } from '../../core/deps.js';
import type { Report } from '../../core/report.js';
import type { Millis } from '../../core/units.js';
import { realTimeScheduler } from '../../coreutil/realTimeScheduler.js';
import type { Batch } from './batch.js';
import { sinkError } from './sinkError.js';
import { SinkQueue } from './sinkQueue.js';

/** How {@link writeBatches} writes. */
export interface WriteOptions<S> {
  /** Name of the aggregator, for reports and messages. */
  readonly from: string;
  readonly sink: DataSink;
  /** Makes an empty batch of the format. */
  readonly batch: () => Batch<S>;
  /** A sample waits at most this long before it is handed to the sink. At least 1. Default 1000. */
  readonly flushMs?: Millis | undefined;
  /** Most samples held while the sink is slower than they come; further ones are dropped and counted. At least 1. */
  readonly sampleQueueSize: number;
  /** Default: real time. */
  readonly scheduler?: SchedulerLike | undefined;
  readonly log?: Log | undefined;
}

/**
 * The aggregator that all file formats share: takes samples down in batches and hands whole lines to a sink.
 *
 * ```text
 * samples        --s--s--s--s--------|
 * sink           ------------[ssss]--[]|     a batch when it is full, after `flushMs`, and at the end
 * reports        ----------------------(F|)  the final one, when the sink has closed
 * ```
 *
 * - Each sample is encoded in `next`; nothing of it is kept and nothing is awaited.
 * - At the first dropped sample it warns and sends a progress report.
 * - When the samples fail, or one of them can't be encoded, what came before is written and then the error is passed on.
 * - A sink that fails is an `ELPIS_SINK` error. Unsubscribing closes the sink at once.
 */
export function writeBatches<S>(options: WriteOptions<S>): Aggregator<S> {
  const { from, sink, sampleQueueSize, log } = options;
  const { scheduler = realTimeScheduler } = options;
  const flushMs = Math.max(1, options.flushMs ?? 1000);
  return (samples) =>
    new Observable<Report>((subscriber) => {
      const batch = options.batch();
      const shooting = new Subscription();
      let timer = Subscription.EMPTY;
      let waiting = false;
      let received = 0;
      let dropped = 0;
      let failure: { readonly error: unknown } | undefined;

      const report = (final: boolean): void => subscriber.next({ from, received, dropped, final });
      const over = (error?: Error | null): void => {
        if (failure !== undefined) subscriber.error(failure.error);
        else if (error) subscriber.error(sinkError(from, sink.name, error));
        else {
          report(true);
          subscriber.complete();
        }
      };
      const queue = openQueue(options, over);
      const hand = (): void => {
        const { size } = batch;
        const lines = batch.take();
        if (lines.length > 0) queue.write(lines, size);
      };
      const flush = (): void => {
        if (batch.size > 0) hand();
      };
      const onTimer = (): void => {
        waiting = false;
        flush();
      };
      const finish = (): void => {
        timer.unsubscribe();
        try {
          hand();
        } catch (error) {
          failure ??= { error };
        }
        queue.end();
      };
      const fail = (error: unknown): void => {
        failure ??= { error };
        shooting.unsubscribe();
        finish();
      };
      const full = (): boolean => {
        flush();
        queue.settle();
        return queue.held >= sampleQueueSize;
      };
      const drop = (): void => {
        if (dropped++ > 0) return;
        log?.warn(`${from}: ${sink.name} is too slow, samples are dropped`, { sampleQueueSize });
        report(false);
      };
      const take = (sample: S): void => {
        received++;
        if (queue.held + batch.size >= sampleQueueSize && full()) {
          drop();
          return;
        }
        if (!batch.add(sample)) {
          hand();
          batch.add(sample);
        }
        if (waiting) return;
        waiting = true;
        timer = scheduler.schedule(onTimer, flushMs);
      };

      subscriber.add(() => {
        timer.unsubscribe();
        queue.close();
      });
      subscriber.add(shooting);
      shooting.add(
        samples.subscribe({
          next: (sample) => {
            try {
              take(sample);
            } catch (error) {
              fail(error);
            }
          },
          error: fail,
          complete: finish,
        }),
      );
    });
}

function openQueue<S>({ from, sink }: WriteOptions<S>, over: (error?: Error | null) => void): SinkQueue {
  try {
    return new SinkQueue(sink, over);
  } catch (error) {
    throw sinkError(from, sink.name, error);
  }
}
