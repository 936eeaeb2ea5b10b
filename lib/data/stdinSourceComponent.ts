import { struct } from '../codec/struct.js';
import { defineComponent } from '../plugin/defineComponent.js';
import { stdinSource } from './stdinSource.js';

/** The `stdin` source. */
export const stdinSourceComponent = defineComponent({
  kind: 'source',
  name: 'stdin',
  summary: 'Reads standard input, once.',
  codec: () => struct('stdin source', {}),
  create: (_config, deps) => stdinSource(deps.stdin),
});
