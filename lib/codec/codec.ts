import type * as t from 'io-ts';

/** A decoder of configuration values: accepts anything, answers a typed value or every flaw it found. */
export type Codec<A> = t.Type<A, unknown, unknown>;
