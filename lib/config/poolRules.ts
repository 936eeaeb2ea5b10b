import { isLeft, right } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { OverflowPolicy } from '../../operators/overflowPolicy.js';
import type { Codec } from '../codec/codec.js';
import { fail } from '../codec/fail.js';
import { foldKey } from '../codec/foldKey.js';
import { DISCARD_AFTER_MS } from './discardAfterMs.js';

/** What the rules need to know of a pool. */
interface RuledPool {
  readonly overflow: OverflowPolicy | null;
  readonly discardOverflow: boolean;
  readonly rpsPerInstance: boolean;
}

/** Adds the rules that concern several keys of a pool: its two spellings of an overflow policy become one policy. */
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
    const refuse = (expected: string, hint: string) => {
      const key = given('overflow') as string;
      return fail(written[key], t.appendContext(context, key, t.unknown, written[key]), 'bad-value', expected, hint);
    };
    if (overflow === null) {
      const pandoras = { policy: 'discard', afterMs: DISCARD_AFTER_MS } as const;
      return right({ ...decoded.right, overflow: discardOverflow ? pandoras : { policy: 'queue' as const } });
    }
    if (given('discardOverflow') !== undefined)
      return refuse('overflow or discard_overflow, not both', 'discard_overflow: true is overflow: discard');
    if (overflow.policy === 'grow' && rpsPerInstance)
      return refuse(
        'another policy',
        'with rps-per-instance an instance that is added would bring a schedule of its own',
      );
    return right({ ...decoded.right, overflow, discardOverflow: overflow.policy === 'discard' });
  };
  const is = (raw: unknown): raw is Ruled => !isLeft(validate(raw, []));
  return Object.assign(new t.Type<Ruled, unknown, unknown>(pool.name, is, validate, t.identity), {
    fields: pool.fields,
  });
}
