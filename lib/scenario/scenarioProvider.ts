import { isLeft, left, right } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { checked } from '../codec/bounds.js';
import { listOf } from '../codec/collections.js';
import { type Codec, type CodecIssue, codecIssue, fail } from '../codec/issue.js';
import { float, unsigned } from '../codec/scalars.js';
import { withSchema } from '../codec/schema.js';
import { optional, refineStruct, required, struct } from '../codec/struct.js';
import { component } from '../plugin/component.js';
import type { Exports } from '../plugin/moduleCodec.js';
import { Scenario } from './scenario.js';
import { mixIssue, scenarioAmmo, type WeightedScenario } from './scenarioAmmo.js';

const HINT = "make it with scenario('name', ...)";
const isScenario = (raw: unknown): raw is Scenario => raw instanceof Scenario;

const one: Codec<Scenario, Scenario> = new t.Type<Scenario, Scenario, unknown>(
  'a scenario',
  isScenario,
  (raw, context) => (isScenario(raw) ? right(raw) : fail(raw, context, 'bad-value', 'a scenario', HINT)),
  t.identity,
);
const weight = checked(float, (value) => value > 0, 'a number above 0', 'min', {
  hint: () => 'remove a scenario that should not be played',
});
const weighted = struct('weighted scenario', {
  /** The scenario to play. */
  scenario: required(one, 'the scenario to play'),
  /** Its share, relative to the weights of the others. */
  weight: optional(weight, 1, 'its share, relative to the weights of the others'),
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
const list = listOf(oneOrWeighted);

/** The scenarios of a provider made in code: one, or several with their weights. */
type Played = Scenario | readonly (Scenario | WeightedScenario)[];

const mix: Codec<readonly WeightedScenario[], Played> = withSchema(
  new t.Type<readonly WeightedScenario[], Played, unknown>(
    'scenarios made in code',
    list.is,
    (raw, context) => {
      const read = list.validate(Array.isArray(raw) ? raw : [raw], context);
      if (isLeft(read)) return read;
      const issue = mixIssue(read.right);
      return issue === undefined
        ? read
        : fail(raw, context, 'bad-value', 'a list of scenarios that can be played', `${issue.message}: ${issue.hint}`);
    },
    t.identity,
  ),
  // Scenarios are made in code, so a document cannot contain them.
  () => ({ not: {} }),
);

const isEntry = (value: unknown): boolean =>
  isScenario(value) || isScenario((Object(value) as Partial<WeightedScenario>).scenario);

/** The scenarios that a module exports: its default export, or every export that is or contains scenarios. */
function exported({ default: byDefault, ...named }: Exports): unknown {
  if (byDefault !== undefined) return byDefault;
  return Object.values(named)
    .filter((value) => isEntry(value) || (Array.isArray(value) && value.some(isEntry)))
    .flat();
}

/** The same issue at the module, because the wrong value is not in the config. */
function atModule({ context, expected, hint, code }: CodecIssue, depth: number, value: unknown): CodecIssue {
  const inside = context
    .slice(depth)
    .map(({ key }) => key)
    .join('.');
  const where =
    inside === '' ? 'a module that exports scenarios' : `a module whose export has at ${inside} ${expected}`;
  return codecIssue(value, context.slice(0, depth), code, where, hint);
}

const fromModule = (module: Codec<Exports, string>): Codec<readonly WeightedScenario[], string> =>
  withSchema(
    new t.Type<readonly WeightedScenario[], string, unknown>(
      'the path of a module that exports scenarios',
      list.is,
      (raw, context) => {
        const loaded = module.validate(raw, context);
        if (isLeft(loaded)) return loaded;
        const found = exported(loaded.right);
        if (Array.isArray(found) && found.length === 0) {
          const hint = "export default scenario('name', ...), or a list of { scenario, weight }";
          return fail(raw, context, 'bad-module', 'a module that exports scenarios', hint);
        }
        const read = mix.validate(found, context);
        return isLeft(read)
          ? left((read.left as CodecIssue[]).map((issue) => atModule(issue, context.length, raw)))
          : read;
      },
      // The path of a module is not kept with its exports.
      () => '',
    ),
    () => ({ type: 'string', minLength: 1 }),
  );

/**
 * A provider of scenarios for the scenario gun: from a module or made in code, mixed by weight with exact shares.
 *
 * @see scenarios
 * @example
 * const browse = scenario('browse', get('goods', '/goods'));
 * const ammo = scenarioProvider({ scenarios: [browse], limit: 100 });
 */
export const scenarioProvider = component({
  kind: 'provider',
  name: 'scenario',
  summary: 'Scenarios to play, written in a module, mixed by weight with exact shares.',
  example: { use: './scenario.ts' },
  options: (parts) =>
    refineStruct(
      struct('scenario ammo', {
        /** The module whose scenarios are played, such as ./scenario.ts. */
        use: optional(
          fromModule(parts.module),
          undefined,
          'the module whose scenarios are played, such as ./scenario.ts',
        ),
        /** In code: the scenarios, each alone or with its weight. */
        scenarios: optional(mix, undefined, 'in code: the scenarios, each alone or with its weight'),
        /** How many are played; 0 for no limit. */
        limit: optional(unsigned, 0, 'how many are played; 0 for no limit'),
      }),
      ({ use, scenarios }) =>
        (use === undefined) === (scenarios === undefined)
          ? {
              code: 'required',
              expected: 'the key use, with the path of a module that exports scenarios',
              hint: 'such as {type: scenario, use: ./scenario.ts}',
            }
          : undefined,
    ),
  create: ({ use, scenarios, limit }, { share, scheduler }) =>
    scenarioAmmo(use ?? scenarios ?? [], { limit, share, scheduler }),
  describe: ({ use, scenarios }) => {
    const count = (use ?? scenarios ?? []).length;
    return `${count} ${count === 1 ? 'scenario' : 'scenarios'}`;
  },
  traits: ({ limit }) => ({ makes: ['scenario'], endless: limit === 0 }),
});
