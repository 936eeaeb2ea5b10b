import { readFile } from 'node:fs/promises';
import type { FileDescriptorProto } from '@bufbuild/protobuf/wkt';
import { describeError } from '../core/errorContext.js';
import { ElpisError } from '../core/errors.js';
import type { ProtobufLibrary } from './library.js';

/**
 * Reads a file with a `FileDescriptorSet`, as `protoc --include_imports --descriptor_set_out=FILE` and `buf build` write it.
 *
 * @throws ElpisError `ELPIS_SOURCE` for a file that cannot be read or is something else.
 */
export async function readDescriptorSet(
  library: ProtobufLibrary,
  path: string,
): Promise<readonly FileDescriptorProto[]> {
  try {
    const { file } = library.fromBinary(library.FileDescriptorSetSchema, await readFile(path));
    if (file.length === 0) throw new Error('there is no file in it');
    return file;
  } catch (cause) {
    const hint = 'expected a descriptor set: protoc --include_imports --descriptor_set_out=FILE';
    throw new ElpisError('ELPIS_SOURCE', `${path}: ${describeError(cause)}`, { cause, hint });
  }
}
