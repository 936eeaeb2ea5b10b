import { type Either, isLeft, left, map, right } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { closest } from '../codec/closest.js';
import { type Codec, type CodecIssue, codecIssue, fail } from '../codec/issue.js';
import { nonEmpty } from '../codec/scalars.js';
import { withSchema } from '../codec/schema.js';
import { foldKey, isMap } from '../codec/struct.js';
import { isTypeKey } from '../codec/text/substitute.js';
import type { OperatorPoint, PoolOperator } from '../core/component.js';
import type { AnyComponent } from './anyComponent.js';
import { type ConfiguredOperator, configure, madeInCode } from './configured.js';
import type { Exports } from './moduleCodec.js';
import type { OperatorPart } from './part.js';
import { optionsReader, type PluginCodecOptions } from './pluginCodec.js';
import type { Registry } from './registry.js';

/** An operator of any point. */
export type AnyOperator = AnyComponent<'operator'> & { readonly at: OperatorPoint };

/** A module that a config names by `use`. A missing part is a sentence with the reason. */
export interface UsedModule {
  readonly exports: Either<string, Exports>;
  /** The operator that it exports. */
  readonly operator: Either<string, AnyOperator>;
}

/** The loaded modules that operators and ammo of a config name by `use`, by their names as written. */
export type UsedModules = ReadonlyMap<string, UsedModule>;

/** An operator that a map selects. */
export interface SelectedOperator {
  readonly operator: AnyOperator;
  /** Its name in messages: its own name, or the module as written. */
  readonly name: string;
  /** The other keys of the map. */
  readonly options: Readonly<Record<string, unknown>>;
}

const isUseKey = (key: string): boolean => foldKey(key) === 'use';

function namesAt(registry: Registry, point: OperatorPoint): readonly string[] {
  const at = (name: string): unknown => (registry.find('operator', name) as AnyOperator | undefined)?.at;
  return registry.names('operator').filter((name) => at(name) === point);
}

/** The issue of a name or module: code, expectation and hint. */
type Fault = readonly [code: CodecIssue['code'], expected: string, hint?: string];

function used(modules: UsedModules, specifier: string): AnyOperator | Fault {
  const module = modules.get(specifier)?.operator;
  if (module === undefined) return ['bad-module', 'a module that was loaded with the config'];
  return isLeft(module) ? ['bad-module', 'a module that exports one operator', module.left] : module.right;
}

function registered(registry: Registry, point: OperatorPoint, name: string): AnyOperator | Fault {
  const found = registry.find('operator', name) as AnyOperator | undefined;
  if (found !== undefined) return found;
  const names = namesAt(registry, point);
  const near = closest(name, names);
  const expected = names.length === 0 ? `an operator of ${point}: none has a name` : `one of ${names.join(', ')}`;
  const hint = near === undefined ? 'a module of your own is named by use: ./my-operator.ts' : `did you mean ${near}?`;
  return ['unknown-plugin-type', expected, hint];
}

/** Finds the operator that a map selects by its key `type` or `use` for a point, or returns the issue. */
function selectedOperator(
  raw: Readonly<Record<string, unknown>>,
  context: t.Context,
  point: OperatorPoint,
  sources: { readonly registry: Registry; readonly used: UsedModules },
): SelectedOperator | CodecIssue {
  const issue = (value: unknown, at: t.Context, fault: Fault): CodecIssue => codecIssue(value, at, ...fault);
  const [key, second] = Object.keys(raw).filter((written) => isTypeKey(written) || isUseKey(written));
  if (key === undefined)
    return issue(raw, context, [
      'missing-type',
      `the key type with the name of an operator of ${point}, or the key use with the path of a module`,
    ]);
  const at = (written: string): t.Context => t.appendContext(context, written, t.string, raw[written]);
  if (second !== undefined)
    return issue(raw[second], at(second), ['duplicate-key', 'one of the keys type and use, once']);
  const value = nonEmpty.validate(raw[key], at(key));
  if (isLeft(value)) return value.left[0] as CodecIssue;
  const name = value.right;
  const found = isUseKey(key) ? used(sources.used, name) : registered(sources.registry, point, name);
  if (!('kind' in found)) return issue(raw[key], at(key), found);
  if (found.at !== point)
    return issue(raw[key], at(key), [
      'bad-value',
      `an operator of ${point}`,
      `${found.name} is one of ${found.at}: write it under ${found.at}`,
    ]);
  const options = Object.fromEntries(Object.entries(raw).filter(([written]) => written !== key));
  return { operator: found, name, options };
}

/** What an operator codec needs besides its point. */
export interface OperatorCodecOptions extends PluginCodecOptions {
  readonly used: UsedModules;
}

function isFunction(raw: unknown): raw is PoolOperator['operator'] {
  return typeof raw === 'function';
}

/** A user's own RxJS operator. */
function userOperator<P extends OperatorPoint>(at: P, operator: PoolOperator['operator']): ConfiguredOperator<P> {
  const name = operator.name || 'operator';
  return {
    kind: 'operator',
    at,
    name,
    options: {},
    create: () => ({ at, operator }),
    describe: () => name,
    traits: {},
  };
}

/**
 * Reads an operator for one point of a pool: `{ type: NAME, ...options }` for a registered one,
 * `{ use: MODULE, ...options }` for one that a module exports. Its own codec reads the other keys. In code an RxJS
 * operator is accepted too. An operator that was made by calling a component stands for the name and the options of
 * that component.
 */
export function operatorCodec<P extends OperatorPoint>(
  point: P,
  sources: OperatorCodecOptions,
): Codec<ConfiguredOperator<P>, OperatorPart<P>> {
  const expected = `an operator of ${point} such as {use: ./my-operator.ts}`;
  const readOptions = optionsReader(sources);
  const isHere = (raw: unknown): raw is ConfiguredOperator<P> => {
    const { kind, at, create } = Object(raw) as Partial<ConfiguredOperator>;
    return kind === 'operator' && at === point && typeof create === 'function';
  };
  const configured = (operator: AnyComponent<'operator'>, options: unknown, more: Parameters<typeof configure>[2]) =>
    Object.assign(configure(operator, options, more), { at: point });

  const read: t.Validate<unknown, ConfiguredOperator<P>> = (raw, context) => {
    const made = madeInCode(raw);
    if (made !== undefined) {
      const operator = made.component as AnyComponent<'operator'>;
      if (operator.at !== point)
        return fail(raw, context, 'bad-value', expected, `this is ${operator.kind} ${operator.name}`);
      return map((options: unknown) => configured(operator, options, { given: made.given }))(
        readOptions(operator, made.written, context),
      );
    }
    if (isFunction(raw)) return right(userOperator(point, raw));
    if (isHere(raw)) return right(raw);
    if (!isMap(raw)) return fail(raw, context, 'not-a-map', expected);
    const selected = selectedOperator(raw, context, point, sources);
    if ('code' in selected) return left([selected]);
    const { operator, name, options } = selected;
    return map((decoded: unknown) => configured(operator, decoded, { name }))(readOptions(operator, options, context));
  };
  const validate: t.Validate<unknown, ConfiguredOperator<P>> = (raw, context) => {
    const accepted = read(raw, context);
    if (!isLeft(accepted)) sources.onConfigured(accepted.right, context);
    return accepted;
  };
  const encode = (operator: ConfiguredOperator<P>): OperatorPart<P> => operator;
  const codec = new t.Type<ConfiguredOperator<P>, OperatorPart<P>, unknown>(expected, isHere, validate, encode);
  return withSchema(codec, () => ({ $ref: `#/definitions/${point}Operator` }));
}
