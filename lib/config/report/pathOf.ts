import type * as t from 'io-ts';

/** The way to a value in a document: keys as written, and indices of lists. */
export type Path = readonly (string | number)[];

/** The path that an io-ts context describes. */
export function pathOf(context: t.Context): Path {
  return context.slice(1).map(({ key }, i) => (Array.isArray(context[i]?.actual) ? Number(key) : key));
}
