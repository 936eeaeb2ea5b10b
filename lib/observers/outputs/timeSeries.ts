import { closeSync, fstatSync, openSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { defer } from 'rxjs';
import { filePath } from '../../codec/paths.js';
import { oneOf } from '../../codec/scalars.js';
import { optional, required, struct } from '../../codec/struct.js';
import type { Deps } from '../../core/deps.js';
import { describeError } from '../../core/errorContext.js';
import { ElpisError } from '../../core/errors.js';
import type { Bytes } from '../../core/units.js';
import type { RunObserver } from '../../engine/runEvent.js';
import { component } from '../../plugin/component.js';
import { deliver } from './deliver.js';
import { windowRows } from './influx.js';

const MAX_WAITING = 600;
const MAX_BATCH = 60;

const keys = {
  /** Path of the file, which is replaced. */
  file: required(filePath, 'path of the file, which is replaced'),
  /** The format; by default csv for a name that ends in .csv, otherwise jsonl. */
  format: optional(
    oneOf(['csv', 'jsonl']),
    null,
    'the format; by default csv for a name that ends in .csv, otherwise jsonl',
  ),
};

/** Writes all bytes at the end of the rows that are written; for a pipe or a device, after what was written to it. */
type WriteAt = (file: FileHandle, bytes: Uint8Array, at: Bytes | null) => Promise<void>;

const writeAll: WriteAt = async (file, bytes, at) => {
  for (let from = 0; from < bytes.length; ) {
    const position = at === null ? null : at + from;
    from += (await file.write(bytes, from, bytes.length - from, position)).bytesWritten;
  }
};

/**
 * The file of the rows. What a failed write leaves in it is cut off, so no row is a part of one or stands there twice. A write that the disk is
 * still busy with is waited for, so writes do not overlap.
 */
class RowFile {
  readonly #regular: boolean;
  #end: Bytes = 0;
  #writing: Promise<void> = Promise.resolve();

  /** Makes the file empty. @throws ElpisError `ELPIS_SINK` when it cannot be written. */
  constructor(
    private readonly path: string,
    private readonly write: WriteAt,
  ) {
    try {
      const file = openSync(path, 'w');
      this.#regular = fstatSync(file).isFile();
      closeSync(file);
    } catch (cause) {
      const hint = 'choose a file in a folder that exists';
      throw new ElpisError('ELPIS_SINK', `cannot write ${path}: ${describeError(cause)}`, { cause, hint });
    }
  }

  get isEmpty(): boolean {
    return this.#end === 0;
  }

  async append(text: string, signal: AbortSignal): Promise<void> {
    await this.#writing;
    signal.throwIfAborted();
    const bytes = Buffer.from(text);
    const writing = this.#put(bytes);
    this.#writing = writing.catch(() => undefined);
    await writing;
    // After an abort, the same rows are written again, at the same place.
    if (!signal.aborted) this.#end += bytes.length;
  }

  async #put(bytes: Uint8Array): Promise<void> {
    const file = await open(this.path, this.#regular ? 'r+' : 'a');
    try {
      await this.write(file, bytes, this.#regular ? this.#end : null);
    } catch (error) {
      if (this.#regular) await file.truncate(this.#end);
      throw error;
    } finally {
      await file.close();
    }
  }
}

/** Options of {@link writeSeriesTo}. */
export interface SeriesOptions {
  readonly file: string;
  readonly format: 'csv' | 'jsonl';
  /** Default: the file system. */
  readonly write?: WriteAt;
}

/** Writes the rows of every window to a file. Errors with `ELPIS_SINK` when it cannot be emptied at the start. */
export function writeSeriesTo(
  { file, format, write = writeAll }: SeriesOptions,
  { log, scheduler }: Pick<Deps, 'log' | 'scheduler'>,
): RunObserver {
  return (events, handle) =>
    defer(() => {
      const rowFile = new RowFile(file, write);
      return windowRows(events).pipe(
        deliver({
          ...{ limit: MAX_WAITING, batch: MAX_BATCH, unit: 'windows', name: `time-series to ${file}` },
          ...{ log, handle, scheduler },
          send: async (windows, signal) => {
            const { EXPORT_FORMATS } = await import('../../record/exportFormats.js');
            const { head, rows } = EXPORT_FORMATS[format];
            const start = scheduler.now();
            await rowFile.append((rowFile.isEmpty ? head(start) : '') + rows(windows.flat(), start), signal);
          },
        }),
      );
    });
}

/**
 * Writes every window to a file while the run lasts: a row for each pool and tag, as CSV or as JSON lines.
 *
 * @example
 * run('./load.yaml', { observers: [timeSeries({ file: './windows.csv' })] }).subscribe();
 */
export const timeSeries = component({
  kind: 'observer',
  name: 'time-series',
  summary: 'Writes every window to a file as CSV or JSON lines.',
  example: { file: './windows.csv' },
  options: struct('time-series', keys),
  create: ({ file, format }, deps) =>
    writeSeriesTo({ file, format: format ?? (/\.csv$/i.test(file) ? 'csv' : 'jsonl') }, deps),
  describe: ({ file }) => `time-series to ${file}`,
  traits: ({ file }) => ({ file: true, files: [{ path: file, access: 'write', key: 'file' }] }),
});
