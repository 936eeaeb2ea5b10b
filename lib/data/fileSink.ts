import { createWriteStream } from 'node:fs';
import type { DataSink } from '../core/data.js';

/** A file, created with mode 0644 or truncated when it is opened. Directories are not created. */
export function fileSink(path: string): DataSink {
  return { name: path, open: () => createWriteStream(path, { mode: 0o644 }) };
}
