import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { extname, isAbsolute, relative, resolve, sep } from 'node:path';
import type { Config } from '../../config/config.js';
import { describeError } from '../../core/errorContext.js';
import { ElpisError } from '../../core/errors.js';
import type { Bytes } from '../../core/units.js';
import type { ConfigOrigin } from '../../shares/protocol.js';
import type { FileStore } from '../bus.js';
import type { Bundle, BundledFile } from '../groupMessages.js';
import { moduleFiles } from './moduleFiles.js';

/** A file of this machine that a bundle contains. */
interface LocalFile {
  /** Absolute. */
  readonly path: string;
  /** True for a module. */
  readonly code: boolean;
}

/** A bundle, and where its files are. */
export interface MadeBundle {
  readonly bundle: Bundle;
  /** The path of each content, by its hash. */
  readonly sources: ReadonlyMap<string, string>;
  readonly bytes: Bytes;
}

const CODE = new Set(['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs']);

async function hashed(path: string): Promise<{ readonly hash: string; readonly bytes: Bytes }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { hash: hash.digest('hex'), bytes };
}

/** The config file of a run on this machine; undefined for standard input, an address or a value. */
function configFile({ document: { source, name } }: Config, cwd: string): string | undefined {
  if (!('location' in source)) return undefined;
  const { location = name } = source;
  return location === '-' || /^https?:\/\//i.test(location) ? undefined : resolve(cwd, location);
}

/** The modules that a config names by paths. */
function namedModules({ plugins, used, document: { baseDir } }: Config): readonly string[] {
  return [...plugins, ...used.keys()].filter((name) => /^\.\.?\//.test(name)).map((name) => resolve(baseDir, name));
}

/** How many folders above `cwd` a path begins. */
const stepsUp = (path: string, cwd: string): number =>
  relative(cwd, path)
    .split(sep)
    .filter((part) => part === '..').length;

/** True for a path in a folder. */
function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '' && !isAbsolute(way) && stepsUp(path, folder) === 0;
}

const portable = (path: string): string => path.split(sep).join('/');

/** The files that a config names, by relative paths (they are sent) and by absolute ones (every worker has them itself). */
async function filesOf(config: Config, cwd: string, more: readonly string[]) {
  const file = configFile(config, cwd);
  const isCode = file !== undefined && CODE.has(extname(file));
  const code = moduleFiles([...namedModules(config), ...(isCode ? [file] : [])]);
  const references = [...(config.document.references.used?.files ?? [])];
  const named = [
    ...config.files.filter(({ access }) => access === 'read').map(({ path }) => path),
    ...references,
    ...more,
  ];
  const sent = new Map<string, LocalFile>();
  const present = new Map<string, LocalFile>();
  if (file !== undefined) sent.set(file, { path: file, code: isCode });
  for (const path of code) sent.set(path, { path, code: true });
  const moved = config.document.cwd !== undefined;
  for (const path of named) {
    const absolute = resolve(cwd, path);
    // With a working directory of its own the config has no relative path any more: those below it may have been relative.
    const among = isAbsolute(path) && !(moved && isBelow(absolute, cwd)) ? present : sent;
    // A device, a pipe or a folder cannot be sent; the config refuses it or reads it on each machine.
    const found = await stat(absolute).catch(() => undefined);
    if (found?.isFile() === true && !among.has(absolute)) among.set(absolute, { path: absolute, code: false });
  }
  return { sent: [...sent.values()], present: [...present.values()], file };
}

/** The same origin for a worker: the config by its path from the working directory. */
function movedOrigin(origin: ConfigOrigin, file: string | undefined, cwd: string): ConfigOrigin {
  const { cwd: _here, ...moved } = origin;
  if (!('location' in moved)) return moved;
  return file === undefined ? moved : { ...moved, location: portable(relative(cwd, file)) };
}

/**
 * What a worker needs to run a config: only what the config names, by the hash of its content.
 *
 * - Files of relative paths are sent, with the folders between them, so that the same relative paths lead to them.
 * - A file of an absolute path is not sent: each worker must have the same content at the same path.
 * - Modules are sent with all that they import by relative paths; packages are not.
 *
 * @param more Further files, by relative paths, such as data that a module reads.
 */
export async function makeBundle(
  config: Config,
  origin: ConfigOrigin,
  { cwd: working, more = [] }: { readonly cwd: string; readonly more?: readonly string[] },
): Promise<MadeBundle> {
  const cwd = await realpath(working).catch(() => working);
  const { sent, present, file } = await filesOf(config, cwd, more);
  const up = Math.max(0, ...sent.map(({ path }) => stepsUp(path, cwd)));
  const root = resolve(cwd, ...Array.from({ length: up }, () => '..'));
  const sources = new Map<string, string>();
  const described = async ({ path, code }: LocalFile, named: string): Promise<BundledFile> => {
    try {
      const { hash, bytes } = await hashed(path);
      sources.set(hash, path);
      return { path: named, hash, bytes, code };
    } catch (cause) {
      throw new ElpisError('ELPIS_MESH', `${named} cannot be sent to the workers: ${describeError(cause)}`, { cause });
    }
  };
  const files: BundledFile[] = [];
  for (const each of sent) files.push(await described(each, portable(relative(root, each.path))));
  const there: BundledFile[] = [];
  for (const each of present) there.push(await described(each, each.path));
  const bundle: Bundle = {
    origin: movedOrigin(origin, file, cwd),
    files,
    present: there,
    cwd: portable(relative(root, cwd)),
    env: [...(config.document.references.used?.env ?? [])],
    modules: config.plugins.length + config.used.size > 0 || files.some(({ code }) => code),
  };
  return { bundle, sources, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** Stores the files of a bundle that the group does not have yet. Returns how many bytes were sent. */
export async function sendBundle({ bundle, sources }: MadeBundle, files: FileStore): Promise<Bytes> {
  let sent = 0;
  for (const { hash, bytes } of bundle.files) {
    if (await files.has(hash)) continue;
    await files.put(hash, createReadStream(sources.get(hash) as string));
    sent += bytes;
  }
  return sent;
}
