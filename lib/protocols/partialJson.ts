/** Stands for a value that is not known before the run, such as that of a template. */
export const ANY_VALUE: unique symbol = Symbol('any value');

/** A JSON value as far as it is known before the run. */
export type PartialJson =
  | typeof ANY_VALUE
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly PartialJson[]
  | PartialJsonMap;

/** A JSON object as far as it is known before the run. */
export interface PartialJsonMap {
  readonly [key: string]: PartialJson;
}

/** True for an object of JSON. */
export function isPartialMap(value: PartialJson): value is PartialJsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Nothing below is looked at: a message that is nested so deep cannot be sent. */
const MAX_LEVELS = 200;

/** True when a part of the value is not known. */
export function isPartial(value: PartialJson, level = 0): boolean {
  if (value === ANY_VALUE) return true;
  if (typeof value !== 'object' || value === null || level > MAX_LEVELS) return false;
  return Object.values(value).some((each: PartialJson) => isPartial(each, level + 1));
}
