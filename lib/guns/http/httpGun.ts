import { defineComponent } from '../../plugin/defineComponent.js';
import { HttpArmoury } from './httpArmoury.js';
import { httpGunConfig } from './httpGunConfig.js';

/** The main gun: HTTP/1.1 requests over connections of its own, as fast as one core allows. */
export const httpGun = defineComponent({
  kind: 'gun',
  name: 'http',
  summary: 'Shoots HTTP/1.1 requests, over TLS when asked, one kept connection per instance.',
  codec: () => httpGunConfig,
  create: (config, deps) => new HttpArmoury(config, deps),
});
