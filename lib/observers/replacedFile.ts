import { closeSync, openSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { describeError } from '../core/errorContext.js';
import { ElpisError } from '../core/errors.js';

function cannotWrite(file: string, cause: unknown): ElpisError {
  const message = `cannot write ${file}: ${describeError(cause)}`;
  return new ElpisError('ELPIS_SINK', message, { cause, hint: 'choose a file in a folder that exists' });
}

/** The destination of the bytes: a new file that then replaces the old one, or directly a pipe or a device. */
interface Place {
  readonly path: string;
  readonly replaces: string | undefined;
}

function placeOf(file: string): Place {
  const old = statSync(file, { throwIfNoEntry: false });
  if (old?.isDirectory() === true) throw new Error('it is a directory');
  if (old !== undefined && !old.isFile()) return { path: file, replaces: undefined };
  const target = old === undefined ? file : realpathSync(file);
  return { path: `${target}.part`, replaces: target };
}

/**
 * A file that is opened early and written late, as a whole: a reader gets the old content or the new one, never a
 * part. The bytes are written to a new file beside it, which then replaces it and has the same mode. A pipe or a
 * device is written directly.
 */
export class ReplacedFile {
  readonly #place: Place;
  #descriptor: number | undefined;

  /** @throws ElpisError `ELPIS_SINK` when the file cannot be written there. */
  constructor(readonly file: string) {
    try {
      this.#place = placeOf(file);
      const { path, replaces } = this.#place;
      const mode = replaces === undefined ? 0o644 : (statSync(replaces, { throwIfNoEntry: false })?.mode ?? 0o644);
      // A pipe is opened when it is written: opening it waits for its reader.
      if (replaces !== undefined) this.#descriptor = openSync(path, 'w', mode);
    } catch (cause) {
      throw cannotWrite(file, cause);
    }
  }

  /**
   * Writes the content, once. Rejects with an ElpisError `ELPIS_SINK` when it cannot be written; the old file is then unchanged.
   */
  async write(content: string): Promise<void> {
    const { path, replaces } = this.#place;
    try {
      if (this.#descriptor === undefined || replaces === undefined) await writeFile(path, content);
      else {
        writeFileSync(this.#descriptor, content);
        closeSync(this.#descriptor);
        this.#descriptor = undefined;
        renameSync(path, replaces);
      }
    } catch (cause) {
      this.discard();
      throw cannotWrite(this.file, cause);
    }
  }

  /** Closes the file without a change. Does nothing after `write`. */
  discard(): void {
    if (this.#descriptor === undefined) return;
    closeSync(this.#descriptor);
    this.#descriptor = undefined;
    if (this.#place.replaces !== undefined) rmSync(this.#place.path, { force: true });
  }
}
