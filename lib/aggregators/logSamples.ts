import type { Aggregator } from '../core/aggregator.js';
import type { Log } from '../core/deps.js';
import { countSamples } from './countSamples.js';
import { EncodedBatch } from './encoding/encodedBatch.js';
import { phoutEncoder } from './phoutEncoder.js';
import { requireNetSample } from './sample/requireNetSample.js';

/**
 * Logs one info line per sample: `Sample reported: ` and its phout line with id. For looking, not for load.
 *
 * @example
 * samples.pipe(logSamples(new FakeLog()));
 */
export function logSamples(log: Pick<Log, 'info'>): Aggregator<unknown> {
  const line = new EncodedBatch(phoutEncoder({ id: true }), 4096);
  return countSamples('log', (sample) => {
    line.add(requireNetSample(sample, 'log'));
    log.info(`Sample reported: ${Buffer.from(line.take()).toString().slice(0, -1)}`);
  });
}
