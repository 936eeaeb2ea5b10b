import { checked } from '../codec/bounds.js';
import { byteSize } from '../codec/byteSize.js';
import { atLeastMs } from '../codec/duration.js';
import { oneOf } from '../codec/scalars.js';
import { optional, struct } from '../codec/struct.js';
import { defined } from '../core/defined.js';
import { MAX_BODY } from '../guns/http/capture.js';
import { httpGunConfig, httpTraits } from '../guns/http/config.js';
import { HttpTransports } from '../guns/http/transport.js';
import { component } from '../plugin/component.js';
import { scenarioGuns } from '../scenario/scenarioGun.js';

/**
 * Plays the scenarios of its ammo over HTTP/1.1: each shot is one scenario from beginning to end, so `rps` counts scenario
 * starts and the instances are the virtual users that can be active at once. Its options are those of the HTTP gun, `max-body`, `scenario-timeout` and `cookies`.
 * It stands here because it joins the scenarios and the HTTP gun.
 *
 * @example scenarioGun({ target: 'localhost:8080', cookies: 'scenario' })
 * @see scenarios
 */
export const scenarioGun = component({
  kind: 'gun',
  name: 'scenario',
  summary: 'Plays the scenarios of its ammo, whose requests go over the HTTP gun.',
  example: { target: 'localhost:8080' },
  options: struct('scenario gun', {
    ...httpGunConfig.fields,
    /** Most bytes of a body that checks and extractors see, received and decoded; longer ones are cut and counted. */
    maxBody: optional(
      checked(byteSize, (bytes) => bytes > 0, 'a size above 0', 'min'),
      MAX_BODY,
      'most bytes of a body that checks and extractors see, received and decoded; longer ones are cut and counted',
    ),
    /** Most time for a scenario from its start to its end; 0 = no limit. */
    scenarioTimeout: optional(atLeastMs(0), 0, 'most time for a scenario from its start to its end; 0 = no limit'),
    /** How long cookies are kept; instance: an instance is one virtual user for the whole run. */
    cookies: optional(
      oneOf(['instance', 'scenario', 'off']),
      'instance',
      'how long cookies are kept; instance: an instance is one virtual user for the whole run',
    ),
  }),
  create: (options, deps) =>
    scenarioGuns({
      transports: new HttpTransports(options, deps, options.maxBody),
      cookies: options.cookies,
      scenarioTimeoutMs: options.scenarioTimeout,
      deps,
    }),
  describe: ({ target, ssl }) => `scenarios to ${target.text}${ssl ? ' over TLS' : ''}`,
  traits: (options) => {
    const { connections, protocol, timeoutMs } = httpTraits(options);
    return {
      takes: ['scenario'],
      cookies: options.cookies,
      scenarioTimeoutMs: options.scenarioTimeout,
      ...defined({ protocol, connections, timeoutMs }),
    };
  },
});
