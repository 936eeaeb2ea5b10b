import { struct } from '../codec/struct.js';
import { component } from '../plugin/component.js';
import { countSamples } from './countSamples.js';
import { EncodedBatch } from './encoding/encodedBatch.js';
import { phoutEncoder } from './phout.js';
import { requireNetSample } from './sample/requireNetSample.js';

/**
 * A line in the log per sample: `Sample reported: ` and its phout line with id. For debugging, not for load.
 *
 * @example
 * samples.pipe(reportTo(logSamples()));
 */
export const logSamples = component({
  kind: 'aggregator',
  name: 'log',
  summary: 'Logs one line per sample.',
  example: {},
  options: struct('log', {}),
  create: (_options, { log }) => {
    const line = new EncodedBatch(phoutEncoder({ id: true }), 4096);
    return countSamples('log', (sample) => {
      line.add(requireNetSample(sample, 'log'));
      log.info(`Sample reported: ${Buffer.from(line.take()).toString().slice(0, -1)}`);
    });
  },
});
