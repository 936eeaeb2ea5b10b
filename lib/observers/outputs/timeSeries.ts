import { closeSync, openSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { defer } from 'rxjs';
import { filePath } from '../../codec/paths.js';
import { oneOf } from '../../codec/scalars.js';
import { optional, required, type StructOf, struct } from '../../codec/struct.js';
import type { Deps } from '../../core/deps.js';
import { describeError } from '../../core/errorContext.js';
import { ElpisError } from '../../core/errors.js';
import type { RunObserver } from '../../engine/runEvent.js';
import { component } from '../../plugin/component.js';
import { snake } from '../../report/influxLine.js';
import { SERIES_COLUMNS, type SeriesRow } from '../../report/seriesRow.js';
import { deliver } from './deliver.js';
import { windowRows } from './influx.js';

const load = createRequire(import.meta.url);

/** The formats of {@link timeSeries}. */
type SeriesFormat = 'csv' | 'jsonl';

const named = (row: SeriesRow): object => Object.fromEntries(SERIES_COLUMNS.map((name) => [snake(name), row[name]]));

/** The text of rows. CSV by csv-stringify, where a text that a spreadsheet would run as a formula begins with `'`. */
export function seriesText(rows: readonly SeriesRow[], format: SeriesFormat, header: boolean): string {
  if (format === 'jsonl') return rows.map((row) => `${JSON.stringify(named(row))}\n`).join('');
  const { stringify } = load('csv-stringify/sync') as typeof import('csv-stringify/sync');
  return stringify(
    rows.map((row) => SERIES_COLUMNS.map((name) => row[name])),
    {
      header,
      columns: SERIES_COLUMNS.map(snake),
      escape_formulas: true,
    },
  );
}

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

/** Makes the file empty. */
function emptied(file: string): void {
  try {
    closeSync(openSync(file, 'w'));
  } catch (cause) {
    const hint = 'choose a file in a folder that exists';
    throw new ElpisError('ELPIS_SINK', `cannot write ${file}: ${describeError(cause)}`, { cause, hint });
  }
}

function writing({ file, format }: StructOf<typeof keys>, { log, scheduler }: Deps): RunObserver {
  const as = format ?? (/\.csv$/i.test(file) ? 'csv' : 'jsonl');
  return (events, handle) =>
    defer(() => {
      emptied(file);
      let header = true;
      return windowRows(events).pipe(
        deliver({
          ...{ limit: MAX_WAITING, batch: MAX_BATCH, unit: 'windows', name: `time-series to ${file}` },
          ...{ log, handle, scheduler },
          send: async (windows) => {
            await appendFile(file, seriesText(windows.flat(), as, header));
            header = false;
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
  create: writing,
  describe: ({ file }) => `time-series to ${file}`,
  traits: ({ file }) => ({ file: true, files: [{ path: file, access: 'write', key: 'file' }] }),
});
