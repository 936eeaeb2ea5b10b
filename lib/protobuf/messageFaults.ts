import type { DescEnum, DescField, DescMessage, JsonValue, Registry } from '@bufbuild/protobuf';
import { closest } from '../codec/closest.js';
import type { Path } from '../codec/report/path.js';
import { describeError, excerpt } from '../core/errorContext.js';
import type { ExactJsonMap } from '../protocols/exactJson.js';
import { ANY_VALUE, isPartial, isPartialMap, type PartialJson, type PartialJsonMap } from '../protocols/partialJson.js';
import { jsonForType, MAX_NESTING } from './jsonForType.js';
import type { ProtobufLibrary } from './library.js';
import { MessageFault } from './messageFault.js';

/** The names of the scalar types, by their numbers in descriptors. */
const SCALARS: Readonly<Record<number, string>> = {
  ...{ 1: 'double', 2: 'float', 3: 'int64', 4: 'uint64', 5: 'int32', 6: 'fixed64', 7: 'fixed32', 8: 'true or false' },
  ...{ 9: 'a text', 12: 'bytes in base64', 13: 'uint32', 15: 'sfixed32', 16: 'sfixed64', 17: 'sint32', 18: 'sint64' },
};
/** These have a JSON form of their own. */
const SPECIAL = /^google\.protobuf\.(Any|Duration|FieldMask|Struct|Value|ListValue|Timestamp|\w+Value)$/;
const MAX_NAMES = 12;
/** After so many faults of one message the others are not listed. */
const MAX_FAULTS = 100;

function shown(value: PartialJson): string {
  if (Array.isArray(value)) return 'a list';
  if (isPartialMap(value)) return 'an object';
  return typeof value === 'string' ? excerpt(value) : String(value);
}

const either = (names: readonly string[]): string =>
  names.length > MAX_NAMES ? `one of ${names.slice(0, MAX_NAMES).join(', ')}, ...` : names.join(' or ');

/** A field that the type does not have, and what may have been meant. */
function unknownField({ typeName, fields }: DescMessage, key: string, path: Path): MessageFault {
  const names = fields.map(({ jsonName }) => jsonName);
  const near = closest(key, [...names, ...fields.map(({ name }) => name)]);
  const has = names.length === 0 ? 'it has no fields' : `its fields are ${names.slice(0, MAX_NAMES).join(', ')}`;
  const hint = near === undefined ? has : `did you mean ${near}?`;
  return new MessageFault(`message ${typeName} has no field ${JSON.stringify(key)}`, hint, path, 'key');
}

/** One value of a field, with the way to it. */
interface FieldValue {
  readonly value: PartialJson;
  /** The value of the whole field, when this is its only one. */
  readonly whole: PartialJson;
  readonly path: Path;
  /** The field in messages. */
  readonly name: string;
}

/** Compares a JSON value with the type of a message, and finds all that does not fit. */
class Comparison {
  readonly faults: MessageFault[] = [];

  constructor(
    private readonly library: ProtobufLibrary,
    private readonly registry: Registry,
  ) {}

  message(type: DescMessage, value: PartialJson, path: Path, field: string): void {
    if (value === ANY_VALUE) return;
    if (path.length > MAX_NESTING) this.#add(`the payload is nested deeper than ${MAX_NESTING}`, path.slice(0, 3));
    else if (SPECIAL.test(type.typeName)) this.#special(type, value, path, field);
    else if (!isPartialMap(value)) {
      this.#add(`${field} expected an object, a message ${type.typeName}, got ${shown(value)}`, path);
    } else this.#fields(type, value, path);
  }

  #fields(type: DescMessage, value: PartialJsonMap, path: Path): void {
    for (const [key, each] of Object.entries(value)) {
      const field = type.fields.find(({ name, jsonName }) => name === key || jsonName === key);
      if (field !== undefined) this.#field(type, field, each, [...path, key]);
      else if (key.startsWith('[')) this.#extension(type, key, each, [...path, key]);
      else if (this.faults.length < MAX_FAULTS) this.faults.push(unknownField(type, key, [...path, key]));
    }
  }

  #field(parent: DescMessage, field: DescField, value: PartialJson, path: Path): void {
    const name = `field ${parent.typeName}.${field.name}:`;
    const of = (key: number | string, each: PartialJson, whole: PartialJson): void =>
      this.#single(parent, field, { value: each, whole, path: [...path, key], name });
    if (value === ANY_VALUE || value === null) return;
    if (field.fieldKind === 'list') {
      if (Array.isArray(value))
        for (const [i, each] of (value as readonly PartialJson[]).entries()) of(i, each, [each]);
      else this.#add(`${name} expected a list, got ${shown(value)}`, path);
    } else if (field.fieldKind === 'map') {
      if (isPartialMap(value)) for (const [key, each] of Object.entries(value)) of(key, each, { [key]: each });
      else this.#add(`${name} expected an object, got ${shown(value)}`, path);
    } else this.#single(parent, field, { value, whole: value, path, name });
  }

  /** One value of a field. */
  #single(parent: DescMessage, field: DescField, { value, whole, path, name }: FieldValue): void {
    const { message, enum: enumType, scalar } = field;
    if (message !== undefined && value !== null) {
      this.message(message, value, path, name);
      return;
    }
    const expected = expectation(message, enumType, scalar);
    const near = typeof value === 'string' && enumType ? closest(value, namesOf(enumType)) : undefined;
    const problem = (reason: string): string => {
      if (field.fieldKind === 'map' && reason.includes('map key'))
        return `expected keys of the type ${SCALARS[field.mapKey]}, got ${shown(String(path.at(-1)))}`;
      return `expected ${expected}, got ${shown(value)}`;
    };
    const reason = this.#reasonAgainst(parent, { [field.name]: whole });
    if (reason !== undefined)
      this.#add(`${name} ${problem(reason)}`, path, near === undefined ? undefined : `did you mean ${near}?`);
  }

  #extension(type: DescMessage, key: string, value: PartialJson, path: Path): void {
    const reason = this.#reasonAgainst(type, { [key]: value });
    if (reason !== undefined) this.#add(reason.replace(/^cannot decode (.*?) from JSON: /s, '$1: '), path);
  }

  #special(type: DescMessage, value: PartialJson, path: Path, field: string): void {
    const reason = this.#reasonAgainst(type, value);
    if (reason === undefined) return;
    const why = reason.replace(/^cannot decode .* from JSON.*?(?:: |$)/s, '');
    this.#add(`${field} expected a ${type.typeName}, got ${shown(value)}${why === '' ? '' : `: ${why}`}`, path);
  }

  /** Why the library refuses a value; undefined when it takes it, or when a part of it is not known. */
  #reasonAgainst(type: DescMessage, value: PartialJson): string | undefined {
    if (isPartial(value)) return undefined;
    try {
      const json = isPartialMap(value) ? jsonForType(value as ExactJsonMap, type, this.registry) : value;
      this.library.fromJson(type, json as JsonValue, { registry: this.registry });
      return undefined;
    } catch (error) {
      return describeError(error);
    }
  }

  #add(message: string, path: Path, hint?: string): void {
    if (this.faults.length < MAX_FAULTS) this.faults.push(new MessageFault(message, hint, path));
  }
}

const namesOf = ({ values }: DescEnum): readonly string[] => values.map(({ name }) => name);

function expectation(message?: DescMessage, enumType?: DescEnum, scalar?: number): string {
  if (message !== undefined) return `an object, a message ${message.typeName}`;
  if (enumType !== undefined) return either(namesOf(enumType));
  return SCALARS[scalar ?? 0] ?? 'a value';
}

/**
 * Everything in a JSON value that does not fit a message type: unknown fields and wrong values, each with its way. What is not known
 * yet fits. Empty when the whole value fits.
 *
 * It says no more than the library that encodes the message: rules about several fields together, such as `oneof`, are not found here.
 */
export function messageFaults(
  library: ProtobufLibrary,
  registry: Registry,
  type: DescMessage,
  payload: PartialJson,
): readonly MessageFault[] {
  const comparison = new Comparison(library, registry);
  comparison.message(type, payload, [], `message ${type.typeName}:`);
  return comparison.faults;
}
