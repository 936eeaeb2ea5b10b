import { type Either, isLeft, right } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { OverflowPolicy } from '../../operators/firing/overflow.js';
import { atLeast } from '../codec/bounds.js';
import { atLeastMs } from '../codec/duration.js';
import { type Codec, fail, type IssueCode } from '../codec/issue.js';
import { integer, oneOf } from '../codec/scalars.js';
import { type SchemaOf, withSchema } from '../codec/schema.js';
import { foldKey, isMap, optional, required, type StructOf, struct } from '../codec/struct.js';
import type { Millis } from '../core/units.js';
import type { ConfiguredComponent } from '../plugin/configured.js';

/** Pandora's rule: an operation that is overdue by this time is not shot any more. */
const DISCARD_AFTER_MS: Millis = 2000;

/** The fields of a pool for the rules. */
interface RuledPool {
  readonly gun: ConfiguredComponent<'gun'>;
  readonly ammo: ConfiguredComponent<'provider'>;
  readonly operators: { readonly shots: readonly ConfiguredComponent<'operator'>[] };
  readonly overflow: OverflowPolicy | null;
  readonly discardOverflow: boolean;
  readonly rpsPerInstance: boolean;
}

/** The issue of a gun that cannot shoot the ammo, when both declare their kinds of ammo. */
function ammoMismatch({
  gun,
  ammo,
  operators,
}: RuledPool): { readonly expected: string; readonly hint: string } | undefined {
  const { takes } = gun.traits;
  const { makes } = ammo.traits;
  if (takes === undefined || makes === undefined) return undefined;
  // An operator of shots may turn one kind of ammo into another.
  if (operators.shots.some(({ traits }) => traits.keepsAmmo !== true)) return undefined;
  const unsupported = makes.filter((kind) => !takes.includes(kind));
  if (unsupported.length === 0) return undefined;
  return {
    expected: `${takes.join(' or ')} ammo, which the gun ${gun.name} can shoot`,
    hint: `${ammo.name} makes ${unsupported.join(' and ')} ammo`,
  };
}

/**
 * Adds the rules about several keys of a pool: the gun can shoot the ammo, and the two spellings of an overflow policy
 * become one policy.
 */
export function poolRules<A extends RuledPool, F>(
  pool: Codec<A> & { readonly fields: F },
): Codec<A & { readonly overflow: OverflowPolicy }> & { readonly fields: F } {
  type Ruled = A & { readonly overflow: OverflowPolicy };
  const validate: t.Validate<unknown, Ruled> = (raw, context) => {
    const decoded = pool.validate(raw, context);
    if (isLeft(decoded)) return decoded;
    const { overflow, discardOverflow, rpsPerInstance } = decoded.right;
    const written = raw as Readonly<Record<string, unknown>>;
    const given = (key: string): string | undefined =>
      Object.keys(written).find((name) => foldKey(name) === foldKey(key) && (written[name] ?? null) !== null);
    const refuseAt = (property: string, code: IssueCode, expected: string, hint: string) => {
      const key = given(property) as string;
      return fail(written[key], t.appendContext(context, key, t.unknown, written[key]), code, expected, hint);
    };
    const refuse = (expected: string, hint: string) => refuseAt('overflow', 'bad-value', expected, hint);
    const mismatch = ammoMismatch(decoded.right);
    if (mismatch !== undefined) return refuseAt('ammo', 'bad-value', mismatch.expected, mismatch.hint);
    if (overflow === null) {
      const defaultDiscard = { policy: 'discard', afterMs: DISCARD_AFTER_MS } as const;
      return right({ ...decoded.right, overflow: discardOverflow ? defaultDiscard : { policy: 'queue' as const } });
    }
    if (given('discardOverflow') !== undefined)
      return refuse('overflow or discard_overflow, not both', 'discard_overflow: true is overflow: discard');
    if (overflow.policy === 'grow' && rpsPerInstance)
      return refuse('another policy', 'with rps-per-instance, each added instance would add a schedule');
    return right({ ...decoded.right, overflow, discardOverflow: overflow.policy === 'discard' });
  };
  const is = (raw: unknown): raw is Ruled => !isLeft(validate(raw, []));
  return Object.assign(new t.Type<Ruled, unknown, unknown>(pool.name, is, validate, t.identity), {
    fields: pool.fields,
  });
}

const policy = oneOf(['queue', 'discard', 'grow', 'abort']);
const options = struct('overflow', {
  policy: required(
    policy,
    'queue: it waits; discard: it is not shot; grow: an instance is started; abort: the run ends',
  ),
  maxInstances: optional(atLeast(integer, 1), null, 'for grow: the largest number of instances'),
  after: optional(
    atLeastMs(0),
    null,
    'how long an operation must be overdue before the policy applies; 2s for discard, 0s for grow and abort',
  ),
});

function policyOf({ policy: name, maxInstances, after }: StructOf<typeof options.fields>): OverflowPolicy {
  const afterMs = after ?? undefined;
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
    const refuse = (key: string, expected: string, hint?: string) => {
      const spelled = Object.keys(written).find((name) => foldKey(name) === foldKey(key)) ?? key;
      const value = (written as Readonly<Record<string, unknown>>)[spelled];
      return fail(value, t.appendContext(context, spelled, t.unknown, value), 'bad-value', expected, hint);
    };
    const { policy: name, maxInstances, after } = decoded.right;
    if (name === 'grow' && maxInstances === null)
      return refuse(
        'max-instances',
        'the largest number of instances, such as 500',
        'overflow: {policy: grow, max-instances: 500}',
      );
    if (name !== 'grow' && maxInstances !== null) return refuse('max-instances', 'no limit, because only grow has one');
    if (name === 'queue' && after !== null)
      return refuse('after', 'no time, because operations wait in a queue without a limit');
    return right(policyOf(decoded.right));
  };
  const is = (raw: unknown): raw is OverflowPolicy => !isLeft(validate(raw, []));
  const type = new t.Type<OverflowPolicy, unknown, unknown>(`${policy.name}, or a map`, is, validate, t.identity);
  const schema = (schemaOf: SchemaOf) => ({ anyOf: [schemaOf(policy), schemaOf(options)] });
  return Object.assign(withSchema(type, schema), { fields: options.fields });
})();
