import { struct } from '../codec/struct.js';
import { defineComponent } from '../plugin/defineComponent.js';
import { discard } from './discard.js';

/** The `discard` aggregator. */
export const discardAggregator = defineComponent({
  kind: 'aggregator',
  name: 'discard',
  summary: 'Drops every sample.',
  codec: () => struct('discard', {}),
  create: () => discard(),
});
