import { finished, type Writable } from 'node:stream';
import { Observable, type SchedulerLike, type Subscriber, Subscription } from 'rxjs';
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

function openQueue<S>({ from, sink }: WriteOptions<S>, over: (error?: Error | null) => void): SinkQueue {
  try {
    return new SinkQueue(sink, over);
  } catch (error) {
    throw sinkError(from, sink.name, error);
  }
}

/** Encodes the samples of one subscription and writes them to a sink. */
class BatchWriter<S> {
  readonly #options: WriteOptions<S>;
  readonly #subscriber: Subscriber<Report>;
  readonly #scheduler: SchedulerLike;
  readonly #flushMs: Millis;
  readonly #batch: Batch<S>;
  readonly #queue: SinkQueue;
  /** The subscription of the samples. */
  readonly #shooting = new Subscription();
  readonly #onTimer = (): void => {
    this.#waiting = false;
    this.#flush();
  };
  #timer = Subscription.EMPTY;
  /** True while the timer runs. */
  #waiting = false;
  #received = 0;
  #dropped = 0;
  /** True when the sink has closed or failed. */
  #ended = false;
  #failure: { readonly error: unknown } | undefined;

  constructor(options: WriteOptions<S>, subscriber: Subscriber<Report>) {
    this.#options = options;
    this.#subscriber = subscriber;
    this.#scheduler = options.scheduler ?? realTimeScheduler;
    this.#flushMs = Math.max(1, options.flushMs ?? 1000);
    this.#batch = options.batch();
    this.#queue = openQueue(options, (error) => this.#end(error));
  }

  write(samples: Observable<S>): void {
    this.#subscriber.add(() => this.#close());
    this.#subscriber.add(this.#shooting);
    this.#shooting.add(
      samples.subscribe({
        next: (sample) => {
          try {
            this.#take(sample);
          } catch (error) {
            this.#fail(error);
          }
        },
        error: (error: unknown) => this.#fail(error),
        complete: () => this.#finish(),
      }),
    );
  }

  #take(sample: S): void {
    this.#received++;
    const { sampleQueueSize } = this.#options;
    if (this.#queue.held + this.#batch.size >= sampleQueueSize && this.#isFull()) {
      this.#drop();
      return;
    }
    if (!this.#batch.add(sample)) {
      this.#writeBatch();
      this.#batch.add(sample);
    }
    if (this.#waiting) return;
    this.#waiting = true;
    this.#timer = this.#scheduler.schedule(this.#onTimer, this.#flushMs);
  }

  /** True when as many samples as permitted wait for the sink, also after a flush. */
  #isFull(): boolean {
    this.#flush();
    this.#queue.settle();
    return this.#queue.held >= this.#options.sampleQueueSize;
  }

  #drop(): void {
    if (this.#dropped++ > 0) return;
    const { from, sink, sampleQueueSize, log } = this.#options;
    log?.warn(`${from}: ${sink.name} is too slow, samples are dropped`, { sampleQueueSize });
    this.#report(false);
  }

  #flush(): void {
    if (this.#batch.size > 0) this.#writeBatch();
  }

  #writeBatch(): void {
    const { size } = this.#batch;
    const lines = this.#batch.take();
    if (lines.length > 0) this.#queue.write(lines, size);
  }

  #report(final: boolean): void {
    const { from } = this.#options;
    this.#subscriber.next({ from, received: this.#received, dropped: this.#dropped, final });
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#shooting.unsubscribe();
    this.#finish();
  }

  /** Writes the rest and ends the sink. */
  #finish(): void {
    const { closeMs = 30_000, waits = realTimeScheduler } = this.#options;
    this.#timer.unsubscribe();
    try {
      this.#writeBatch();
    } catch (error) {
      this.#failure ??= { error };
    }
    this.#queue.end();
    if (closeMs > 0 && !this.#ended) this.#subscriber.add(waits.schedule(() => this.#giveUp(closeMs), closeMs));
  }

  #giveUp(closeMs: Millis): void {
    this.#queue.settle();
    this.#end(new Error(`it has not closed ${closeMs / 1000} s after the last sample`));
  }

  /** The sink has closed, or it has failed. */
  #end(error?: Error | null): void {
    if (this.#ended) return;
    this.#ended = true;
    const { from, sink } = this.#options;
    if (this.#failure !== undefined) this.#subscriber.error(this.#failure.error);
    else if (error) this.#subscriber.error(sinkError(from, sink.name, error, this.#queue.held));
    else {
      this.#report(true);
      this.#subscriber.complete();
    }
  }

  /** Closes the sink at the end or at an unsubscribe. */
  #close(): void {
    this.#timer.unsubscribe();
    if (!this.#ended) this.#logUnwritten();
    this.#queue.close();
  }

  #logUnwritten(): void {
    const { from, sink, log } = this.#options;
    this.#queue.settle();
    const unwritten = this.#queue.held + this.#batch.size;
    if (unwritten > 0) log?.error(`${from}: ${counted(unwritten)} not written to ${sink.name}`, { unwritten });
  }
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
  return (samples) => new Observable<Report>((subscriber) => new BatchWriter(options, subscriber).write(samples));
}
