import type { Codec } from './codec.js';
import type { Field } from './field.js';

/** A key with a default, which null also means. A default that was never written is not checked by the codec. */
export function optional<A, const D>(codec: Codec<A>, fallback: D, doc: string, key?: string): Field<A | D> {
  const field = { codec: codec as Codec<A | D>, doc, fallback: { value: fallback } };
  return key === undefined ? field : { ...field, key };
}
