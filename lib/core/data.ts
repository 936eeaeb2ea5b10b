import type { Writable } from 'node:stream';

/** Where bytes are read from. The reader opens it, as late as possible; it may open it again for another pass when `rereadable`. */
export interface DataSource {
  /** For messages: a path, a URL, `stdin` or `inline`. */
  readonly name: string;
  /** False for a source that can be read only once, such as stdin. */
  readonly rereadable: boolean;
  /** The whole content, when it is already in memory: it can then be read without waiting, also in virtual time. */
  readonly content?: Uint8Array;
  /**
   * Opens and reads; leaving the iteration closes. Errors carry the name. Chunks are not changed after they were returned, so a
   * reader may keep parts of them.
   *
   * @param signal Aborted by a reader that will not wait for a pending read; the source SHOULD then close at once.
   */
  open(signal?: AbortSignal): AsyncIterable<Uint8Array>;
}

/** Where bytes are written to. */
export interface DataSink {
  /** For messages: a path, `stdout` or `stderr`. */
  readonly name: string;
  /** Opens (a file is created or truncated now, not before). The caller ends the stream exactly once and waits for `finish`. */
  open(): Writable;
}
