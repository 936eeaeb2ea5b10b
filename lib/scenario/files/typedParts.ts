import { isLeft, map, right } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { closest } from '../../codec/closest.js';
import { type Codec, fail } from '../../codec/issue.js';
import { Reference } from '../../codec/reference.js';
import { type AboutScalar, type Parsed, scalar } from '../../codec/scalars.js';
import { isMap } from '../../codec/struct.js';
import { isTypeKey } from '../../codec/text/substitute.js';

const about: Omit<AboutScalar, 'encode'> = { name: 'text' };

/** Text of a scenario file: what is a number or a flag without quotes is refused, as in Pandora. */
export const word: Codec<string, string> = scalar(about, (raw): Parsed<string> => {
  if (typeof raw === 'string') return { value: raw };
  if (typeof raw === 'number') return { code: 'wrong-type', hint: `write it in quotes: "${raw}"` };
  if (typeof raw !== 'boolean') return { code: 'wrong-type' };
  const hint = 'write it in quotes: y, n, yes, no, on, off, true and false are flags in scenario files';
  return { code: 'wrong-type', hint };
});

/** Any values, in which a reference that stands alone is the text that it stands for. */
export const anyValues: Codec<Readonly<Record<string, unknown>>> = new t.Type(
  'a map',
  isMap,
  (raw, context) =>
    isMap(raw)
      ? right(withoutReferences(raw) as Readonly<Record<string, unknown>>)
      : fail(raw, context, 'not-a-map', 'a map'),
  t.identity,
);

function withoutReferences(value: unknown): unknown {
  if (value instanceof Reference) return value.text;
  if (Array.isArray(value)) return value.map(withoutReferences);
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutReferences(inner)]));
}

type Forms = Readonly<Record<string, t.Decoder<unknown, object>>>;

/** What one of several forms decodes to: its fields and its type. */
export type TypedOf<S extends Forms> = {
  readonly [K in keyof S]: (S[K] extends t.Decoder<unknown, infer A> ? A : never) & { readonly type: K };
}[keyof S];

/**
 * A map whose key `type`, in any case, says which other keys it has.
 *
 * @param what What it is, for messages, such as `a postprocessor`.
 */
export function typed<const S extends Forms>(what: string, forms: S): Codec<TypedOf<S>> {
  const names = Object.keys(forms);
  const expected = `${what}: one of ${names.join(', ')}`;
  const validate: t.Validate<unknown, TypedOf<S>> = (raw, context) => {
    if (!isMap(raw)) return fail(raw, context, 'not-a-map', `${what}, a map with the key type`);
    const [key, second] = Object.keys(raw).filter(isTypeKey);
    if (key === undefined) return fail(raw, context, 'missing-type', expected);
    const at = (name: string): t.Context => t.appendContext(context, name, t.string, raw[name]);
    if (second !== undefined) return fail(raw[second], at(second), 'duplicate-key', `${key} only once`);
    const name = raw[key];
    if (typeof name !== 'string') return fail(name, at(key), 'wrong-type', expected);
    const form = Object.hasOwn(forms, name) ? forms[name] : undefined;
    if (form === undefined) {
      const near = closest(name, names);
      return fail(
        name,
        at(key),
        'unknown-plugin-type',
        expected,
        near === undefined ? undefined : `did you mean ${near}?`,
      );
    }
    const options = Object.fromEntries(Object.entries(raw).filter(([each]) => !isTypeKey(each)));
    return map((decoded: object) => ({ ...decoded, type: name }) as TypedOf<S>)(form.validate(options, context));
  };
  const is = (raw: unknown): raw is TypedOf<S> => !isLeft(validate(raw, []));
  return new t.Type<TypedOf<S>, unknown, unknown>(what, is, validate, t.identity);
}
