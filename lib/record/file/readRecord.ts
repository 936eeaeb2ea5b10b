import { describeError } from '../../core/errorContext.js';
import { ElpisError, isElpisError } from '../../core/errors.js';
import type { Bytes, Millis } from '../../core/units.js';
import type { RunEvent } from '../../engine/runEvent.js';
import { eventFromJson } from '../eventJson.js';
import { headerFromJson, type RecordHeader } from '../recordHeader.js';
import { type ByteRange, lineKind, PREFIX_BYTES } from '../recordIndex.js';
import { LEVELS } from '../rollUps.js';
import { indexOfRecord } from './indexOfRecord.js';
import { linesOf, probe, type ReadLine } from './recordLinesOf.js';

/** A reading of more bytes takes longer windows, when the record has them. */
const QUICK_BYTES: Bytes = 64 * 1024 * 1024;

/** Options of {@link RunRecord.events}. */
export interface RecordEventsOptions {
  /**
   * The length of windows in milliseconds: 0 for those of the run, 60000 or 600000 for longer ones that were merged of them, with one
   * `progress`, `process` and `thresholds` each. `'auto'`: the shortest with which a record opens in about a second. Default 0.
   */
  readonly every?: Millis | 'auto';
}

/** A record of a run that was opened. */
export interface RunRecord {
  readonly path: string;
  readonly header: RecordHeader;
  /** The lengths of windows that it can be read with, in ascending order; 0 is the length of those of the run. */
  readonly lengths: readonly Millis[];
  /** The length that `'auto'` chooses. */
  readonly quickLength: Millis;
  /**
   * The events of the run, read while they are iterated over. Rejects with `ELPIS_RECORD` for a line that is damaged, with its place. A
   * last line that was cut is left out.
   */
  events(options?: RecordEventsOptions): AsyncIterable<RunEvent>;
}

const jsonOf = ({ bytes }: ReadLine): unknown => {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw new ElpisError('ELPIS_RECORD', `expected a line of JSON: ${describeError(cause)}`, { cause });
  }
};

/** The number of the line that begins at a position. */
async function lineNumber(path: string, at: Bytes): Promise<number> {
  if (at === 0) return 1;
  let number = 1;
  for await (const line of linesOf(path)) {
    if (line.at >= at) break;
    number++;
  }
  return number;
}

/** The same error with the place of a line. */
async function placed(error: unknown, path: string, at: Bytes): Promise<unknown> {
  if (!isElpisError(error, 'ELPIS_RECORD')) return error;
  const { message, cause, hint } = error;
  return new ElpisError('ELPIS_RECORD', `${path}:${await lineNumber(path, at)}: ${message}`, { cause, hint });
}

async function headerOf(path: string): Promise<RecordHeader> {
  let line: ReadLine | undefined;
  try {
    for await (const first of linesOf(path)) {
      line = first;
      break;
    }
    if (line === undefined) {
      const hint = 'the run ended before it started, or another program has emptied the file';
      throw new ElpisError('ELPIS_RECORD', 'the file is empty, expected a record', { hint });
    }
    if (line.bytes[0] !== 0x7b) return headerFromJson(undefined);
    return headerFromJson(jsonOf(line));
  } catch (error) {
    throw await placed(error, path, 0);
  }
}

/** The event of a line; undefined for a line that is none, or that a newer version has written. */
function eventOf(line: ReadLine, { facts, version }: RecordHeader, everyMs: Millis): RunEvent | undefined {
  const { kind } = lineKind(line.bytes.toString('utf8', 0, PREFIX_BYTES));
  if (kind === 'index' || (kind === 'rollup' && everyMs === 0)) return undefined;
  let json: unknown;
  try {
    json = jsonOf(line);
  } catch (error) {
    if (!line.whole) return undefined;
    throw error;
  }
  const event = eventFromJson(kind === 'rollup' ? { ...Object(json), type: 'window' } : json);
  if (event === undefined && version === '1.0') {
    const { type } = Object(json) as { readonly type?: unknown };
    if (type !== 'elpis-record' || line.at > 0)
      throw new ElpisError('ELPIS_RECORD', `expected an event, got ${JSON.stringify(type)}`);
  }
  return event?.type === 'run-started' && facts !== undefined ? { ...event, facts } : event;
}

const sizeOf = (ranges: readonly ByteRange[]): Bytes => ranges.reduce((sum, [at, to]) => sum + to - at, 0);

/**
 * Opens a record that the observer `record` has written, also one compressed by gzip, of a run that is under way, and of a run that was killed.
 *
 * @throws ElpisError `ELPIS_RECORD` for another file, with its place and what was expected.
 * @example
 * const { header, events } = await readRecord('./run.elp');
 * console.log(header.facts?.versions.elpis);
 * for await (const event of events()) if (event.type === 'window') console.log(event.window.total.ended);
 */
export async function readRecord(path: string): Promise<RunRecord> {
  const { size, gzip } = probe(path);
  const header = await headerOf(path);
  const long = gzip || size > QUICK_BYTES;
  const levels = long ? await indexOfRecord(path) : undefined;
  const readings = LEVELS.flatMap((everyMs, i) => {
    const ranges = levels?.[i];
    return ranges === undefined ? [] : [{ everyMs, ranges }];
  });
  const quick = readings.find(({ ranges }) => sizeOf(ranges) <= QUICK_BYTES) ?? readings.at(-1);
  const quickLength = size <= QUICK_BYTES ? 0 : (quick?.everyMs ?? 0);
  const rangesOf = async (everyMs: Millis): Promise<readonly ByteRange[] | undefined> => {
    if (everyMs === 0) return undefined;
    const ranges = (levels ?? (await indexOfRecord(path)))[LEVELS.indexOf(everyMs)];
    if (ranges !== undefined) return ranges;
    throw new ElpisError(
      'ELPIS_RECORD',
      `${path}: it has no windows of ${everyMs} ms, expected 0, ${LEVELS.join(' or ')}`,
    );
  };
  async function* events({ every = 0 }: RecordEventsOptions = {}): AsyncGenerator<RunEvent> {
    const everyMs = every === 'auto' ? quickLength : every;
    const lines = linesOf(path, await rangesOf(everyMs));
    let at: Bytes = 0;
    try {
      for await (const line of lines) {
        at = line.at;
        const event = eventOf(line, header, everyMs);
        if (event !== undefined) yield event;
      }
    } catch (error) {
      throw await placed(error, path, at);
    }
  }
  return { path, header, lengths: [0, ...LEVELS], quickLength, events };
}
