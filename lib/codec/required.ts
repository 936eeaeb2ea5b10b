import type { Codec } from './codec.js';
import type { Field } from './field.js';

/** A key that must be present. */
export function required<A>(codec: Codec<A>, doc: string, key?: string): Field<A> {
  return key === undefined ? { codec, doc } : { codec, doc, key };
}
