import { existsSync, statSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { right } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { type Codec, fail } from './issue.js';
import { Reference } from './reference.js';
import { allowReference, type JsonSchema, withSchema } from './schema.js';
import type { OptionalField } from './struct.js';

/** A codec whose relative paths begin at a folder. */
class CodecInFolder<A> extends t.Type<A, unknown, unknown> {
  constructor(
    codec: t.Type<A, unknown, unknown>,
    readonly folder: string,
  ) {
    super(codec.name, codec.is, codec.validate, codec.encode);
  }
}

/**
 * The same codec, where relative paths begin at a folder instead of the working directory of the process. Paths inside know it from the
 * context of decoding, so the codec must be the outermost.
 *
 * @param folder Undefined: the working directory of the process.
 * @example
 * pathsIn(existingFile, './there').decode('ammo.uri'); // right('/home/ann/there/ammo.uri')
 */
export function pathsIn<A>(
  codec: t.Type<A, unknown, unknown>,
  folder: string | undefined,
): t.Type<A, unknown, unknown> {
  return folder === undefined || resolve(folder) === resolve('.') ? codec : new CodecInFolder(codec, resolve(folder));
}

/** The folder of the outermost codec, see {@link pathsIn}. Undefined: the working directory of the process. */
export function folderOf([outermost]: t.Context): string | undefined {
  const type = outermost?.type;
  return type instanceof CodecInFolder ? type.folder : undefined;
}

/** The path where it is absolute, else the path in the folder. */
export function inFolder(path: string, folder: string | undefined): string {
  return folder === undefined || isAbsolute(path) ? path : join(folder, path);
}

function pathCodec(name: string, schema: JsonSchema, validate: t.Validate<string, string>): Codec<string, string> {
  const read: t.Validate<unknown, string> = (raw, context) => {
    const written = raw instanceof Reference ? raw.text : raw;
    return typeof written === 'string' ? validate(written, context) : fail(raw, context, 'wrong-type', name);
  };
  const is = (raw: unknown): raw is string => typeof raw === 'string';
  return withSchema(new t.Type<string, string, unknown>(name, is, read, t.identity), () => allowReference(schema));
}

/** The path of a file to write, which need not exist. A relative path begins at the working directory, see {@link pathsIn}. */
export const filePath: Codec<string, string> = pathCodec('a path', { type: 'string', minLength: 1 }, (path, context) =>
  path === '' ? fail(path, context, 'required', 'a path') : right(inFolder(path, folderOf(context))),
);

/** A key for the path of a file to write, whose default is a file in the same folder as other relative paths. */
export function optionalPath(fallback: string, doc: string): OptionalField<string, string> {
  const at = (context: t.Context): string => inFolder(fallback, folderOf(context));
  return { codec: filePath, doc, fallback: { value: fallback, at } };
}

const EXISTING = 'the path of an existing file';

/** The path of an existing file, checked when the config is read. A relative path begins at the working directory, see {@link pathsIn}. */
export const existingFile: Codec<string, string> = pathCodec(EXISTING, { type: 'string' }, (path, context) => {
  const found = inFolder(path, folderOf(context));
  if (path === '' || !existsSync(found)) {
    const hint = 'a relative path starts at the working directory, not at the config';
    return fail(path, context, 'missing-file', EXISTING, hint);
  }
  return statSync(found).isDirectory()
    ? fail(path, context, 'missing-file', EXISTING, 'this is a directory')
    : right(found);
});
