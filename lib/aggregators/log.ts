import { struct } from '../codec/struct.js';
import type { Aggregator } from '../core/aggregator.js';
import type { Log } from '../core/deps.js';
import { defineComponent } from '../plugin/descriptor.js';
import { countSamples } from './countSamples.js';
import { EncodedBatch } from './encoding/encodedBatch.js';
import { phoutEncoder } from './phout.js';
import { requireNetSample } from './sample/requireNetSample.js';

/**
 * Logs one info line per sample: `Sample reported: ` and its phout line with id. For looking, not for load.
 *
 * @example
 * samples.pipe(logSamples(new FakeLog()));
 */
function logSamples(log: Pick<Log, 'info'>): Aggregator<unknown> {
  const line = new EncodedBatch(phoutEncoder({ id: true }), 4096);
  return countSamples('log', (sample) => {
    line.add(requireNetSample(sample, 'log'));
    log.info(`Sample reported: ${Buffer.from(line.take()).toString().slice(0, -1)}`);
  });
}

/** The `log` aggregator. */
export const logAggregator = defineComponent({
  kind: 'aggregator',
  name: 'log',
  summary: 'Logs one line per sample.',
  codec: () => struct('log', {}),
  create: (_config, deps) => logSamples(deps.log),
});
