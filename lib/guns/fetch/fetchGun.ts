import { defineComponent } from '../../plugin/defineComponent.js';
import { FetchArmoury } from './fetchArmoury.js';
import { fetchGunConfig } from './fetchGunConfig.js';

/**
 * Shoots by the Fetch API of node-fetch, with the headers, redirects and decompression of a usual client. Some ten times
 * slower than the `http` gun. The Host header has the port of the target unless the ammo fixes a host.
 */
export const fetchGun = defineComponent({
  kind: 'gun',
  name: 'fetch',
  summary: 'Shoots HTTP requests by node-fetch: a usual client, and a slow one.',
  codec: () => fetchGunConfig,
  create: (config, deps) => new FetchArmoury(config, deps),
});
