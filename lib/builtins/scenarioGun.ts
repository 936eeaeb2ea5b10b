import { isLeft, right } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { atLeast } from '../codec/bounds.js';
import { listOf } from '../codec/collections.js';
import { type Codec, fail } from '../codec/issue.js';
import { float, oneOf } from '../codec/scalars.js';
import { optional, required, struct } from '../codec/struct.js';
import type { Deps } from '../core/deps.js';
import type { GunFactory } from '../core/gun.js';
import { type HttpGunConfig, httpGunConfig } from '../guns/http/config.js';
import { HttpTransports } from '../guns/http/transport.js';
import { defineComponent } from '../plugin/descriptor.js';
import type { NetSample } from '../protocols/netSample.js';
import { Scenario } from '../scenario/scenario.js';
import { type CookieScope, scenarios, type WeightedScenario } from '../scenario/scenarioGun.js';
import { type CodeOptions, inCode } from './inCode.js';

const isScenario = (raw: unknown): raw is Scenario => raw instanceof Scenario;
const one: Codec<Scenario> = new t.Type(
  'a scenario',
  isScenario,
  (raw, context) =>
    isScenario(raw) ? right(raw) : fail(raw, context, 'bad-value', 'a scenario', "make it with scenario('name', ...)"),
  t.identity,
);
const weighted = struct('weighted scenario', {
  scenario: required(one, 'what is played'),
  weight: optional(atLeast(float, Number.MIN_VALUE), 1, 'its share, in relation to the others'),
});
const oneOrWeighted: Codec<WeightedScenario> = new t.Type<WeightedScenario, unknown, unknown>(
  'a scenario or { scenario, weight }',
  weighted.is,
  (raw, context) => (isScenario(raw) ? right({ scenario: raw, weight: 1 }) : weighted.validate(raw, context)),
  t.identity,
);
const some = listOf(oneOrWeighted);
const mix: Codec<readonly WeightedScenario[]> = new t.Type(
  'a list of at least one scenario',
  some.is,
  (raw, context) => {
    const read = some.validate(raw, context);
    return isLeft(read) || read.right.length > 0 ? read : fail(raw, context, 'min', 'a list of at least one scenario');
  },
  t.identity,
);

const component = defineComponent({
  kind: 'gun',
  name: 'scenario',
  summary: 'Plays scenarios in code, whose requests go over the HTTP gun.',
  codec: () =>
    struct('scenario gun', {
      ...httpGunConfig.fields,
      scenarios: required(mix, 'what is played, by weight'),
      cookies: optional(oneOf(['instance', 'scenario', 'off']), 'instance', 'how long cookies are kept'),
    }),
  create: (config, deps) =>
    scenarios({ transports: new HttpTransports(config, deps), mix: config.scenarios, cookies: config.cookies, deps }),
});

/** Options of {@link scenarioGun}: those of the HTTP gun and its own. */
export type ScenarioGunOptions = CodeOptions<HttpGunConfig> & {
  /** What is played; each with its weight, or alone with weight 1. */
  readonly scenarios: readonly (Scenario | WeightedScenario)[];
  /** How long cookies are kept. Default `instance`: an instance is one visitor for the whole run. */
  readonly cookies?: CookieScope;
};

const make = inCode(component);

/**
 * A gun that plays scenarios over HTTP/1.1: each shot is one scenario from beginning to end, so `rps` counts scenario starts and
 * the instances are the visitors that can be there at once. See {@link scenarios} for what it does, and the HTTP gun for the
 * other options.
 *
 * @throws ConfigError with every flaw of the options.
 * @example
 * const browse = scenario('browse', get('goods', '/goods'));
 * const buy = scenario('buy', post('order', '/order'));
 * const gun = scenarioGun({
 *   target: 'localhost:8080',
 *   scenarios: [{ scenario: browse, weight: 95 }, { scenario: buy, weight: 5 }],
 * });
 */
export function scenarioGun(options: ScenarioGunOptions, deps: Partial<Deps> = {}): GunFactory<unknown, NetSample> {
  return make(options as Parameters<typeof make>[0], deps) as GunFactory<unknown, NetSample>;
}
