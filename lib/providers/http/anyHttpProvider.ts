import { oneOf } from '../../codec/oneOf.js';
import { required } from '../../codec/required.js';
import { struct } from '../../codec/struct.js';
import { wholly } from '../../codec/wholly.js';
import { defineComponent } from '../../plugin/defineComponent.js';
import { httpFields } from './httpFields.js';
import { httpProvider } from './httpProvider.js';
import { httpSourceFlaw } from './httpSourceFlaw.js';

/** The `http` provider: HTTP ammo in the format that `decoder` names. */
export const anyHttpProvider = defineComponent({
  kind: 'provider',
  name: 'http',
  summary: 'HTTP requests in the format that decoder names.',
  codec: (plugins) =>
    wholly(
      struct('http ammo', {
        ...httpFields(plugins),
        decoder: required(oneOf(['uri', 'uripost', 'raw', 'jsonline']), 'the format'),
      }),
      (config) => httpSourceFlaw(config, config.decoder),
    ),
  create: (config, deps) => httpProvider(config.decoder, config, deps),
});
