import { closeSync, openSync, readSync } from 'node:fs';
import { isLeft } from 'fp-ts/lib/Either.js';
import type { Bytes } from '../../core/units.js';
import { type ByteRange, lineKind, PREFIX_BYTES, RecordIndex } from '../recordIndex.js';
import { type JsonCodec, list, orNull, real, shape } from '../shape.js';
import { linesOf, probe } from './recordLinesOf.js';

type Levels = readonly (readonly ByteRange[] | undefined)[];

/** The last line of a finished record, which has the position of its index, is shorter. */
const LAST_LINE_BYTES: Bytes = 128;

const indexLine: JsonCodec<{ readonly levels: readonly (readonly (readonly number[])[] | null)[] }> = shape(
  'an index',
  {
    levels: list(orNull(list(list(real)))),
  },
);
const lastLine: JsonCodec<{ readonly at: number }> = shape('the last line', { at: real });

function textAt(file: number, from: Bytes, to: Bytes): string {
  const bytes = Buffer.alloc(Math.max(0, to - from));
  return bytes.toString('utf8', 0, readSync(file, bytes, 0, bytes.length, from));
}

function parsed<A>(codec: JsonCodec<A>, text: string): A | undefined {
  try {
    const read = codec.decode(JSON.parse(text));
    return isLeft(read) ? undefined : read.right;
  } catch {
    return undefined;
  }
}

/** The index at the end of a finished record; undefined when there is none. */
function writtenIndex(path: string, size: Bytes): Levels | undefined {
  const file = openSync(path, 'r');
  try {
    const end = /\{"type":"index-at",.*\}\n$/.exec(textAt(file, Math.max(0, size - LAST_LINE_BYTES), size))?.[0];
    const at = end === undefined ? undefined : parsed(lastLine, end)?.at;
    if (at === undefined || end === undefined || at >= size) return undefined;
    return parsed(indexLine, textAt(file, at, size - end.length))?.levels.map((level) =>
      level?.flatMap(([from, to]): ByteRange[] => (from === undefined || to === undefined ? [] : [[from, to]])),
    );
  } finally {
    closeSync(file);
  }
}

/** The index of a record without one, as after a killed run: made from the beginnings of its lines. */
async function scannedIndex(path: string): Promise<Levels> {
  const index = new RecordIndex();
  for await (const { at, bytes, whole } of linesOf(path)) {
    if (whole) index.add(lineKind(bytes.toString('utf8', 0, PREFIX_BYTES)), [at, at + bytes.length + 1]);
  }
  return index.finish();
}

/** Where the lines of shorter readings of a record are, by length of windows. */
export async function indexOfRecord(path: string): Promise<Levels> {
  const { size, gzip } = probe(path);
  return (gzip ? undefined : writtenIndex(path, size)) ?? scannedIndex(path);
}
