/** The properties that {@link defined} keeps. */
export type Defined<T extends object> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

/**
 * Drops the properties that are `undefined`, for an object whose optional properties must not be `undefined`
 * (`exactOptionalPropertyTypes` of the compiler).
 *
 * @returns A new object.
 * @example
 * const hint: string | undefined = undefined;
 * new ElpisError('ELPIS_USAGE', 'no', { cause: 1, ...defined({ hint }) }); // has no property hint
 */
export function defined<T extends object>(properties: T): Defined<T> {
  const kept: { [K in keyof T]?: T[K] } = {};
  for (const key in properties) if (properties[key] !== undefined) kept[key] = properties[key];
  return kept as Defined<T>;
}
