import { jsonNameOf } from './completeFile.js';

/** A message, enum, service, extension or namespace of a `.proto` file, as the JSON form of protobufjs has it. */
export interface ParsedItem {
  readonly options?: Readonly<Record<string, unknown>>;
  readonly edition?: string;
  readonly nested?: Readonly<Record<string, ParsedItem>>;
  /** Of a message. */
  readonly fields?: Readonly<Record<string, ParsedField>>;
  readonly oneofs?: Readonly<Record<string, { readonly oneof: readonly string[] }>>;
  readonly group?: boolean;
  /** Of an enum. */
  readonly values?: Readonly<Record<string, number>>;
  /** Of a service. */
  readonly methods?: Readonly<Record<string, ParsedMethod>>;
}

/** A field, or an extension with the name of what it extends. */
export interface ParsedField extends ParsedItem {
  readonly type: string;
  readonly id: number;
  readonly rule?: string;
  readonly keyType?: string;
  readonly extend?: string;
}

interface ParsedMethod {
  readonly requestType: string;
  readonly responseType: string;
  readonly requestStream?: boolean;
  readonly responseStream?: boolean;
}

/** What a name of a type stands for. */
export type TypeKind = 'message' | 'enum' | 'group';

/** Finds a type by its name as written in a scope, such as `package.Message`. @throws Error for one that is unknown. */
export type FindType = (name: string, scope: string) => { readonly name: string; readonly kind: TypeKind };

/** The JSON form of a message of descriptor.proto. */
export type DescriptorJson = Readonly<Record<string, unknown>>;

const SCALARS = new Set(
  'double float int32 int64 uint32 uint64 sint32 sint64 fixed32 fixed64 sfixed32 sfixed64 bool string bytes'.split(' '),
);
const LABELS: Readonly<Record<string, string>> = { repeated: 'LABEL_REPEATED', required: 'LABEL_REQUIRED' };

const within = (scope: string, name: string): string => (scope === '' ? name : `${scope}.${name}`);
const featuresOf = ({ options }: ParsedItem): DescriptorJson =>
  options?.features === undefined ? {} : { features: options.features };

/** The name of the message that stands for an entry of a map field, as protoc makes it. */
function entryName(field: string): string {
  const camel = jsonNameOf(field);
  return `${camel.charAt(0).toUpperCase()}${camel.slice(1)}Entry`;
}

function typeJson(type: string, scope: string, find: FindType): DescriptorJson {
  if (SCALARS.has(type)) return { type: `TYPE_${type.toUpperCase()}` };
  const { name, kind } = find(type, scope);
  return { type: `TYPE_${kind.toUpperCase()}`, typeName: `.${name}` };
}

function fieldJson(name: string, field: ParsedField, scope: string, find: FindType): DescriptorJson {
  const { id, rule = '', keyType, type, extend, options = {} } = field;
  const { json_name: jsonName, packed, proto3_optional: proto3Optional } = options;
  return {
    ...{ name, number: id, jsonName: jsonName ?? jsonNameOf(name) },
    label: keyType === undefined ? (LABELS[rule] ?? 'LABEL_OPTIONAL') : 'LABEL_REPEATED',
    ...(keyType === undefined
      ? typeJson(type, scope, find)
      : { type: 'TYPE_MESSAGE', typeName: `.${within(scope, entryName(name))}` }),
    options: { ...featuresOf(field), ...(packed === undefined ? {} : { packed }) },
    ...(proto3Optional === true ? { proto3Optional } : {}),
    ...(extend === undefined ? {} : { extendee: `.${find(extend, scope).name}` }),
  };
}

function entryJson(name: string, field: ParsedField, scope: string, find: FindType): DescriptorJson {
  const part = (part: string, id: number, type: string): DescriptorJson =>
    fieldJson(part, { type, id }, within(scope, entryName(name)), find);
  return {
    name: entryName(name),
    field: [part('key', 1, field.keyType as string), part('value', 2, field.type)],
    options: { mapEntry: true },
  };
}

function messageJson(name: string, message: ParsedItem, outside: string, find: FindType): DescriptorJson {
  const scope = within(outside, name);
  const fields = Object.entries(message.fields ?? {});
  const isSynthetic = ([, { oneof }]: [string, { readonly oneof: readonly string[] }]): boolean =>
    message.fields?.[oneof[0] ?? '']?.options?.proto3_optional === true;
  const oneofs = Object.entries(message.oneofs ?? {}).sort((a, b) => Number(isSynthetic(a)) - Number(isSynthetic(b)));
  const inner = itemsJson(message.nested ?? {}, scope, find);
  return {
    name,
    field: fields.map(([field, parsed]) => {
      const oneofIndex = oneofs.findIndex(([, { oneof }]) => oneof.includes(field));
      return { ...fieldJson(field, parsed, scope, find), ...(oneofIndex < 0 ? {} : { oneofIndex }) };
    }),
    nestedType: [
      ...inner.messageType,
      ...fields.flatMap(([field, parsed]) =>
        parsed.keyType === undefined ? [] : [entryJson(field, parsed, scope, find)],
      ),
    ],
    enumType: inner.enumType,
    extension: inner.extension,
    oneofDecl: oneofs.map(([oneof]) => ({ name: oneof })),
    options: featuresOf(message),
  };
}

function enumJson(name: string, item: ParsedItem): DescriptorJson {
  const value = Object.entries(item.values ?? {}).map(([each, number]) => ({ name: each, number }));
  const allowAlias = item.options?.allow_alias === true ? { allowAlias: true } : {};
  return { name, value, options: { ...featuresOf(item), ...allowAlias } };
}

function serviceJson(name: string, { methods = {} }: ParsedItem, scope: string, find: FindType): DescriptorJson {
  const method = Object.entries(methods).map(
    ([each, { requestType, responseType, requestStream, responseStream }]) => ({
      name: each,
      inputType: `.${find(requestType, within(scope, name)).name}`,
      outputType: `.${find(responseType, within(scope, name)).name}`,
      clientStreaming: requestStream === true,
      serverStreaming: responseStream === true,
    }),
  );
  return { name, method };
}

type ItemsJson = Readonly<Record<'messageType' | 'enumType' | 'service' | 'extension', readonly DescriptorJson[]>>;

/** What a namespace or a message holds. */
function itemsJson(items: Readonly<Record<string, ParsedItem>>, scope: string, find: FindType): ItemsJson {
  const all = Object.entries(items);
  return {
    messageType: all.flatMap(([name, item]) =>
      item.fields === undefined ? [] : [messageJson(name, item, scope, find)],
    ),
    enumType: all.flatMap(([name, item]) => (item.values === undefined ? [] : [enumJson(name, item)])),
    service: all.flatMap(([name, item]) => (item.methods === undefined ? [] : [serviceJson(name, item, scope, find)])),
    extension: all.flatMap(([name, item]) =>
      'extend' in item ? [fieldJson(name, item as ParsedField, scope, find)] : [],
    ),
  };
}

/** A parsed `.proto` file. */
export interface ParsedFile {
  /** By which other files import it. */
  readonly name: string;
  /** How messages call it. */
  readonly path: string;
  readonly text: string;
  readonly package: string;
  readonly imports: readonly string[];
  /** What stands in its package. */
  readonly items: Readonly<Record<string, ParsedItem>>;
}

/** The JSON form of the `FileDescriptorProto` of a file. */
export function fileJson({ name, package: scope, imports, items }: ParsedFile, find: FindType): DescriptorJson {
  const editions = new Set(Object.values(items).map(({ edition = 'proto3' }) => edition));
  const [edition = 'proto3'] = editions;
  const syntax = /^proto\d$/.test(edition)
    ? { syntax: edition }
    : { syntax: 'editions', edition: `EDITION_${edition}` };
  return { name, package: scope, dependency: imports, ...syntax, ...itemsJson(items, scope, find) };
}
