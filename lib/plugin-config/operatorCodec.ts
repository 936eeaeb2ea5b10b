import { map, right } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { fail } from '../codec/fail.js';
import { isMap } from '../codec/isMap.js';
import { withSchema } from '../codec/withSchema.js';
import type { OperatorPoint, PoolOperator } from '../core/operatorPoint.js';
import type { ChosenOperator } from '../plugin/chosenOperator.js';
import { isChosen } from '../plugin/isChosen.js';
import { recipes } from '../plugin/recipe.js';
import { optionsReader } from './optionsReader.js';
import type { PluginCodecOptions } from './pluginCodec.js';
import { selectedOperator } from './selectedOperator.js';
import type { AnyOperator, UsedModules } from './usedModules.js';

/** What an operator codec needs besides its point. */
export interface OperatorCodecOptions extends PluginCodecOptions {
  readonly used: UsedModules;
}

function isFunction(raw: unknown): raw is PoolOperator['operator'] {
  return typeof raw === 'function';
}

/**
 * Reads an operator for one point of a pool: `{ type: NAME, ...options }` for a registered one, `{ use: MODULE, ...options }`
 * for one that a module exports. Its own codec reads the other keys. In code an RxJS operator does, too; one that was made
 * of a registered one stands for its name and options.
 */
export function operatorCodec<P extends OperatorPoint>(
  point: P,
  sources: OperatorCodecOptions,
): t.Type<ChosenOperator<P>, unknown, unknown> {
  const expected = `an operator of ${point} such as {use: ./my-operator.ts}`;
  const readOptions = optionsReader(sources);
  const chosen = (name: string, config: unknown, create: ChosenOperator['create']): ChosenOperator<P> => ({
    kind: 'operator',
    at: point,
    name,
    config,
    create,
  });
  const isHere = (raw: unknown): raw is ChosenOperator<P> =>
    isChosen('operator', raw) && (raw as Partial<ChosenOperator>).at === point;

  const validate: t.Validate<unknown, ChosenOperator<P>> = (raw, context) => {
    if (isHere(raw)) return right(raw);
    const recipe = recipes.of(raw);
    if (recipe !== undefined) {
      const operator = recipe.descriptor as Partial<AnyOperator> & Pick<AnyOperator, 'name' | 'codec' | 'create'>;
      if (operator.at !== point)
        return fail(raw, context, 'bad-value', expected, `this is ${operator.kind} ${operator.name}`);
      return map((config: unknown) =>
        chosen(operator.name, config, (deps) => operator.create(config, { ...deps, ...recipe.deps })),
      )(readOptions(operator, recipe.options, context));
    }
    if (isFunction(raw)) return right(chosen(raw.name || 'operator', {}, () => ({ at: point, operator: raw })));
    if (!isMap(raw)) return fail(raw, context, 'not-a-map', expected);
    const selected = selectedOperator(raw, context, point, sources);
    if ('code' in selected) return { _tag: 'Left', left: [selected] };
    const { operator, name, options } = selected;
    return map((config: unknown) => chosen(name, config, (deps) => operator.create(config, deps)))(
      readOptions(operator, options, context),
    );
  };
  return withSchema(new t.Type<ChosenOperator<P>, unknown, unknown>(expected, isHere, validate, t.identity), () => ({
    $ref: `#/definitions/${point}Operator`,
  }));
}
