import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { from } from 'ix/asynciterable/asynciterablex';
import { of } from 'ix/asynciterable/of';
import { concatWith } from 'ix/asynciterable/operators/concatwith';
import { filter } from 'ix/asynciterable/operators/filter';
import { map } from 'ix/asynciterable/operators/map';
import { nonEmpty, oneOf } from '../../codec/scalars.js';
import { isSameFile } from '../../config/fileIssues.js';
import { describeError } from '../../core/errorContext.js';
import { ElpisError } from '../../core/errors.js';
import type { RunEvent } from '../../engine/runEvent.js';
import { EXPORT_FORMATS } from '../../record/exportFormats.js';
import { type RunRecord, readRecord } from '../../record/file/readRecord.js';
import type { WindowEvent } from '../../record/rollUps.js';
import { seriesRows } from '../../record/seriesRows.js';
import { command, type Given, requiredArgument, value } from '../command.js';
import { EXIT_CODES } from '../exitCodes.js';
import { type Io, writeAll } from '../terminal.js';

const LENGTHS = { run: 0, '1m': 60_000, '10m': 600_000, auto: 'auto' } as const;

const OPTIONS = {
  record: requiredArgument('a record that --record or the key record has written: run.elp, also run.elp.gz'),
  format: value(
    'word',
    oneOf(['csv', 'jsonl', 'influx', 'hdr', 'hdr-service']),
    'csv, jsonl, influx, hdr (response times) or hdr-service',
    {
      fallback: 'csv',
    },
  ),
  every: value(
    'length',
    oneOf(['run', '1m', '10m', 'auto']),
    'the length of windows: run (those of the run), 1m, 10m, or auto (the shortest that is read in about a second)',
    { fallback: 'run' },
  ),
  pool: value('id', nonEmpty, 'only this pool'),
  tag: value('tag', nonEmpty, 'only this tag, group or scenario'),
  out: value('file', nonEmpty, 'write it to a file, which is replaced; by default to stdout'),
};
type ExportOptions = Given<typeof OPTIONS>;

const isWindowEvent = (event: RunEvent): event is WindowEvent => event.type === 'window';

/** The pieces of the text of a time series. */
function piecesOf({ header, events }: RunRecord, { format, every, pool, tag }: ExportOptions): AsyncIterable<string> {
  const { head, rows } = EXPORT_FORMATS[format];
  const windows = from(events({ every: LENGTHS[every] })).pipe(
    filter(isWindowEvent),
    filter((event) => pool === undefined || event.pool === pool),
    map((event) => seriesRows(event).filter((row) => tag === undefined || (row.scope !== 'total' && row.tag === tag))),
    map((found) => rows(found, header.start)),
  );
  return of(head(header.start)).pipe(concatWith(windows));
}

/** A file that is written. Its failures are errors of the stream, and reject `done`. */
function fileOf(path: string): { readonly stream: Writable; readonly done: () => Promise<void> } {
  const stream = createWriteStream(path);
  const failure = new Promise<never>((_resolve, reject) => stream.once('error', reject));
  failure.catch(() => undefined);
  const done = async (): Promise<void> => {
    try {
      stream.end();
      await Promise.race([once(stream, 'close'), failure]);
    } catch (cause) {
      throw new ElpisError('ELPIS_SINK', `--out ${path} cannot be written: ${describeError(cause)}`, { cause });
    }
  };
  return { stream, done };
}

async function exportRecord(options: ExportOptions, io: Io): Promise<number> {
  const { record: path, out } = options;
  if (out !== undefined && isSameFile(out, path)) {
    throw new ElpisError('ELPIS_USAGE', `--out ${out} is the record itself`, { hint: 'for example --out run.csv' });
  }
  const record = await readRecord(path);
  const pieces = piecesOf(record, options);
  if (out === undefined) await writeAll(io.stdout, pieces);
  else {
    const { stream, done } = fileOf(out);
    await writeAll(stream, pieces);
    await done();
  }
  return EXIT_CODES.ok;
}

/** `elpis export`: the windows of a recorded run as a time series. */
export const exportCommand = command({
  name: 'export',
  describe: 'print the windows of a recorded run as a time series',
  options: OPTIONS,
  notes: 'The columns are listed in docs/RECORD.md.',
  run: exportRecord,
});
