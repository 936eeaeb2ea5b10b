import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs';
import { pipeline } from 'node:stream';
import { constants, createGunzip } from 'node:zlib';
import { from } from 'ix/asynciterable/asynciterablex';
import { concatMap } from 'ix/asynciterable/operators/concatmap';
import { describeError } from '../../core/errorContext.js';
import { ElpisError } from '../../core/errors.js';
import type { Bytes } from '../../core/units.js';
import type { ByteRange } from '../recordIndex.js';

/** A line of a record that was read: its bytes without the line break, and the position of the first one. */
export interface ReadLine {
  readonly at: Bytes;
  readonly bytes: Buffer;
  /** False for the last line when the file does not end with a line break, as after a killed run. */
  readonly whole: boolean;
}

const CHUNK_BYTES: Bytes = 1024 * 1024;
/** No line of a record is longer: a window of 1000 tags has a few megabytes. */
const MAX_LINE_BYTES: Bytes = 64 * 1024 * 1024;

const NEW_LINE = 10;

/** The error of a file that cannot be read. */
export function cannotRead(path: string, cause: unknown): ElpisError {
  const { code } = Object(cause) as { readonly code?: string };
  const reason =
    code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a directory' : describeError(cause);
  return new ElpisError('ELPIS_RECORD', `${path}: ${reason}`, { cause });
}

/** The bytes of parts of a file, in their order. */
async function* chunksOfRanges(path: string, ranges: readonly ByteRange[]): AsyncGenerator<readonly [Bytes, Buffer]> {
  const file = openSync(path, 'r');
  try {
    for (const [first, to] of ranges)
      for (let at = first; at < to; ) {
        const bytes = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, to - at));
        const read = readSync(file, bytes, 0, bytes.length, at);
        if (read === 0) return;
        yield [at, bytes.subarray(0, read)];
        at += read;
      }
  } finally {
    closeSync(file);
  }
}

/** The bytes of a compressed file. One that was cut ends where it was cut. */
async function* chunksOfGzip(path: string): AsyncGenerator<readonly [Bytes, Buffer]> {
  const unpacked = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH, chunkSize: CHUNK_BYTES });
  const stream = pipeline(createReadStream(path), unpacked, () => undefined);
  let at: Bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    yield [at, chunk];
    at += chunk.length;
  }
}

/** Cuts bytes into lines. */
class LineSplitter {
  readonly #parts: Buffer[] = [];
  #length = 0;
  /** The position of the line under way, and the one after its bytes so far. */
  #at: Bytes = 0;
  #next: Bytes = 0;

  /** @param at The position of the bytes. After a gap a new line begins. */
  push(at: Bytes, bytes: Buffer): readonly ReadLine[] {
    if (at !== this.#next || this.#length === 0) this.#at = at;
    const lines: ReadLine[] = [];
    let begin = 0;
    for (let end = bytes.indexOf(NEW_LINE); end >= 0; end = bytes.indexOf(NEW_LINE, begin)) {
      this.#keep(bytes.subarray(begin, end));
      lines.push({ at: this.#at, bytes: this.#take(), whole: true });
      begin = end + 1;
      this.#at = at + begin;
    }
    if (begin < bytes.length) this.#keep(bytes.subarray(begin));
    this.#next = at + bytes.length;
    return lines;
  }

  /** The last line, when it has no line break. */
  rest(): readonly ReadLine[] {
    return this.#length === 0 ? [] : [{ at: this.#at, bytes: this.#take(), whole: false }];
  }

  #keep(part: Buffer): void {
    this.#length += part.length;
    if (this.#length > MAX_LINE_BYTES) {
      throw new ElpisError(
        'ELPIS_RECORD',
        `a line is longer than ${MAX_LINE_BYTES / 1024 / 1024} MiB, expected a record`,
      );
    }
    this.#parts.push(part);
  }

  #take(): Buffer {
    const [first] = this.#parts;
    const line = this.#parts.length === 1 && first !== undefined ? first : Buffer.concat(this.#parts);
    this.#parts.length = 0;
    this.#length = 0;
    return line;
  }
}

/** The size of a file, and whether it is compressed by gzip. */
export function probe(path: string): { readonly size: Bytes; readonly gzip: boolean } {
  try {
    const { size } = statSync(path);
    const file = openSync(path, 'r');
    try {
      const start = Buffer.alloc(2);
      readSync(file, start, 0, 2, 0);
      return { size, gzip: start[0] === 0x1f && start[1] === 0x8b };
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    throw cannotRead(path, cause);
  }
}

/**
 * The lines of a file, compressed or not, or those in the given ranges, each of which begins and ends with a line.
 *
 * @param ranges Default: the whole file.
 */
export function linesOf(path: string, ranges?: readonly ByteRange[]): AsyncIterable<ReadLine> {
  const { size, gzip } = probe(path);
  const splitter = new LineSplitter();
  const chunks = gzip ? chunksOfGzip(path) : chunksOfRanges(path, ranges ?? [[0, size]]);
  const lines = from(withRest(chunks, splitter)).pipe(concatMap((several) => from(several)));
  return gzip && ranges !== undefined ? within(lines, ranges) : lines;
}

async function* withRest(
  chunks: AsyncIterable<readonly [Bytes, Buffer]>,
  splitter: LineSplitter,
): AsyncGenerator<readonly ReadLine[]> {
  for await (const [at, bytes] of chunks) yield splitter.push(at, bytes);
  yield splitter.rest();
}

/** The lines that begin within ranges in ascending order. */
async function* within(lines: AsyncIterable<ReadLine>, ranges: readonly ByteRange[]): AsyncGenerator<ReadLine> {
  let next = 0;
  for await (const line of lines) {
    while (next < ranges.length && line.at >= (ranges[next] as ByteRange)[1]) next++;
    const range = ranges[next];
    if (range === undefined) return;
    if (line.at >= range[0]) yield line;
  }
}
