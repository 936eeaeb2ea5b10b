import { optional } from '../../codec/optional.js';
import { struct } from '../../codec/struct.js';
import { text } from '../../codec/text.js';
import { wholly } from '../../codec/wholly.js';
import { defineComponent } from '../../plugin/defineComponent.js';
import { httpFields } from './httpFields.js';
import { httpProvider } from './httpProvider.js';
import { httpSourceFlaw } from './httpSourceFlaw.js';

/** The `uripost` provider. */
export const uripostProvider = defineComponent({
  kind: 'provider',
  name: 'uripost',
  summary: 'POST requests: a line with a size and a URI, then the body.',
  codec: (plugins) =>
    wholly(
      struct('uripost ammo', { ...httpFields(plugins), decoder: optional(text, '', 'ignored: the format is fixed') }),
      (config) => httpSourceFlaw(config, 'uripost'),
    ),
  create: (config, deps) => httpProvider('uripost', config, deps),
});
