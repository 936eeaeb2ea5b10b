import { closeSync, openSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { defer } from 'rxjs';
import { filePath } from '../../codec/paths.js';
import { oneOf } from '../../codec/scalars.js';
import { optional, required, type StructOf, struct } from '../../codec/struct.js';
import type { Deps } from '../../core/deps.js';
import { describeError } from '../../core/errorContext.js';
import { ElpisError } from '../../core/errors.js';
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
      let begun = false;
      return windowRows(events).pipe(
        deliver({
          ...{ limit: MAX_WAITING, batch: MAX_BATCH, unit: 'windows', name: `time-series to ${file}` },
          ...{ log, handle, scheduler },
          send: async (windows) => {
            const { EXPORT_FORMATS } = await import('../../record/exportFormats.js');
            const { head, rows } = EXPORT_FORMATS[as];
            const start = scheduler.now();
            await appendFile(file, (begun ? '' : head(start)) + rows(windows.flat(), start));
            begun = true;
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
