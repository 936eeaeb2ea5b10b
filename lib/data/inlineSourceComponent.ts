import { required } from '../codec/required.js';
import { struct } from '../codec/struct.js';
import { text } from '../codec/text.js';
import { defineComponent } from '../plugin/defineComponent.js';
import { inlineSource } from './inlineSource.js';

/** The `inline` source. */
export const inlineSourceComponent = defineComponent({
  kind: 'source',
  name: 'inline',
  summary: 'Holds its data in the config.',
  codec: () => struct('inline source', { data: required(text, 'the content') }),
  create: ({ data }) => inlineSource(data),
});
