import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize } from 'node:path';
import { describeError } from '../../core/errorContext.js';
import { ElpisError } from '../../core/errors.js';
import type { FileStore } from '../bus.js';
import type { Bundle, BundledFile } from '../groupMessages.js';

/** A path of a bundle that stays below its folder. */
function inside(folder: string, path: string): string {
  const normal = normalize(path);
  if (isAbsolute(path) || normal === '..' || /^\.\.[\\/]/.test(normal))
    throw new ElpisError('ELPIS_MESH', `the bundle has a file outside of its folder: ${JSON.stringify(path)}`);
  return join(folder, normal);
}

const differs = (path: string, what: string): ElpisError => new ElpisError('ELPIS_MESH', `${path} ${what}`);

async function written({ path, hash, bytes }: BundledFile, folder: string, files: FileStore): Promise<void> {
  const target = inside(folder, path);
  const content = await files.get(hash);
  if (content === undefined)
    throw new ElpisError('ELPIS_MESH', `NATS does not have the file ${path}`, { hint: 'start the run again' });
  await mkdir(dirname(target), { recursive: true });
  const file = await open(target, 'w', 0o600);
  try {
    const digest = createHash('sha256');
    let size = 0;
    for await (const chunk of content) {
      size += chunk.length;
      if (size > bytes) throw differs(path, `has more than the announced ${bytes} bytes`);
      digest.update(chunk);
      await file.write(chunk);
    }
    if (digest.digest('hex') !== hash) throw differs(path, 'has another content than its hash');
  } finally {
    await file.close();
  }
}

/** Compares a file that is not sent. */
async function compared({ path, hash }: BundledFile): Promise<void> {
  try {
    const digest = createHash('sha256');
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) digest.update(chunk);
    if (digest.digest('hex') !== hash) throw differs(path, 'has another content here than at the coordinator');
  } catch (error) {
    if (error instanceof ElpisError) throw error;
    throw new ElpisError('ELPIS_MESH', `${path}: ${describeError(error)}`, {
      cause: error,
      hint: 'a file of an absolute path is not sent: copy it to this machine, or write a relative path',
    });
  }
}

/**
 * Writes the files of a bundle into a folder, and compares those that are not sent. Each content is checked by its hash.
 *
 * @returns The working directory of the run.
 * @throws ElpisError `ELPIS_MESH` with the file.
 */
export async function unpackBundle(bundle: Bundle, folder: string, files: FileStore): Promise<string> {
  const cwd = inside(folder, bundle.cwd);
  await mkdir(cwd, { recursive: true });
  for (const file of bundle.files) await written(file, folder, files);
  for (const file of bundle.present) await compared(file);
  return cwd;
}
