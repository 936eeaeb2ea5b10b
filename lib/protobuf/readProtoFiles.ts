import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { DescMessage, JsonValue } from '@bufbuild/protobuf';
import type { FileDescriptorProto } from '@bufbuild/protobuf/wkt';
import { describeError } from '../core/blame.js';
import { ElpisError } from '../core/errors.js';
import { nameInScope } from './completeFile.js';
import type { ProtobufLibrary } from './library.js';
import { type FindType, fileJson, type ParsedFile, type ParsedItem, type TypeKind } from './protoFile.js';

function refusal(message: string, hint: string, cause?: unknown): ElpisError {
  return new ElpisError('ELPIS_SOURCE', message, { hint, ...(cause === undefined ? {} : { cause }) });
}

/** The parser of `.proto` files. Only files need it, so it is loaded with the first. */
async function loadParser(): Promise<(source: string, name: string) => Omit<ParsedFile, 'name'>> {
  const { default: library } = await import('protobufjs');
  return (source) => {
    const { package: scope = '', imports = [], root } = library.parse(source, { keepCase: true });
    let items = (root.toJSON() as ParsedItem).nested ?? {};
    for (const part of scope === '' ? [] : scope.split('.')) items = items[part]?.nested ?? {};
    return { package: scope, imports, items };
  };
}

/** Reads the first of the places in which a file may be; undefined when it is in none. */
async function readFirst(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    try {
      return await readFile(path, 'utf8');
    } catch (error) {
      if ((error as { readonly code?: unknown }).code !== 'ENOENT') {
        throw refusal(`${path}: ${describeError(error)}`, 'check the permissions of the file', error);
      }
    }
  }
  return undefined;
}

/** Names all types of a file by their full names. */
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
function finder(types: ReadonlyMap<string, TypeKind>, file: string, missing: readonly string[]): FindType {
  return (written, scope) => {
    const [name, around] = written.startsWith('.') ? [written.slice(1), ''] : [written, scope];
    const full = nameInScope(name, around, (each) => types.has(each));
    if (full !== undefined) return { name: full, kind: types.get(full) as TypeKind };
    const hint =
      missing.length === 0 ? 'check its name' : `it may be in an import that was not found: ${missing.join(', ')}`;
    throw refusal(`${file}: the type ${written} is unknown`, hint);
  };
}

/**
 * Reads `.proto` files and what they import. An import is searched in the import paths, then beside the file that imports it;
 * the files of `google/protobuf` are known. An import that is not found is an error only when a type of it is needed: many are there
 * for options, which are not read.
 *
 * @param paths The files.
 * @param importPaths The folders in which imports are searched. Default: the folders of the files.
 * @throws ElpisError `ELPIS_SOURCE` for a file that cannot be read, is no `.proto` file, or needs an unknown type.
 */
export async function readProtoFiles(
  library: ProtobufLibrary,
  paths: readonly string[],
  importPaths: readonly string[] = [],
): Promise<readonly FileDescriptorProto[]> {
  const parse = await loadParser();
  const parsed = new Map<string, ParsedFile>();
  const missing = new Set<string>();
  const folders = [...importPaths, ...paths.map((path) => dirname(path))];
  const add = async (name: string, places: readonly string[], top: boolean): Promise<void> => {
    if (parsed.has(name) || missing.has(name)) return;
    const source = await readFirst(places);
    if (source === undefined && top) {
      throw refusal(`${places[0]}: there is no such file`, 'a relative path starts at the working directory');
    }
    if (source === undefined) {
      missing.add(name);
      return;
    }
    let file: ParsedFile;
    try {
      file = { name, ...parse(source, name) };
    } catch (error) {
      throw refusal(`${name}: ${describeError(error)}`, 'expected a .proto file (proto2, proto3 or an edition)', error);
    }
    parsed.set(name, file);
    for (const each of file.imports) {
      if (!library.wellKnown.has(each))
        await add(
          each,
          folders.map((folder) => join(folder, each)),
          false,
        );
    }
  };
  for (const path of paths) {
    const folder = importPaths.find((each) => join(path).startsWith(join(each, '/')));
    await add(folder === undefined ? basename(path) : join(path).slice(join(folder, '/').length), [path], true);
  }
  const types = new Map<string, TypeKind>();
  for (const { items, package: scope } of parsed.values()) addTypes(types, items, scope);
  for (const { messages, enums } of library.wellKnown.values()) {
    addMessages(types, messages);
    for (const { typeName } of enums) types.set(typeName, 'enum');
  }
  return [...parsed.values()].map((file) => {
    const json = fileJson(
      { ...file, imports: file.imports.filter((each) => !missing.has(each)) },
      finder(types, file.name, [...missing]),
    );
    return library.fromJson(library.FileDescriptorProtoSchema, json as JsonValue, { ignoreUnknownFields: true });
  });
}
