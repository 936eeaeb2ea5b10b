import { type GoMap, type GoValue, textMap } from '../../../../../lib/scenario/files/values/goValue.js';

/** Data of JSON as values of Go: `{$int: n}` is an int, `{$rows: [...]}` a list of maps of texts. */
function goValue(value: unknown): GoValue {
  if (Array.isArray(value)) return value.map(goValue);
  if (typeof value !== 'object' || value === null) return value as GoValue;
  if ('$int' in value) return BigInt(value.$int as number);
  if ('$rows' in value) return (value.$rows as Record<string, string>[]).map((row) => textMap(Object.entries(row)));
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, goValue(each)]));
}

export const goData = (data: object): GoMap => goValue(data) as GoMap;
