/** True for a plain object: what a map in a config becomes. */
export function isMap(raw: unknown): raw is Readonly<Record<string, unknown>> {
  if (typeof raw !== 'object' || raw === null) return false;
  const prototype = Object.getPrototypeOf(raw) as unknown;
  return prototype === Object.prototype || prototype === null;
}
