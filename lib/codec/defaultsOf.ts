import type { Fields, Struct, StructOf } from './struct.js';

/**
 * The decoded form of an empty map: every key at its default. Only for structs whose keys all have one.
 *
 * @example
 * const dial = struct('dial', { timeout: optional(duration, 3e9, 'longest time to connect') });
 * const config = struct('gun', { dial: optional(dial, defaultsOf(dial), 'how to connect') });
 */
export function defaultsOf<F extends Fields>(codec: Struct<F>): StructOf<F> {
  return Object.fromEntries(
    Object.entries(codec.fields).map(([property, field]) => {
      if (field.fallback === undefined) throw new TypeError(`${codec.name}: ${property} has no default`);
      return [property, field.fallback.value];
    }),
  ) as StructOf<F>;
}
