import { isLeft, right } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { checked } from '../codec/bounds.js';
import { listOf } from '../codec/collections.js';
import { type Codec, type Flaw, fail } from '../codec/issue.js';
import { float, unsigned } from '../codec/scalars.js';
import { withSchema } from '../codec/schema.js';
import { optional, refineStruct, required, struct } from '../codec/struct.js';
import { defineComponent, type Exports } from '../plugin/descriptor.js';
import { Scenario } from './scenario.js';
import { mixIssue, scenarioAmmo, type WeightedScenario } from './scenarioAmmo.js';

const HINT = "make it with scenario('name', ...)";
const isScenario = (raw: unknown): raw is Scenario => raw instanceof Scenario;

const one: Codec<Scenario> = new t.Type(
  'a scenario',
  isScenario,
  (raw, context) => (isScenario(raw) ? right(raw) : fail(raw, context, 'bad-value', 'a scenario', HINT)),
  t.identity,
);
const weight = checked(float, (value) => value > 0, 'a number above 0', 'min', {
  hint: () => 'leave out a scenario that is not wanted',
});
const weighted = struct('weighted scenario', {
  scenario: required(one, 'what is played'),
  weight: optional(weight, 1, 'its share, in relation to the others'),
});
const oneOrWeighted: Codec<WeightedScenario> = new t.Type<WeightedScenario, unknown, unknown>(
  'a scenario or { scenario, weight }',
  weighted.is,
  (raw, context) => (isScenario(raw) ? right({ scenario: raw, weight: 1 }) : weighted.validate(raw, context)),
  t.identity,
);
const list = listOf(oneOrWeighted);

/** A scenario, one with its weight, or a list of them, as a list that can be played. */
const mix: Codec<readonly WeightedScenario[]> = withSchema(
  new t.Type<readonly WeightedScenario[], unknown, unknown>(
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
  // Scenarios are made in code, so a document cannot hold them.
  () => ({ not: {} }),
);

const isEntry = (value: unknown): boolean =>
  isScenario(value) || isScenario((Object(value) as Partial<WeightedScenario>).scenario);

/** What a module exports to play: its default, or else every export that is a scenario or holds some. */
function exported({ default: byDefault, ...named }: Exports): unknown {
  if (byDefault !== undefined) return byDefault;
  return Object.values(named)
    .filter((value) => isEntry(value) || (Array.isArray(value) && value.some(isEntry)))
    .flat();
}

/** The same flaw at the module, for what is wrong is not in the config. */
function atModule({ context, expected, hint, code }: Flaw, depth: number, value: unknown): Flaw {
  const inside = context
    .slice(depth)
    .map(({ key }) => key)
    .join('.');
  const where =
    inside === '' ? 'a module that exports scenarios' : `a module whose export has at ${inside} ${expected}`;
  return fail(value, context.slice(0, depth), code, where, hint).left[0] as Flaw;
}

const fromModule = (module: Codec<Exports>): Codec<readonly WeightedScenario[]> =>
  withSchema(
    new t.Type<readonly WeightedScenario[], unknown, unknown>(
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
          ? { _tag: 'Left', left: (read.left as Flaw[]).map((flaw) => atModule(flaw, context.length, raw)) }
          : read;
      },
      t.identity,
    ),
    () => ({ type: 'string', minLength: 1 }),
  );

/** The `scenario` provider: scenarios of a module, or made in code, to be played by weight. */
export const scenarioProvider = defineComponent({
  kind: 'provider',
  name: 'scenario',
  summary: 'Scenarios to play, written in a module, mixed by weight with exact shares.',
  codec: (plugins) =>
    refineStruct(
      struct('scenario ammo', {
        use: optional(fromModule(plugins.module), undefined, 'the module whose scenarios are played: ./scenario.ts'),
        scenarios: optional(mix, undefined, 'in code: what is played, each alone or with its weight'),
        limit: optional(unsigned, 0, 'how many are played; 0 for endlessly many'),
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
});
