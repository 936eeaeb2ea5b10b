import { oneOf } from '../codec/scalars.js';
import { optional, struct } from '../codec/struct.js';
import { httpGunConfig } from '../guns/http/config.js';
import { HttpTransports } from '../guns/http/transport.js';
import { defineComponent } from '../plugin/descriptor.js';
import { scenarioGuns } from '../scenario/scenarioGun.js';

/** The `scenario` gun. It stands here because it joins the scenarios and the HTTP gun. */
export const scenarioGunComponent = defineComponent({
  kind: 'gun',
  name: 'scenario',
  summary: 'Plays the scenarios of its ammo, whose requests go over the HTTP gun.',
  codec: () =>
    struct('scenario gun', {
      ...httpGunConfig.fields,
      cookies: optional(oneOf(['instance', 'scenario', 'off']), 'instance', 'how long cookies are kept'),
    }),
  create: (config, deps) =>
    scenarioGuns({ transports: new HttpTransports(config, deps), cookies: config.cookies, deps }),
});
