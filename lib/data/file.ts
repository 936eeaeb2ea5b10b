import { createReadStream, createWriteStream, statSync } from 'node:fs';
import { checked } from '../codec/bounds.js';
import { existingFile, text } from '../codec/scalars.js';
import { required, struct } from '../codec/struct.js';
import type { DataSink, DataSource } from '../core/data.js';
import { defineComponent } from '../plugin/descriptor.js';
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

/** A file, created with mode 0644 or truncated when it is opened. Directories are not created. */
export function fileSink(path: string): DataSink {
  return { name: path, open: () => createWriteStream(path, { mode: 0o644 }) };
}

/** The `file` source. */
export const fileSourceComponent = defineComponent({
  kind: 'source',
  name: 'file',
  summary: 'Reads a file, unpacked when it is packed with gzip.',
  codec: () => struct('file source', { path: required(existingFile, 'path of the file') }),
  create: ({ path }) => fileSource(path),
});

const path = checked(text, (value) => value !== '', 'a path', 'required', { schema: { minLength: 1 } });

/** The `file` sink. */
export const fileSinkComponent = defineComponent({
  kind: 'sink',
  name: 'file',
  summary: 'Writes a file, created or truncated when the run starts.',
  codec: () => struct('file sink', { path: required(path, 'path of the file') }),
  create: (config) => fileSink(config.path),
});
