import type { DescMessage, JsonValue } from '@bufbuild/protobuf';
import type { FileDescriptorProto } from '@bufbuild/protobuf/wkt';
import { describeError } from '../core/errorContext.js';
import { ElpisError } from '../core/errors.js';
import { nameInScope } from './completeFile.js';
import type { ProtobufLibrary } from './library.js';
import { type FindType, fileJson, type ParsedFile, type ParsedItem, type TypeKind } from './protoFile.js';
import { stopPlace, typePlace } from './protoPlace.js';

/** An error about a `.proto` file. */
export function protoError(message: string, hint: string, cause?: unknown): ElpisError {
  return new ElpisError('ELPIS_SOURCE', message, { hint, ...(cause === undefined ? {} : { cause }) });
}

/**
 * Parses the text of a `.proto` file.
 *
 * @param name By which other files import it.
 * @param path How messages call it. Default: the name.
 */
export type ProtoParser = (name: string, text: string, path?: string) => ParsedFile;

/** The parser of `.proto` files. Few runs need it, so it is loaded with the first. */
export async function loadProtoParser(): Promise<ProtoParser> {
  const { default: library } = await import('protobufjs');
  const parse = (text: string) => library.parse(text, { keepCase: true });
  /** Why a text cannot be parsed, and the line of it. */
  const stopIn = (text: string): readonly [reason: string, line?: string] => {
    try {
      parse(text);
      return [''];
    } catch (error) {
      const [, reason = '', line] = /^(.*?)(?: \((?:.*, )?line (\d+)\))?$/s.exec(describeError(error)) ?? [];
      return line === undefined ? [reason] : [reason, line];
    }
  };
  return (name, text, path = name) => {
    try {
      const { package: scope = '', imports = [], root } = parse(text);
      let items = (root.toJSON() as ParsedItem).nested ?? {};
      for (const part of scope === '' ? [] : scope.split('.')) items = items[part]?.nested ?? {};
      return { name, path, text, package: scope, imports, items };
    } catch (error) {
      const hint = 'expected a .proto file (proto2, proto3 or an edition)';
      const [reason, line] = stopIn(text);
      const token = /^illegal [\w ]*'(.*?)'/s.exec(reason)?.[1];
      const stops = (part: string): boolean => stopIn(part)[0] === reason;
      const place = line === undefined ? '' : `:${stopPlace(text, Number(line), token, stops)}`;
      throw protoError(`${path}${place}: ${reason}`, hint, error);
    }
  };
}

/** Adds the types of a file by their full names. */
function addTypes(types: Map<string, TypeKind>, items: Readonly<Record<string, ParsedItem>>, scope: string): void {
  for (const [name, item] of Object.entries(items)) {
    const full = scope === '' ? name : `${scope}.${name}`;
    if (item.fields !== undefined) types.set(full, item.group === true ? 'group' : 'message');
    if (item.values !== undefined) types.set(full, 'enum');
    if (item.fields !== undefined && item.nested !== undefined) addTypes(types, item.nested, full);
  }
}

function addMessages(types: Map<string, TypeKind>, messages: readonly DescMessage[]): void {
  for (const { typeName, nestedMessages } of messages) {
    types.set(typeName, 'message');
    addMessages(types, nestedMessages);
  }
}

/** Finds types of all files for one of them. */
function finder(
  types: ReadonlyMap<string, TypeKind>,
  { path, text }: ParsedFile,
  missing: ReadonlySet<string>,
): FindType {
  return (written, scope) => {
    const [name, around] = written.startsWith('.') ? [written.slice(1), ''] : [written, scope];
    const full = nameInScope(name, around, (each) => types.has(each));
    if (full !== undefined) return { name: full, kind: types.get(full) as TypeKind };
    const hint =
      missing.size === 0 ? 'check its name' : `it may be in an import that was not found: ${[...missing].join(', ')}`;
    const place = typePlace(text, written);
    throw protoError(`${path}${place === '' ? '' : `:${place}`}: the type ${written} is unknown`, hint);
  };
}

/**
 * The descriptors of parsed files, whose types may name each other.
 *
 * @param missing The imports that were not found. They are left out.
 * @throws ElpisError `ELPIS_SOURCE` for a type that is unknown.
 */
export function compileProto(
  library: ProtobufLibrary,
  files: readonly ParsedFile[],
  missing: ReadonlySet<string> = new Set(),
): readonly FileDescriptorProto[] {
  const types = new Map<string, TypeKind>();
  for (const { items, package: scope } of files) addTypes(types, items, scope);
  for (const { messages, enums } of library.wellKnown.values()) {
    addMessages(types, messages);
    for (const { typeName } of enums) types.set(typeName, 'enum');
  }
  return files.map((file) => {
    const imports = file.imports.filter((each) => !missing.has(each));
    const json = fileJson({ ...file, imports }, finder(types, file, missing));
    return library.fromJson(library.FileDescriptorProtoSchema, json as JsonValue, { ignoreUnknownFields: true });
  });
}
