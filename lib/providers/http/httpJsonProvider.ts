import { optional } from '../../codec/optional.js';
import { struct } from '../../codec/struct.js';
import { text } from '../../codec/text.js';
import { wholly } from '../../codec/wholly.js';
import { defineComponent } from '../../plugin/defineComponent.js';
import { httpFields } from './httpFields.js';
import { httpProvider } from './httpProvider.js';
import { httpSourceFlaw } from './httpSourceFlaw.js';

/** The `http/json` provider. */
export const httpJsonProvider = defineComponent({
  kind: 'provider',
  name: 'http/json',
  summary: 'HTTP requests as JSON objects.',
  codec: (plugins) =>
    wholly(
      struct('http/json ammo', { ...httpFields(plugins), decoder: optional(text, '', 'ignored: the format is fixed') }),
      (config) => httpSourceFlaw(config, 'jsonline'),
    ),
  create: (config, deps) => httpProvider('jsonline', config, deps),
});
