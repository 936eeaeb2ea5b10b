import { atLeastMs } from '../codec/duration.js';
import { oneOf } from '../codec/scalars.js';
import { optional, refineStruct, struct } from '../codec/struct.js';
import { defined } from '../core/defined.js';
import { HttpTransports } from '../guns/http/transport.js';
import { dialIssue } from '../guns/shared/dialOptions.js';
import { describeHttp, httpGunConfig, httpTraits } from '../guns/shared/httpOptions.js';
import { component } from '../plugin/component.js';
import { scenarioGuns } from '../scenario/scenarioGun.js';

/**
 * Plays the scenarios of its ammo over HTTP/1.1: each shot is one scenario from beginning to end, so `rps` counts
 * scenario starts and the instances are the virtual users that can be active at once. Its options are those of the HTTP
 * gun, `scenario-timeout` and `cookies`. It is in this folder because it joins the scenarios and the HTTP gun.
 *
 * @example scenarioGun({ target: 'localhost:8080', cookies: 'scenario' })
 * @see scenarios
 */
export const scenarioGun = component({
  kind: 'gun',
  name: 'scenario',
  summary: 'Plays the scenarios of its ammo over HTTP/1.1.',
  example: { target: 'localhost:8080' },
  options: refineStruct(
    struct('scenario gun', {
      ...httpGunConfig.fields,
      /** Most time for a scenario from its start to its end; 0 = no limit. */
      scenarioTimeout: optional(atLeastMs(0), 0, 'most time for a scenario from its start to its end; 0 = no limit'),
      /** How long cookies are kept; instance: an instance is one virtual user for the whole run. */
      cookies: optional(
        oneOf(['instance', 'scenario', 'off']),
        'instance',
        'how long cookies are kept; instance: an instance is one virtual user for the whole run',
      ),
    }),
    dialIssue,
  ),
  create: (options, deps) =>
    scenarioGuns({
      transports: new HttpTransports(options, deps),
      cookies: options.cookies,
      scenarioTimeoutMs: options.scenarioTimeout,
      deps,
    }),
  describe: (options) => describeHttp('scenarios', options),
  traits: (options) => {
    const { connections, protocol, timeoutMs, files } = httpTraits(options);
    return {
      takes: ['scenario'],
      cookies: options.cookies,
      scenarioTimeoutMs: options.scenarioTimeout,
      ...defined({ protocol, connections, timeoutMs, files }),
    };
  },
});
