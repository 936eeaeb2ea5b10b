import type { Aggregator } from '../core/aggregator.js';
import { EncodedBatch } from './encoding/encodedBatch.js';
import { writeBatches } from './encoding/writeBatches.js';
import { phoutEncoder } from './phoutEncoder.js';
import { requireNetSample } from './sample/requireNetSample.js';
import type { SinkOptions } from './sinkOptions.js';

/** Options of {@link phout}. */
export interface PhoutOptions extends SinkOptions {
  /** Append `#<id of the ammo>` to every tag. Default false. */
  readonly id?: boolean;
}

/**
 * Writes one phout line per sample; see {@link phoutEncoder} for the columns.
 *
 * @example
 * samples.pipe(phout({ sink: fileSink('./phout.log'), id: true }))
 */
export function phout(options: PhoutOptions): Aggregator<unknown> {
  const { id = false, bufferSize, sampleQueueSize = 262_144 } = options;
  return writeBatches<unknown>({
    ...options,
    from: 'phout',
    sampleQueueSize,
    batch: () => {
      const encode = phoutEncoder({ id });
      return new EncodedBatch(
        (sample, buffer, offset) => encode(requireNetSample(sample, 'phout'), buffer, offset),
        bufferSize,
      );
    },
  });
}
