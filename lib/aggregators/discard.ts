import { struct } from '../codec/struct.js';
import { component } from '../plugin/component.js';
import { countSamples } from './countSamples.js';

/** Drops every sample; its report only counts them. @example discard() */
export const discard = component({
  kind: 'aggregator',
  name: 'discard',
  summary: 'Drops every sample.',
  example: {},
  options: struct('discard', {}),
  create: () => countSamples('discard', () => {}),
});
