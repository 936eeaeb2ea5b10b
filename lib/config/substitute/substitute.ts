import * as t from 'io-ts';
import { fail } from '../../codec/fail.js';
import type { Flaw } from '../../codec/flaw.js';
import { isMap } from '../../codec/isMap.js';
import { isMadeInCode } from '../../plugin/isMadeInCode.js';
import { isTypeKey } from '../../plugin-config/isTypeKey.js';
import { pathOf } from '../report/pathOf.js';
import { pathText } from '../report/pathText.js';
import type { ReferenceSource } from './referenceSource.js';
import { substituteText } from './substituteText.js';

/** A config after its references were replaced. */
export interface Substitution {
  readonly value: unknown;
  /** References that have no value. */
  readonly flaws: readonly Flaw[];
  /** By path, what the references in that text stand for. */
  readonly resolved: ReadonlyMap<string, readonly string[]>;
}

/**
 * Replaces `${...}` references in every text of a config, but not in keys and not in the value of `type`. A value that
 * contains itself, which YAML's anchors allow, is a flaw.
 */
export function substitute(root: unknown, source: ReferenceSource): Substitution {
  const flaws: Flaw[] = [];
  const resolved = new Map<string, readonly string[]>();

  const replaceText = (text: string, context: t.Context): unknown => {
    const result = substituteText(text, source);
    for (const { expected, hint } of result.bad)
      flaws.push(...fail(text, context, 'bad-reference', expected, hint).left);
    if (result.resolved.length > 0) resolved.set(pathText(pathOf(context)), result.resolved);
    return result.value;
  };
  const replace = (value: unknown, context: t.Context): unknown => {
    const inside = (key: string, child: unknown): unknown =>
      replace(child, t.appendContext(context, key, t.unknown, child));
    if (typeof value === 'string') return replaceText(value, context);
    if (typeof value === 'object' && context.slice(0, -1).some(({ actual }) => actual === value && value !== null)) {
      flaws.push(...fail(undefined, context, 'bad-value', 'a value that does not contain itself').left);
      return undefined;
    }
    if (Array.isArray(value)) return value.map((item: unknown, i) => inside(String(i), item));
    // A component that was made in code is left alone.
    if (!isMap(value) || isMadeInCode(value)) return value;
    const entries = Object.entries(value);
    return Object.fromEntries(entries.map(([key, child]) => [key, isTypeKey(key) ? child : inside(key, child)]));
  };
  return { value: replace(root, [{ key: '', type: t.unknown, actual: root }]), flaws, resolved };
}
