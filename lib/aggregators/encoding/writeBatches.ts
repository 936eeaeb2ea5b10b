import { finished, type Writable } from 'node:stream';
import { Observable, type SchedulerLike, Subscription } from 'rxjs';
import type { Aggregator, Report } from '../../core/aggregator.js';
import type { DataSink } from '../../core/data.js';
import type { Log } from '../../core/deps.js';
import { describeError } from '../../core/errorContext.js';
import { ElpisError, isElpisError } from '../../core/errors.js';
import type { Bytes, Millis } from '../../core/units.js';
import { Ring } from '../../pull/ring.js';
import { realTimeScheduler } from '../../time/realTime.js';
import type { Batch } from './encodedBatch.js';

const counted = (samples: number): string => (samples === 1 ? '1 sample is' : `${samples} samples are`);

/** The error of a sink that cannot be opened or written. An ElpisError is returned unchanged. */
function sinkError(from: string, sinkName: string, cause: unknown, lost = 0): ElpisError {
  if (isElpisError(cause)) return cause;
  const reason = `${describeError(cause)}${lost === 0 ? '' : `; ${counted(lost)} not written`}`;
  return new ElpisError('ELPIS_SINK', `${from}: cannot write results to ${sinkName}: ${reason}`, {
    cause,
    hint: 'check that its folder exists, that writing is permitted and that the disk has space',
  });
}

interface WrittenBatch {
  /** Number of bytes passed to the sink up to and including this piece. */
  readonly upTo: Bytes;
  readonly samples: number;
}

/** An opened sink, and the number of samples passed to it that it has not written yet. */
class SinkQueue {
  readonly #stream: Writable;
  readonly #pending = new Ring<WrittenBatch>();
  #oldest: WrittenBatch | undefined;
  #bytes: Bytes = 0;
  #held = 0;

  /**
   * Opens the sink.
   *
   * @param over Called once, when all bytes are written and the sink is closed, or when it has failed.
   */
  constructor(sink: DataSink, over: (error?: Error | null) => void) {
    this.#stream = sink.open();
    finished(this.#stream, { readable: false }, over);
    this.#stream.on('error', () => {}); // `finished` reports it; later errors are ignored
  }

  /** Number of samples that may not be written yet. */
  get held(): number {
    return this.#held;
  }

  write(lines: Uint8Array, samples: number): void {
    this.settle();
    this.#bytes += lines.length;
    this.#held += samples;
    this.#pending.push({ upTo: this.#bytes, samples });
    this.#stream.write(lines);
  }

  /** Updates the number of written bytes. */
  settle(): void {
    const written = this.#bytes - this.#stream.writableLength;
    for (;;) {
      this.#oldest ??= this.#pending.shift();
      if (this.#oldest === undefined || this.#oldest.upTo > written) return;
      this.#held -= this.#oldest.samples;
      this.#oldest = undefined;
    }
  }

  /** Ends the stream once; it closes when all bytes are written. */
  end(): void {
    if (!this.#stream.writableEnded) this.#stream.end();
  }

  /** Closes at once; bytes that are not written are lost. Does nothing after the end. */
  close(): void {
    if (!this.#stream.writableFinished) this.#stream.destroy();
  }
}

/** Options of {@link writeBatches}. */
export interface WriteOptions<S> {
  /** Name of the aggregator, for reports and messages. */
  readonly from: string;
  readonly sink: DataSink;
  /** Makes an empty batch of the format. */
  readonly batch: () => Batch<S>;
  /** The longest time of a sample in a batch, in milliseconds. At least 1. Default 1000. */
  readonly flushMs?: Millis | undefined;
  /** The largest number of samples that wait for a slow sink; further ones are dropped and counted. At least 1. */
  readonly sampleQueueSize: number;
  /**
   * The time limit for the sink to write the rest and to close after the last sample, in milliseconds. 0: no limit.
   * Default 30,000.
   */
  readonly closeMs?: Millis | undefined;
  /** Default: real time. */
  readonly scheduler?: SchedulerLike | undefined;
  /** The clock of `closeMs`: files need real time, even when the run has another clock. Default: real time. */
  readonly waits?: SchedulerLike | undefined;
  readonly log?: Log | undefined;
}

/**
 * The aggregator that all file formats share: encodes samples in batches and writes whole lines to a sink.
 *
 * ```text
 * samples        --s--s--s--s--------|
 * sink           ------------[ssss]--[]|     a batch when it is full, after `flushMs`, and at the end
 * reports        ----------------------(F|)  the final one, when the sink has closed
 * ```
 *
 * - Each sample is encoded synchronously in `next` and not kept.
 * - At the first dropped sample it logs a warning and emits a progress report.
 * - When the samples fail, or one of them cannot be encoded, the samples before it are written and then the error is
 *   emitted.
 * - A sink that fails, or that has not closed `closeMs` after the last sample, is an `ELPIS_SINK` error with the number of samples that
 *   are not written. Unsubscribing closes the sink at once, and logs that number.
 */
export function writeBatches<S>(options: WriteOptions<S>): Aggregator<S> {
  const { from, sink, sampleQueueSize, log } = options;
  const { scheduler = realTimeScheduler, waits = realTimeScheduler, closeMs = 30_000 } = options;
  const flushMs = Math.max(1, options.flushMs ?? 1000);
  return (samples) =>
    new Observable<Report>((subscriber) => {
      const batch = options.batch();
      const shooting = new Subscription();
      let timer = Subscription.EMPTY;
      let waiting = false;
      let received = 0;
      let dropped = 0;
      let ended = false;
      let failure: { readonly error: unknown } | undefined;

      const report = (final: boolean): void => subscriber.next({ from, received, dropped, final });
      const over = (error?: Error | null): void => {
        if (ended) return;
        ended = true;
        if (failure !== undefined) subscriber.error(failure.error);
        else if (error) subscriber.error(sinkError(from, sink.name, error, queue.held));
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
      const reportUnwritten = (): void => {
        queue.settle();
        const unwritten = queue.held + batch.size;
        if (unwritten > 0) log?.error(`${from}: ${counted(unwritten)} not written to ${sink.name}`, { unwritten });
      };
      const giveUp = (): void => {
        queue.settle();
        over(new Error(`it has not closed ${closeMs / 1000} s after the last sample`));
      };
      const finish = (): void => {
        timer.unsubscribe();
        try {
          hand();
        } catch (error) {
          failure ??= { error };
        }
        queue.end();
        if (closeMs > 0 && !ended) subscriber.add(waits.schedule(giveUp, closeMs));
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
        if (!ended) reportUnwritten();
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
