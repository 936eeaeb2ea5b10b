import { isLeft } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { closest } from '../codec/closest.js';
import { fail } from '../codec/fail.js';
import type { Flaw } from '../codec/flaw.js';
import { foldKey } from '../codec/foldKey.js';
import { nonEmpty } from '../codec/nonEmpty.js';
import type { OperatorPoint } from '../core/operatorPoint.js';
import type { Registry } from '../plugin/registry.js';
import { isTypeKey } from './isTypeKey.js';
import type { AnyOperator, UsedModules } from './usedModules.js';

/** An operator that a map selects. */
export interface SelectedOperator {
  readonly operator: AnyOperator;
  /** How messages call it: its name, or the module as written. */
  readonly name: string;
  /** The other keys of the map. */
  readonly options: Readonly<Record<string, unknown>>;
}

const isUseKey = (key: string): boolean => foldKey(key) === 'use';

function namesAt(registry: Registry, point: OperatorPoint): readonly string[] {
  const at = (name: string): unknown => (registry.find('operator', name) as AnyOperator | undefined)?.at;
  return registry.names('operator').filter((name) => at(name) === point);
}

/** What is wrong with a name or module: code, expectation and hint. */
type Fault = readonly [code: Flaw['code'], expected: string, hint?: string];

function used(modules: UsedModules, specifier: string): AnyOperator | Fault {
  const module = modules.get(specifier);
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

/** Finds the operator that a map selects by its key `type` or `use` for a point, or answers the flaw. */
export function selectedOperator(
  raw: Readonly<Record<string, unknown>>,
  context: t.Context,
  point: OperatorPoint,
  sources: { readonly registry: Registry; readonly used: UsedModules },
): SelectedOperator | Flaw {
  const flaw = (value: unknown, at: t.Context, fault: Fault): Flaw => fail(value, at, ...fault).left[0] as Flaw;
  const [key, second] = Object.keys(raw).filter((written) => isTypeKey(written) || isUseKey(written));
  if (key === undefined)
    return flaw(raw, context, ['missing-type', `type with the name of an operator of ${point}, or use with a module`]);
  const at = (written: string): t.Context => t.appendContext(context, written, t.string, raw[written]);
  if (second !== undefined)
    return flaw(raw[second], at(second), ['duplicate-key', 'one of the keys type and use, once']);
  const value = nonEmpty.validate(raw[key], at(key));
  if (isLeft(value)) return value.left[0] as Flaw;
  const name = value.right;
  const found = isUseKey(key) ? used(sources.used, name) : registered(sources.registry, point, name);
  if (!('kind' in found)) return flaw(raw[key], at(key), found);
  if (found.at !== point)
    return flaw(raw[key], at(key), [
      'bad-value',
      `an operator of ${point}`,
      `${found.name} is one of ${found.at}: write it under ${found.at}`,
    ]);
  const options = Object.fromEntries(Object.entries(raw).filter(([written]) => written !== key));
  return { operator: found, name, options };
}
