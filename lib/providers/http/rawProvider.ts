import { optional } from '../../codec/optional.js';
import { struct } from '../../codec/struct.js';
import { text } from '../../codec/text.js';
import { wholly } from '../../codec/wholly.js';
import { defineComponent } from '../../plugin/defineComponent.js';
import { httpFields } from './httpFields.js';
import { httpProvider } from './httpProvider.js';
import { httpSourceFlaw } from './httpSourceFlaw.js';

/** The `raw` provider. */
export const rawProvider = defineComponent({
  kind: 'provider',
  name: 'raw',
  summary: 'Whole HTTP/1.x requests, each after a line with its size.',
  codec: (plugins) =>
    wholly(
      struct('raw ammo', { ...httpFields(plugins), decoder: optional(text, '', 'ignored: the format is fixed') }),
      (config) => httpSourceFlaw(config, 'raw'),
    ),
  create: (config, deps) => httpProvider('raw', config, deps),
});
