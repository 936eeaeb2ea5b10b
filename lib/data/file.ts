import {
  close,
  closeSync,
  createReadStream,
  createWriteStream,
  constants as FILE,
  open,
  openSync,
  readSync,
  statSync,
  writeSync,
} from 'node:fs';
import { Socket } from 'node:net';
import { constants, gunzipSync } from 'node:zlib';
import { existingFile, filePath } from '../codec/paths.js';
import { required, struct } from '../codec/struct.js';
import type { DataSink, DataSource } from '../core/data.js';
import { defined } from '../core/defined.js';
import type { Bytes } from '../core/units.js';
import { component } from '../plugin/component.js';
import type { Peek } from '../plugin/traits.js';
import { readable } from './readable.js';

const CHUNK = 64 * 1024;

function hint(cause: unknown): string | undefined {
  const { code } = Object(cause) as { code?: unknown };
  if (code === 'ENOENT') return 'a relative path starts at the working directory, not at the config';
  if (code === 'EISDIR') return 'it is a directory; name a file in it';
  return code === 'EACCES' ? 'check the permissions of the file' : undefined;
}

/**
 * The bytes of a file. A named pipe is opened without waiting for a writer: a thread that waits in `open` could not
 * be cancelled and would keep the process running.
 */
function bytesOf(path: string, signal: AbortSignal | undefined): AsyncIterable<Uint8Array> {
  if (statSync(path, { throwIfNoEntry: false })?.isFIFO() === true) {
    const fd = openSync(path, FILE.O_RDONLY | FILE.O_NONBLOCK);
    return new Socket({ fd, readable: true, writable: false, ...defined({ signal }) });
  }
  return createReadStream(path, { highWaterMark: CHUNK, ...defined({ signal }) });
}

/**
 * A file; gzip is decompressed. A pipe or a device can be read only once. Each pass opens the path again, so it reads
 * the current file and its current content.
 *
 * @example
 * let total = 0;
 * for await (const bytes of fileSource({ path: './ammo.uri.gz' }).open()) total += bytes.length;
 */
export function sourceOfFile(path: string): DataSource {
  return {
    name: path,
    get rereadable() {
      return statSync(path, { throwIfNoEntry: false })?.isFile() ?? true;
    },
    open: (signal) =>
      readable(() => bytesOf(path, signal), {
        name: path,
        hint,
      }),
  };
}

/** The functions of a stream that writes in the calling turn. */
const BLOCKING = {
  open,
  close,
  write: (
    file: number,
    bytes: Uint8Array,
    offset: number,
    length: number,
    position: number | undefined,
    done: (error: unknown, written: Bytes, bytes: Uint8Array) => void,
  ): void => {
    let written = 0;
    let failure: unknown = null;
    try {
      written = writeSync(file, bytes, offset, length, position);
    } catch (error) {
      failure = error;
    }
    done(failure, written, bytes);
  },
};

/**
 * A file, created with mode 0644 or truncated when it is opened. Directories are not created. A pipe or a device is never written in the
 * calling turn, because its reader may be slow.
 */
export function sinkOfFile(path: string): DataSink {
  return {
    name: path,
    open: ({ blocking = false } = {}) => {
      const regular = blocking && (statSync(path, { throwIfNoEntry: false })?.isFile() ?? true);
      return createWriteStream(path, { mode: 0o644, ...(regular ? { fs: BLOCKING } : {}) });
    },
  };
}

const MAX_UNPACKED_BYTES: Bytes = 256 * 1024 * 1024;

function readStart(path: string, limit: Bytes): Peek | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  // Reading ahead from a pipe would consume its bytes.
  if (stat?.isFile() !== true) return undefined;
  const bytes = Buffer.alloc(Math.min(limit, stat.size));
  const file = openSync(path, 'r');
  try {
    const size = readSync(file, bytes, 0, bytes.length, 0);
    return { bytes: bytes.subarray(0, size), whole: size >= stat.size };
  } finally {
    closeSync(file);
  }
}

function unpacked(peek: Peek): Peek | undefined {
  if (peek.bytes[0] !== 0x1f || peek.bytes[1] !== 0x8b) return peek;
  try {
    const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: MAX_UNPACKED_BYTES };
    return { bytes: gunzipSync(peek.bytes, options), whole: peek.whole };
  } catch {
    // Too large or broken: the read reports it.
    return undefined;
  }
}

/** The `file` source, gzipped or not. @example fileSource({ path: './in.gz' }) */
export const fileSource = component({
  kind: 'source',
  name: 'file',
  summary: 'Reads a file; gzip is decompressed.',
  example: { path: './ammo.uri' },
  options: struct('file source', {
    /** Path of the file. */
    path: required(existingFile, 'path of the file'),
  }),
  create: ({ path }) => sourceOfFile(path),
  describe: ({ path }) => path,
  traits: ({ path }) => ({
    files: [{ path, access: 'read' }],
    peek: (limit) => {
      const start = readStart(path, limit);
      return start === undefined ? undefined : unpacked(start);
    },
  }),
});

/** The `file` sink. @example fileSink({ path: './out' }) */
export const fileSink = component({
  kind: 'sink',
  name: 'file',
  summary: 'Writes a file, created or truncated when the run starts.',
  example: { path: './samples.csv' },
  options: struct('file sink', {
    /** Path of the file. */
    path: required(filePath, 'path of the file'),
  }),
  create: (options) => sinkOfFile(options.path),
  describe: (options) => options.path,
  traits: (options) => ({ files: [{ path: options.path, access: 'write' }] }),
});
