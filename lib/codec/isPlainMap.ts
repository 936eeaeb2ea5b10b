/** True for a map as configs have them: an object without a class. */
export function isPlainMap(raw: unknown): raw is Record<string, unknown> {
  if (typeof raw !== 'object' || raw === null) return false;
  const prototype = Object.getPrototypeOf(raw) as unknown;
  return prototype === Object.prototype || prototype === null;
}
