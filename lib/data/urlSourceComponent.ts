import { required } from '../codec/required.js';
import { struct } from '../codec/struct.js';
import { defineComponent } from '../plugin/defineComponent.js';
import { urlSource } from './urlSource.js';
import { webAddress } from './webAddress.js';

/** The `url` source. */
export const urlSourceComponent = defineComponent({
  kind: 'source',
  name: 'url',
  summary: 'Reads what an http or https address answers.',
  codec: () => struct('url source', { url: required(webAddress, 'the address') }),
  create: ({ url }) => urlSource(url),
});
