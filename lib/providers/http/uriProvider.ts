import { optional } from '../../codec/optional.js';
import { struct } from '../../codec/struct.js';
import { text } from '../../codec/text.js';
import { wholly } from '../../codec/wholly.js';
import { defineComponent } from '../../plugin/defineComponent.js';
import { httpFields } from './httpFields.js';
import { httpProvider } from './httpProvider.js';
import { httpSourceFlaw } from './httpSourceFlaw.js';

/** The `uri` provider. */
export const uriProvider = defineComponent({
  kind: 'provider',
  name: 'uri',
  summary: 'GET requests, one URI per line, with header lines between them.',
  codec: (plugins) =>
    wholly(
      struct('uri ammo', { ...httpFields(plugins), decoder: optional(text, '', 'ignored: the format is fixed') }),
      (config) => httpSourceFlaw(config, 'uri'),
    ),
  create: (config, deps) => httpProvider('uri', config, deps),
});
