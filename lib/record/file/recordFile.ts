import { close, closeSync, ftruncateSync, openSync, rmSync, statSync, write, writeSync } from 'node:fs';
import { describeError } from '../../core/errorContext.js';
import { ElpisError } from '../../core/errors.js';
import type { Bytes } from '../../core/units.js';
import { lineKind, PREFIX_BYTES, RecordIndex } from '../recordIndex.js';
import type { RecordLine } from '../recordLines.js';

/** The bytes of lines that wait for a slow disk: then windows and progress are left out, and at twice as many every line. */
const MAX_WAITING_BYTES: Bytes = 32 * 1024 * 1024;

function cannotWrite(file: string, cause: unknown, hint = 'choose a file in a folder that exists'): ElpisError {
  return new ElpisError('ELPIS_SINK', `cannot write the record ${file}: ${describeError(cause)}`, { cause, hint });
}

/** Opens the file without changing it. */
function opened(file: string): number {
  if (/\.gz$/i.test(file)) {
    const hint = 'write run.elp and compress it later: commands read run.elp.gz, too';
    throw cannotWrite(file, new Error('a record is not compressed while it is written'), hint);
  }
  const old = statSync(file, { throwIfNoEntry: false });
  if (old?.isDirectory() === true) throw cannotWrite(file, new Error('it is a directory'), 'name a file in it');
  if (old !== undefined && !old.isFile()) {
    throw cannotWrite(
      file,
      new Error('it is a pipe or a device'),
      'a record is a regular file, which can be read again',
    );
  }
  try {
    return openSync(file, 'a', 0o644);
  } catch (cause) {
    throw cannotWrite(file, cause);
  }
}

/**
 * Checks that a record can be written there. An existing file is not changed.
 *
 * @throws ElpisError `ELPIS_SINK` that says why not.
 */
export function checkRecordFile(file: string): void {
  const existed = statSync(file, { throwIfNoEntry: false }) !== undefined;
  closeSync(opened(file));
  if (!existed) rmSync(file);
}

/** Writes the bytes at the end of the file. Calls back with the number of bytes that were written, which may be fewer. */
export type WriteBytes = (file: number, bytes: Uint8Array, done: (error: Error | null, written: Bytes) => void) => void;

/** Options of {@link RecordFile}. */
export interface RecordFileOptions {
  /** Writes at once and lets the caller wait, as in virtual time, where nothing is too slow. Default false. */
  readonly atOnce?: boolean;
  /** Called once when a line cannot be written; no further line is written then. */
  readonly onError: (error: ElpisError) => void;
  /** Default: the file system. */
  readonly write?: WriteBytes;
}

/**
 * The file of a record. Each line is passed to the system at once, so that a killed run leaves all lines but the last ones. While the disk is
 * busy lines wait, up to a limit; then they are left out and counted.
 */
export class RecordFile {
  readonly #file: number;
  readonly #index = new RecordIndex();
  readonly #waiting: Uint8Array[] = [];
  readonly #write: WriteBytes;
  #waitingBytes: Bytes = 0;
  /** The position of the next line. */
  #end: Bytes = 0;
  #writing = false;
  #failed = false;
  #closed = false;
  #lost = 0;
  #onWritten: (() => void) | undefined;

  /** @throws ElpisError `ELPIS_SINK` when the file cannot be written. It is emptied. */
  constructor(
    readonly path: string,
    private readonly options: RecordFileOptions,
  ) {
    this.#file = opened(path);
    ftruncateSync(this.#file);
    this.#write = options.write ?? (options.atOnce === true ? writeAtOnce : writeLater);
  }

  /** Number of lines that were left out. */
  get lost(): number {
    return this.#lost;
  }

  /** Writes a line. Returns false when it was left out, because the disk is too slow. */
  add({ text, periodic }: RecordLine): boolean {
    if (this.#failed || this.#closed) return true;
    if (this.#waitingBytes > MAX_WAITING_BYTES * (periodic ? 1 : 2)) {
      this.#lost++;
      return false;
    }
    const bytes = Buffer.from(`${text}\n`);
    this.#index.add(lineKind(text.slice(0, PREFIX_BYTES)), [this.#end, this.#end + bytes.length]);
    this.#put(bytes);
    return true;
  }

  /** Writes the index and closes the file. Calls back once, when all is written or writing has failed. */
  end(done: () => void): void {
    if (this.#closed) return;
    const at = this.#end;
    this.#put(Buffer.from(`${JSON.stringify({ type: 'index', levels: this.#index.finish() })}\n`));
    this.#put(Buffer.from(`${JSON.stringify({ type: 'index-at', at })}\n`));
    this.#closed = true;
    this.#onWritten = done;
    this.#next();
  }

  #put(bytes: Uint8Array): void {
    this.#end += bytes.length;
    this.#waitingBytes += bytes.length;
    this.#waiting.push(bytes);
    this.#next();
  }

  #next(): void {
    if (this.#writing) return;
    if (this.#failed || this.#waiting.length === 0) {
      const done = this.#onWritten;
      if (done === undefined) return;
      this.#onWritten = undefined;
      close(this.#file, () => done());
      return;
    }
    this.#writing = true;
    this.#writeAll(Buffer.concat(this.#waiting.splice(0)));
  }

  #writeAll(bytes: Uint8Array): void {
    this.#write(this.#file, bytes, (error, written) => {
      this.#waitingBytes -= written;
      if (error !== null) {
        this.#failed = true;
        const hint = 'check that the disk has space; the lines before are a readable record';
        this.options.onError(cannotWrite(this.path, error, hint));
      } else if (written < bytes.length) {
        this.#writeAll(bytes.subarray(written));
        return;
      }
      this.#writing = false;
      this.#next();
    });
  }
}

const writeLater: WriteBytes = (file, bytes, done) => write(file, bytes, done);

const writeAtOnce: WriteBytes = (file, bytes, done) => {
  let written: Bytes;
  try {
    written = writeSync(file, bytes);
  } catch (error) {
    done(error instanceof Error ? error : new Error(String(error)), 0);
    return;
  }
  done(null, written);
};
