import { filter, type MonoTypeOperatorFunction } from 'rxjs';
import type { Sample } from '../../lib/core/sample.js';

/**
 * Keeps some of the samples and releases the others. RxJS `filter` would let go of samples that nobody gives back to
 * their pool, so each that is dropped would cost a new one.
 *
 * ```text
 * samples                                       a--b--c--d|
 * filterSamples((sample) => sample !== b)       a-----c--d|     (b is released)
 * ```
 *
 * - What is dropped here is in no result and no number of any aggregator after it, the summary included.
 * - To change a sample, change it in place: `tap((sample) => { sample.tag = 'x'; })` is right as it is.
 * - An operator that makes a new sample of one, or keeps one back for good, releases it: `sample.release()`, once.
 * - Completes and errors with the source; when `keep` throws, the stream errors with that. Unsubscribing unsubscribes from
 *   the source.
 *
 * @example
 * samples.pipe(filterSamples(({ tag }) => tag !== 'warm-up'), reportTo(summary()));
 */
export function filterSamples<S extends Sample>(keep: (sample: S) => boolean): MonoTypeOperatorFunction<S> {
  return filter((sample) => {
    const kept = keep(sample);
    if (!kept) sample.release?.();
    return kept;
  });
}
