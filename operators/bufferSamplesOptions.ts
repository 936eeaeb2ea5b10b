import type { SchedulerLike } from 'rxjs';
import type { Millis } from '../lib/core/units.js';

/** How {@link bufferSamples} fills its arrays. */
export interface BufferSamplesOptions<S, R> {
  /**
   * Makes what is kept of a sample, at once. Samples may be pooled and are used again as soon as they have been handled, so it
   * must take a copy of what is needed; for samples that are nobody's but yours it may answer the sample itself.
   */
  readonly copy: (sample: S) => R;
  /** An array is sent so long after its first sample; `Infinity`: only when it is full. Default 1000. */
  readonly maxMs?: Millis;
  /** An array is sent when it has so many samples. Default 1000. */
  readonly maxCount?: number;
  /** Default: real time. */
  readonly scheduler?: SchedulerLike;
}
