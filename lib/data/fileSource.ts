import { createReadStream, statSync } from 'node:fs';
import type { DataSource } from '../core/data.js';
import { readable } from './readable.js';

const CHUNK = 64 * 1024;

function hint(cause: unknown): string | undefined {
  const { code } = Object(cause) as { code?: unknown };
  if (code === 'ENOENT') return 'a relative path starts at the working directory, not at the config';
  return code === 'EACCES' ? 'check the permissions of the file' : undefined;
}

/**
 * A file, unpacked when it is packed with gzip. A pipe or a device can be read only once.
 *
 * @example
 * let total = 0;
 * for await (const bytes of fileSource('./ammo.uri.gz').open()) total += bytes.length;
 */
export function fileSource(path: string): DataSource {
  return {
    name: path,
    get rereadable() {
      return statSync(path, { throwIfNoEntry: false })?.isFile() ?? true;
    },
    open: (signal) =>
      readable(() => createReadStream(path, { highWaterMark: CHUNK, ...(signal === undefined ? {} : { signal }) }), {
        name: path,
        hint,
      }),
  };
}
