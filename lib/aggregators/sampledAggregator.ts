import { filter } from 'rxjs';
import { atLeast } from '../codec/bounds.js';
import { flag, integer } from '../codec/scalars.js';
import { optional, required, struct } from '../codec/struct.js';
import type { Aggregator } from '../core/aggregator.js';
import { defineComponent } from '../plugin/descriptor.js';
import { isBad } from './sample/netTimes.js';
import { requireNetSample } from './sample/requireNetSample.js';

/**
 * The `sampled` aggregator: hands one sample in n to another result, by the index of the operation, so the same ones however
 * many threads there are. Other results and the summary still get every sample.
 */
export const sampledAggregator = defineComponent({
  kind: 'aggregator',
  name: 'sampled',
  summary: 'Hands one sample in n, and all that failed, to another result; the summary still counts all.',
  codec: (plugins) =>
    struct('sampled', {
      oneIn: required(atLeast(integer, 1), 'one sample in how many is kept, by the index of the operation'),
      keepFailed: optional(
        flag,
        true,
        'keeps every failed or bad operation, and each that was discarded or not finished',
      ),
      result: required(plugins.aggregator, 'what gets the samples that are kept'),
    }),
  create: ({ oneIn, keepFailed, result }, deps): Aggregator<unknown> => {
    const inner = result.create(deps);
    const kept = (given: unknown): boolean => {
      const sample = requireNetSample(given, 'sampled');
      return sample.index % oneIn === 0 || (keepFailed && isBad(sample));
    };
    return (samples) => samples.pipe(filter(kept), inner);
  },
});
