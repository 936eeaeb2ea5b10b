import { type Either, isLeft, right } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { OverflowPolicy } from '../../operators/overflowPolicy.js';
import { atLeast } from '../codec/atLeast.js';
import { atLeastMs } from '../codec/atLeastMs.js';
import type { Codec } from '../codec/codec.js';
import { fail } from '../codec/fail.js';
import { foldKey } from '../codec/foldKey.js';
import { integer } from '../codec/integer.js';
import { isMap } from '../codec/isMap.js';
import { oneOf } from '../codec/oneOf.js';
import { optional } from '../codec/optional.js';
import { required } from '../codec/required.js';
import { type StructOf, struct } from '../codec/struct.js';
import { type SchemaOf, withSchema } from '../codec/withSchema.js';
import { DISCARD_AFTER_MS } from './discardAfterMs.js';

const policy = oneOf(['queue', 'discard', 'grow', 'abort']);
const options = struct('overflow', {
  policy: required(
    policy,
    'queue: it waits; discard: it is not shot; grow: an instance is started; abort: the run ends',
  ),
  maxInstances: optional(atLeast(integer, 1), null, 'grow: how many instances there may be'),
  after: optional(atLeastMs(0), null, 'how long it has been due by then; 2s for discard, 0s for grow and abort'),
});

function policyOf({ policy: name, maxInstances, after }: StructOf<typeof options.fields>): OverflowPolicy {
  const afterMs = after === null ? undefined : after / 1e6;
  if (name === 'queue') return { policy: name };
  if (name === 'discard') return { policy: name, afterMs: afterMs ?? DISCARD_AFTER_MS };
  if (name === 'grow') return { policy: name, maxInstances: maxInstances as number, afterMs: afterMs ?? 0 };
  return { policy: name, afterMs: afterMs ?? 0 };
}

/** The key `overflow` of a pool: the name of a policy, or a map with the policy and its limits. */
export const overflowCodec: Codec<OverflowPolicy> & { readonly fields: typeof options.fields } = (() => {
  const validate = (raw: unknown, context: t.Context): Either<t.Errors, OverflowPolicy> => {
    const short = !isMap(raw);
    const named = short ? policy.validate(raw, context) : undefined;
    if (named !== undefined && isLeft(named)) return named;
    const written = short ? { policy: raw } : raw;
    const decoded = options.validate(written, context);
    if (isLeft(decoded)) return decoded;
    const refuse = (key: string, expected: string) => {
      const spelled = Object.keys(written).find((name) => foldKey(name) === foldKey(key)) ?? key;
      const value = (written as Readonly<Record<string, unknown>>)[spelled];
      return fail(value, t.appendContext(context, spelled, t.unknown, value), 'bad-value', expected);
    };
    const { policy: name, maxInstances, after } = decoded.right;
    if (name === 'grow' && maxInstances === null) return refuse('max-instances', 'the most instances, such as 500');
    if (name !== 'grow' && maxInstances !== null) return refuse('max-instances', 'no limit: only grow has one');
    if (name === 'queue' && after !== null) return refuse('after', 'no time: in a queue operations wait for ever');
    return right(policyOf(decoded.right));
  };
  const is = (raw: unknown): raw is OverflowPolicy => !isLeft(validate(raw, []));
  const type = new t.Type<OverflowPolicy, unknown, unknown>(`${policy.name}, or a map`, is, validate, t.identity);
  const schema = (schemaOf: SchemaOf) => ({ anyOf: [schemaOf(policy), schemaOf(options)] });
  return Object.assign(withSchema(type, schema), { fields: options.fields });
})();
