const SIZE = /^[+-]?\d+$/;

/** The number of bytes that a size field says: a decimal integer, a sign allowed. Undefined when it is none or negative. */
export function sizeOf(field: string): number | undefined {
  if (!SIZE.test(field)) return undefined;
  const size = Number(field);
  return size >= 0 && Number.isSafeInteger(size) ? size + 0 : undefined;
}
