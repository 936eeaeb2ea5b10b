import { addAbortSignal, type Readable } from 'node:stream';
import type { DataSource } from '../core/data.js';
import { readable } from './readable.js';

/** The bytes that somebody pipes into the process, unpacked when they are packed with gzip. Can be read only once. */
export function stdinSource(stdin: Readable): DataSource {
  return {
    name: 'stdin',
    rereadable: false,
    open: (signal) => readable(() => (signal === undefined ? stdin : addAbortSignal(signal, stdin)), { name: 'stdin' }),
  };
}
