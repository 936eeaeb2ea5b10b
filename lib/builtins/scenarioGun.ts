import { isLeft, right } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { atLeast } from '../codec/bounds.js';
import { listOf } from '../codec/collections.js';
import { type Codec, fail } from '../codec/issue.js';
import { float, oneOf } from '../codec/scalars.js';
import { optional, required, struct } from '../codec/struct.js';
import { httpGunConfig, httpTraits } from '../guns/http/config.js';
import { HttpTransports } from '../guns/http/transport.js';
import { component } from '../plugin/component.js';
import { Scenario } from '../scenario/scenario.js';
import { scenarios, type WeightedScenario } from '../scenario/scenarioGun.js';

const isScenario = (raw: unknown): raw is Scenario => raw instanceof Scenario;
const one: Codec<Scenario, Scenario> = new t.Type<Scenario, Scenario, unknown>(
  'a scenario',
  isScenario,
  (raw, context) =>
    isScenario(raw) ? right(raw) : fail(raw, context, 'bad-value', 'a scenario', "make it with scenario('name', ...)"),
  t.identity,
);
const weighted = struct('weighted scenario', {
  /** What is played. */
  scenario: required(one, 'what is played'),
  /** Its share, in relation to the others. */
  weight: optional(atLeast(float, Number.MIN_VALUE), 1, 'its share, in relation to the others'),
});
const oneOrWeighted: Codec<WeightedScenario, Scenario | WeightedScenario> = new t.Type<
  WeightedScenario,
  Scenario | WeightedScenario,
  unknown
>(
  'a scenario or { scenario, weight }',
  weighted.is,
  (raw, context) => (isScenario(raw) ? right({ scenario: raw, weight: 1 }) : weighted.validate(raw, context)),
  t.identity,
);
const some = listOf(oneOrWeighted);
const mix: Codec<readonly WeightedScenario[], readonly (Scenario | WeightedScenario)[]> = new t.Type<
  readonly WeightedScenario[],
  readonly (Scenario | WeightedScenario)[],
  unknown
>(
  'a list of at least one scenario',
  some.is,
  (raw, context) => {
    const read = some.validate(raw, context);
    return isLeft(read) || read.right.length > 0 ? read : fail(raw, context, 'min', 'a list of at least one scenario');
  },
  some.encode,
);

/**
 * A gun that plays scenarios over HTTP/1.1: each shot is one scenario from beginning to end, so `rps` counts scenario starts and
 * the instances are the visitors that can be there at once. See {@link scenarios} for what it does, and the HTTP gun for the
 * other options.
 *
 * @example
 * const browse = scenario('browse', get('goods', '/goods'));
 * const buy = scenario('buy', post('order', '/order'));
 * const gun = scenarioGun({
 *   target: 'localhost:8080',
 *   scenarios: [{ scenario: browse, weight: 95 }, { scenario: buy, weight: 5 }],
 * });
 */
export const scenarioGun = component({
  kind: 'gun',
  name: 'scenario',
  summary: 'Plays scenarios in code, whose requests go over the HTTP gun.',
  options: struct('scenario gun', {
    ...httpGunConfig.fields,
    /** What is played; each with its weight, or alone with weight 1. */
    scenarios: required(mix, 'what is played; each with its weight, or alone with weight 1'),
    /** How long cookies are kept; instance: an instance is one visitor for the whole run. */
    cookies: optional(
      oneOf(['instance', 'scenario', 'off']),
      'instance',
      'how long cookies are kept; instance: an instance is one visitor for the whole run',
    ),
  }),
  create: (options, deps) =>
    scenarios({
      transports: new HttpTransports(options, deps),
      mix: options.scenarios,
      cookies: options.cookies,
      deps,
    }),
  describe: ({ target, ssl, scenarios: mixed }) =>
    `${mixed.length} ${mixed.length === 1 ? 'scenario' : 'scenarios'} to ${target.text}${ssl ? ' over TLS' : ''}`,
  traits: (options) => {
    const { connections, protocol } = httpTraits(options);
    return {
      severalRequests: true,
      ...(protocol === undefined ? {} : { protocol }),
      ...(connections === undefined ? {} : { connections }),
    };
  },
});
