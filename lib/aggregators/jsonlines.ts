import type { Aggregator } from '../core/aggregator.js';
import { anyJsonEncoder } from './anyJsonEncoder.js';
import { EncodedBatch } from './encoding/encodedBatch.js';
import { writeBatches } from './encoding/writeBatches.js';
import { jsonEncoder } from './jsonEncoder.js';
import type { JsonOptions } from './jsonOptions.js';
import { isNetSample } from './sample/isNetSample.js';
import type { SinkOptions } from './sinkOptions.js';

/** Options of {@link jsonlines}. */
export interface JsonlinesOptions extends SinkOptions, JsonOptions {
  /** Name in reports. Default `jsonlines`. */
  readonly from?: string;
}

/**
 * Writes one JSON object per sample and line. A network sample has the keys of {@link sampleFields}; any other sample is
 * written as it is.
 *
 * @example
 * samples.pipe(jsonlines({ sink: fileSink('./samples.jsonl') }))
 */
export function jsonlines(options: JsonlinesOptions): Aggregator<unknown> {
  const { from = 'jsonlines', bufferSize, sampleQueueSize = 131_072 } = options;
  return writeBatches<unknown>({
    ...options,
    from,
    sampleQueueSize,
    batch: () => {
      const encode = jsonEncoder(options);
      const encodeAny = anyJsonEncoder(options);
      return new EncodedBatch<unknown>(
        (sample, buffer, offset) =>
          isNetSample(sample) ? encode(sample, buffer, offset) : encodeAny(sample, buffer, offset),
        bufferSize,
      );
    },
  });
}
