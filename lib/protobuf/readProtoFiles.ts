import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { FileDescriptorProto } from '@bufbuild/protobuf/wkt';
import { describeError } from '../core/errorContext.js';
import { compileProto, loadProtoParser, protoError } from './compileProto.js';
import type { ProtobufLibrary } from './library.js';
import type { ParsedFile } from './protoFile.js';

/** Reads the first of the places in which a file may be; undefined when it is in none. */
async function readFirst(
  paths: readonly string[],
): Promise<{ readonly path: string; readonly text: string } | undefined> {
  for (const path of paths) {
    try {
      return { path, text: await readFile(path, 'utf8') };
    } catch (error) {
      if ((error as { readonly code?: unknown }).code !== 'ENOENT') {
        throw protoError(`${path}: ${describeError(error)}`, 'check the permissions of the file', error);
      }
    }
  }
  return undefined;
}

/** The name by which other files import a file: its path below one of the folders, else its own name. */
function importName(path: string, folders: readonly string[]): string {
  const folder = folders.map((each) => join(each, '/')).find((each) => join(path).startsWith(each));
  return folder === undefined ? basename(path) : join(path).slice(folder.length);
}

/**
 * Reads `.proto` files and what they import. An import is searched in the import paths, then beside the files; the files of
 * `google/protobuf` are known. An import that is not found is an error only when a type of it is needed: many are there for options,
 * which are not read.
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
  const parse = await loadProtoParser();
  const parsed = new Map<string, ParsedFile>();
  const missing = new Set<string>();
  const folders = [...importPaths, ...paths.map((path) => dirname(path))];
  const add = async (name: string, { path, text }: { readonly path: string; readonly text: string }): Promise<void> => {
    const file = parse(name, text, path);
    parsed.set(name, file);
    for (const each of file.imports) {
      if (library.wellKnown.has(each) || parsed.has(each) || missing.has(each)) continue;
      const imported = await readFirst(folders.map((folder) => join(folder, each)));
      if (imported === undefined) missing.add(each);
      else await add(each, imported);
    }
  };
  for (const path of paths) {
    const name = importName(path, importPaths);
    if (parsed.has(name)) continue;
    const read = await readFirst([path]);
    if (read === undefined) {
      throw protoError(`${path}: there is no such file`, 'a relative path starts at the working directory');
    }
    await add(name, read);
  }
  return compileProto(library, [...parsed.values()], missing);
}
