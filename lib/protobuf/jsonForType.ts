import type { DescField, DescMessage, Registry } from '@bufbuild/protobuf';
import type { ExactJson, ExactJsonMap } from '../protocols/exactJson.js';
import { MessageFault } from './messageFault.js';

/** The 64-bit integers among the scalar types, by their numbers in descriptors. */
const WIDE: ReadonlySet<number> = new Set([3, 4, 6, 16, 18]);
const WIDE_WRAPPERS: ReadonlySet<string> = new Set(['google.protobuf.Int64Value', 'google.protobuf.UInt64Value']);
/** The limit of the library, so that recursive code does not overflow the stack. */
export const MAX_NESTING = 100;

function isMap(value: ExactJson): value is ExactJsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function hasBigint(value: ExactJson, depth = 0): boolean {
  if (typeof value === 'bigint') return true;
  if (typeof value !== 'object' || value === null) return false;
  if (depth > MAX_NESTING) throw new MessageFault(`the payload is nested deeper than ${MAX_NESTING}`);
  return Object.values(value).some((each: ExactJson) => hasBigint(each, depth + 1));
}

/** A value of a type that has no 64-bit integers: its numbers are doubles. */
function withDoubles(value: ExactJson): ExactJson {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(withDoubles);
  return isMap(value) ? mapValues(value, withDoubles) : value;
}

function mapValues(value: ExactJsonMap, convert: (each: ExactJson, key: string) => ExactJson): ExactJsonMap {
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, convert(each, key)]));
}

function scalarJson(value: ExactJson, scalar: number | undefined): ExactJson {
  return typeof value === 'bigint' && scalar !== undefined && WIDE.has(scalar) ? value.toString() : withDoubles(value);
}

function singleJson(value: ExactJson, { scalar, message }: DescField, registry: Registry): ExactJson {
  return message === undefined ? scalarJson(value, scalar) : messageJson(value, message, registry);
}

function fieldJson(value: ExactJson, field: DescField, registry: Registry): ExactJson {
  if (field.fieldKind === 'list' && Array.isArray(value)) {
    return value.map((each: ExactJson) => singleJson(each, field, registry));
  }
  if (field.fieldKind === 'map' && isMap(value)) return mapValues(value, (each) => singleJson(each, field, registry));
  return singleJson(value, field, registry);
}

function messageJson(value: ExactJson, type: DescMessage, registry: Registry): ExactJson {
  if (typeof value === 'bigint') return WIDE_WRAPPERS.has(type.typeName) ? value.toString() : Number(value);
  if (!isMap(value)) return withDoubles(value);
  const packed = value['@type'];
  const packedType =
    typeof packed === 'string' ? registry.getMessage(packed.slice(packed.lastIndexOf('/') + 1)) : undefined;
  if (type.typeName === 'google.protobuf.Any' && packedType !== undefined) {
    return WIDE_WRAPPERS.has(packedType.typeName)
      ? mapValues(value, (each) => (typeof each === 'bigint' ? each.toString() : each))
      : messageJson(value, packedType, registry);
  }
  return mapValues(value, (each, key) => {
    const field = type.fields.find(({ name, jsonName }) => name === key || jsonName === key);
    return field === undefined ? withDoubles(each) : fieldJson(each, field, registry);
  });
}

/**
 * The JSON value in which bigints are written as the type of their field needs them: the texts of 64-bit integers, else doubles. The
 * library takes no bigint for a double, and a text for a number would be accepted where the type is text.
 */
export function jsonForType(value: ExactJsonMap, type: DescMessage, registry: Registry): ExactJson {
  return hasBigint(value) ? messageJson(value, type, registry) : value;
}
