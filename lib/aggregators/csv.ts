import type { Aggregator } from '../core/aggregator.js';
import { CsvBatch, type CsvFormat } from './csvBatch.js';
import type { Batch } from './encoding/batch.js';
import { writeBatches } from './encoding/writeBatches.js';
import { requireNetSample } from './sample/requireNetSample.js';
import type { SinkOptions } from './sinkOptions.js';

/** Options of {@link csv}. */
export interface CsvOptions extends Omit<SinkOptions, 'bufferSize'>, CsvFormat {}

/**
 * Writes one CSV record per sample, with the columns of {@link sampleFields} or some of them.
 *
 * @example
 * samples.pipe(csv({ sink: fileSink('./samples.csv'), columns: ['time', 'tag', 'response_us'] }))
 */
export function csv(options: CsvOptions): Aggregator<unknown> {
  const { sampleQueueSize = 131_072 } = options;
  return writeBatches<unknown>({
    ...options,
    from: 'csv',
    sampleQueueSize,
    batch: () => checked(new CsvBatch(options)),
  });
}

function checked(batch: CsvBatch): Batch<unknown> {
  return {
    get size() {
      return batch.size;
    },
    add: (sample) => batch.add(requireNetSample(sample, 'csv')),
    take: () => batch.take(),
  };
}
