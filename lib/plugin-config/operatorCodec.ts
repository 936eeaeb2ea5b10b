import { isLeft, map, right } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { closest } from '../codec/closest.js';
import { fail } from '../codec/fail.js';
import type { Flaw } from '../codec/flaw.js';
import { foldKey } from '../codec/foldKey.js';
import { isMap } from '../codec/isMap.js';
import { nonEmpty } from '../codec/nonEmpty.js';
import type { OperatorPoint, PoolOperator } from '../core/operatorPoint.js';
import type { ChosenOperator } from '../plugin/chosenOperator.js';
import { isChosen } from '../plugin/isChosen.js';
import type { Registry } from '../plugin/registry.js';
import { isTypeKey } from './isTypeKey.js';
import { optionsReader } from './optionsReader.js';
import type { PluginCodecOptions } from './pluginCodec.js';
import type { AnyOperator, UsedModules } from './usedModules.js';

/** What an operator codec needs besides its point. */
export interface OperatorCodecOptions extends PluginCodecOptions {
  readonly used: UsedModules;
}

const isUseKey = (key: string): boolean => foldKey(key) === 'use';
const pointOf = (operator: unknown): unknown => (operator as Partial<AnyOperator> | undefined)?.at;

function namesAt(registry: Registry, point: OperatorPoint): readonly string[] {
  return registry.names('operator').filter((name) => pointOf(registry.find('operator', name)) === point);
}

/** The component behind `type` or `use`, or what is wrong there. */
function operatorFor(
  { registry, used }: OperatorCodecOptions,
  point: OperatorPoint,
  [key, value]: readonly [key: string, value: unknown],
  context: t.Context,
): AnyOperator | Flaw[] {
  const at = t.appendContext(context, key, t.string, value);
  const name = nonEmpty.validate(value, at);
  if (isLeft(name)) return name.left as Flaw[];
  const refuse = (...what: [code: Flaw['code'], expected: string, hint?: string]) => fail(value, at, ...what).left;
  let found: AnyOperator | undefined;
  if (isUseKey(key)) {
    const module = used.get(name.right);
    if (module === undefined) return refuse('bad-module', 'a module that was loaded with the config');
    if (isLeft(module)) return refuse('bad-module', 'a module that exports one operator', module.left);
    found = module.right;
  } else {
    found = registry.find('operator', name.right) as AnyOperator | undefined;
    const names = namesAt(registry, point);
    const near = closest(name.right, names);
    if (found === undefined)
      return refuse(
        'unknown-plugin-type',
        names.length === 0 ? `an operator of ${point}, of which there is none by name` : `one of ${names.join(', ')}`,
        near === undefined ? `a module of your own is named by use: ./my-operator.ts` : `did you mean ${near}?`,
      );
  }
  if (found.at === point) return found;
  return refuse(
    'bad-value',
    `an operator of ${point}`,
    `${found.name} is one of ${found.at}: write it under ${found.at}`,
  );
}

/** The one key that selects, `type` or `use`, and its value; or what is wrong. */
function selection(
  raw: Readonly<Record<string, unknown>>,
  context: t.Context,
  expected: string,
): readonly [key: string, value: unknown] | Flaw {
  const [first, second] = Object.keys(raw).filter((key) => isTypeKey(key) || isUseKey(key));
  if (first === undefined) return fail(raw, context, 'missing-type', expected).left[0] as Flaw;
  if (second === undefined) return [first, raw[first]];
  const at = t.appendContext(context, second, t.string, raw[second]);
  return fail(raw[second], at, 'duplicate-key', `one of the keys type and use, once`).left[0] as Flaw;
}

function isOperatorFunction(raw: unknown): raw is PoolOperator['operator'] {
  return typeof raw === 'function';
}

/**
 * Reads an operator for one point of a pool: `{ type: NAME, ...options }` for a registered one, `{ use: MODULE, ...options }`
 * for one that a module exports. Its own codec reads the other keys. In code a bare operator function does, too.
 */
export function operatorCodec<P extends OperatorPoint>(
  point: P,
  options: OperatorCodecOptions,
): t.Type<ChosenOperator<P>, unknown, unknown> {
  const expected = `an operator of ${point} such as {use: ./my-operator.ts}`;
  const readOptions = optionsReader(options);
  const chosen = (name: string, config: unknown, create: ChosenOperator['create']): ChosenOperator<P> => ({
    kind: 'operator',
    at: point,
    name,
    config,
    create,
  });
  const isHere = (raw: unknown): raw is ChosenOperator<P> => isChosen('operator', raw) && pointOf(raw) === point;

  const validate: t.Validate<unknown, ChosenOperator<P>> = (raw, context) => {
    if (isOperatorFunction(raw)) {
      return right(chosen(raw.name === '' ? 'operator' : raw.name, {}, () => ({ at: point, operator: raw })));
    }
    if (isHere(raw)) return right(raw);
    if (isChosen('operator', raw)) {
      return fail(
        raw,
        context,
        'bad-value',
        `an operator of ${point}`,
        `${raw.name} is one of ${String(pointOf(raw))}`,
      );
    }
    if (!isMap(raw)) return fail(raw, context, 'not-a-map', expected);
    const selected = selection(raw, context, expected);
    if ('code' in selected) return { _tag: 'Left', left: [selected] };
    const found = operatorFor(options, point, selected, context);
    if (Array.isArray(found)) return { _tag: 'Left', left: found };
    const operator = found as AnyOperator;
    const [key, value] = selected;
    const rest = Object.fromEntries(Object.entries(raw).filter(([written]) => written !== key));
    const name = isUseKey(key) ? String(value) : operator.name;
    return map((config: unknown) => chosen(name, config, (deps) => operator.create(config, deps)))(
      readOptions(operator, rest, context),
    );
  };
  return new t.Type<ChosenOperator<P>, unknown, unknown>(expected, isHere, validate, t.identity);
}
