import { struct } from '../codec/struct.js';
import type { Aggregator } from '../core/aggregator.js';
import { defineComponent } from '../plugin/descriptor.js';
import { countSamples } from './countSamples.js';

/** Drops every sample on purpose; its report only counts them. */
export function discard(): Aggregator<unknown> {
  return countSamples('discard', () => {});
}

/** The `discard` aggregator. */
export const discardAggregator = defineComponent({
  kind: 'aggregator',
  name: 'discard',
  summary: 'Drops every sample.',
  codec: () => struct('discard', {}),
  create: () => discard(),
});
