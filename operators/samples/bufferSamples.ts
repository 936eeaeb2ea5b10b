import { ignoreElements, Observable, type OperatorFunction, type SchedulerLike, Subscription, tap } from 'rxjs';
import { A_FUNCTION, AN_OBJECT, checkArgument } from '../../lib/core/argument.js';
import { ElpisError } from '../../lib/core/errors.js';
import type { Millis } from '../../lib/core/units.js';
import { realTimeScheduler } from '../../lib/time/realTime.js';

/** Options of {@link bufferSamples}. */
export interface BufferSamplesOptions<S, R = S> {
  /**
   * Called with each sample; its result is buffered instead of the sample, to need less memory. Default: the sample
   * itself.
   */
  readonly copy?: (sample: S) => R;
  /**
   * An array is emitted this many milliseconds after its first sample; `Infinity`: only when it is full. Default
   * 1000.
   */
  readonly maxMs?: Millis;
  /** An array is emitted when it has this many samples. Default 1000. */
  readonly maxCount?: number;
  /** Default: real time. */
  readonly scheduler?: SchedulerLike;
}

function refuse(what: string, expected: string): never {
  const hint = 'bound the buffer by a time in milliseconds and a number of samples';
  throw new ElpisError('ELPIS_CONFIG', `bufferSamples: ${what}, expected ${expected}`, { hint });
}

/**
 * Buffers samples into arrays by time and by count, for reporters that send batches. Like RxJS `bufferTime`, but the
 * time starts with the first sample of an array, no array is empty, and the last array is emitted before an error.
 *
 * ```text
 * samples                                    --a-b-c-d-----e-|
 * bufferSamples({ maxMs: 4, maxCount: 3 })   ------x-----y---(z|)     x: a b c, y: d, z: e
 * ```
 *
 * - `copy` is called once per sample, and the arrays contain its results.
 * - An array is emitted when it has `maxCount` samples, or `maxMs` after its first sample, whichever is first. No
 *   timer runs while no sample waits. The consumer may change an array. At most `maxCount` samples are buffered.
 * - Completion and errors of the samples pass through after the last array.
 * - An exception of `copy` is an error, after the last array.
 * - Unsubscribing stops the timer and the samples and drops the buffer.
 *
 * @param options When arrays are emitted, and their content.
 * @see RxJS `bufferTime`, `bufferCount`
 * @throws ElpisError `ELPIS_CONFIG` for a count that is not a whole number above 0, or a time that is negative or
 *   NaN.
 *
 * @example
 * declare const send: (batch: readonly { tag: string; ms: number }[]) => Promise<void>;
 * const post = (samples: Observable<NetSample>): Observable<Report> =>
 *   samples.pipe(
 *     bufferSamples({ copy: ({ tag, started, ended }) => ({ tag, ms: ended - started }), maxMs: 500 }),
 *     concatMap((batch) => send(batch)),
 *     ignoreElements(),
 *   );
 */
export function bufferSamples<S, R>(
  options: BufferSamplesOptions<S, R> & { readonly copy: (sample: S) => R },
): OperatorFunction<S, R[]>;
export function bufferSamples<S>(
  options?: BufferSamplesOptions<S> & { readonly copy?: never },
): OperatorFunction<S, S[]>;
export function bufferSamples<S>(options: BufferSamplesOptions<S, unknown> = {}): OperatorFunction<S, unknown[]> {
  checkArgument('bufferSamples', 'options', options, AN_OBJECT);
  const {
    copy = (sample: S): unknown => sample,
    maxMs = 1000,
    maxCount = 1000,
    scheduler = realTimeScheduler,
  } = options;
  if (!(Number.isInteger(maxCount) && maxCount > 0)) refuse(`maxCount is ${maxCount}`, 'a whole number above 0');
  if (!(maxMs >= 0)) refuse(`maxMs is ${maxMs}`, 'a number of at least 0');
  checkArgument('bufferSamples', 'copy', copy, A_FUNCTION);
  return (samples) =>
    new Observable<unknown[]>((destination) => {
      let batch: unknown[] = [];
      let timer = Subscription.EMPTY;
      const send = (): void => {
        timer.unsubscribe();
        if (batch.length === 0) return;
        const full = batch;
        batch = [];
        destination.next(full);
      };
      const next = (sample: S): void => {
        const kept = copy(sample);
        if (batch.push(kept) >= maxCount) send();
        else if (batch.length === 1 && maxMs < Number.POSITIVE_INFINITY) timer = scheduler.schedule(send, maxMs);
      };
      destination.add(() => timer.unsubscribe());
      samples.pipe(tap(next), tap({ error: send, complete: send }), ignoreElements()).subscribe(destination);
    });
}
