import type { Writable } from 'node:stream';

/**
 * A source of bytes. The reader opens it as late as possible, and may open it again for another pass when it is
 * `rereadable`.
 */
export interface DataSource {
  /** For messages: a path, a URL, `stdin` or `inline`. */
  readonly name: string;
  /** False for a source that can be read only once, such as stdin. */
  readonly rereadable: boolean;
  /** The whole content, when it is already in memory: it can then be read without waiting, also in virtual time. */
  readonly content?: Uint8Array;
  /**
   * Opens and reads; the end of the iteration closes. Errors contain the name. Chunks are not changed after they were
   * returned, so a reader may keep parts of them.
   *
   * @param signal Aborted by a reader that does not wait for a pending read; the source SHOULD then close at once.
   */
  open(signal?: AbortSignal): AsyncIterable<Uint8Array>;
}

/** How a {@link DataSink} is opened. */
export interface SinkOpening {
  /**
   * Write in the calling turn, where that is possible: virtual time stands still until bytes are written. Default false: the event loop
   * is not blocked.
   */
  readonly blocking?: boolean;
}

/** A destination of bytes. */
export interface DataSink {
  /** For messages: a path, `stdout` or `stderr`. */
  readonly name: string;
  /**
   * Opens (a file is created or truncated now, not earlier). The caller ends the stream exactly once and waits for
   * `finish`.
   */
  open(opening?: SinkOpening): Writable;
}
