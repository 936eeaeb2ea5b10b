import { ignoreElements, Observable, type OperatorFunction, Subscription, tap } from 'rxjs';
import { ElpisError } from '../../lib/core/errors.js';
import { realTimeScheduler } from '../../lib/time/realTime.js';
import type { BufferSamplesOptions } from '../bufferSamplesOptions.js';

function refuse(what: string, expected: string): never {
  const hint = 'bound the buffer by a time in milliseconds and a number of samples';
  throw new ElpisError('ELPIS_CONFIG', `bufferSamples: ${what}, expected ${expected}`, { hint });
}

/**
 * Buffers copies of samples into arrays by time and by count, for reporters that send batches.
 *
 * ```text
 * samples                                    --a-b-c-d-----e-|
 * bufferSamples({ maxMs: 4, maxCount: 3 })   ------x-----y---(z|)     x: a b c, y: d, z: e
 * ```
 *
 * - Each sample is copied by `copy` when it comes and never kept itself, so the rule for aggregators is kept and whoever owns
 *   the sample (`reportTo`) may release it; this operator releases nothing.
 * - An array is sent when it holds `maxCount` samples, or `maxMs` after its first one came, whichever is first. None is ever
 *   empty, and no timer runs while nothing waits. It belongs to whoever gets it. No more than `maxCount` copies are held.
 * - Completion and errors of the samples pass through after what is left has been sent.
 * - An exception of `copy` is an error; what is left is sent before it.
 * - Unsubscribing stops the timer and the samples and drops what waits.
 *
 * @throws ElpisError `ELPIS_CONFIG` for a count that is not a whole number above 0, or a time that is negative or no number.
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
export function bufferSamples<S, R>(options: BufferSamplesOptions<S, R>): OperatorFunction<S, R[]> {
  const { copy, maxMs = 1000, maxCount = 1000, scheduler = realTimeScheduler } = options;
  if (!(Number.isInteger(maxCount) && maxCount > 0)) refuse(`maxCount is ${maxCount}`, 'a whole number above 0');
  if (!(maxMs >= 0)) refuse(`maxMs is ${maxMs}`, 'a number of at least 0');
  return (samples) =>
    new Observable<R[]>((destination) => {
      let batch: R[] = [];
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
