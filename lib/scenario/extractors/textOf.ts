/** A JSON value as text: a string as it is, all else as JSON; nothing for `null` and what is not there. */
export function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
