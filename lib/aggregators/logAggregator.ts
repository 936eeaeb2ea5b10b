import { struct } from '../codec/struct.js';
import { defineComponent } from '../plugin/defineComponent.js';
import { logSamples } from './logSamples.js';

/** The `log` aggregator. */
export const logAggregator = defineComponent({
  kind: 'aggregator',
  name: 'log',
  summary: 'Logs one line per sample.',
  codec: () => struct('log', {}),
  create: (_config, deps) => logSamples(deps.log),
});
