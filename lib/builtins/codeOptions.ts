import type { Chosen } from '../plugin/chosen.js';

/**
 * The options of a component as written in code: those of the config, each optional here and checked when used. Where the
 * config takes text for a number (a duration, a size), code may too; where it takes a component, its shorthand or map.
 */
export type CodeOptions<C> = { readonly [K in keyof C]?: Loose<C[K]> };

type Loose<V> = V extends number
  ? number | string
  : V extends string | boolean
    ? V
    : V extends Chosen<infer _Kind>
      ? string | object
      : V extends readonly (infer Item)[]
        ? readonly Loose<Item>[]
        : V extends object
          ? string | CodeOptions<V>
          : V;
