import { concat, defer, finalize, ignoreElements, tap } from 'rxjs';
import { filePath } from '../codec/paths.js';
import { required, struct } from '../codec/struct.js';
import type { RunObserver } from '../engine/runEvent.js';
import { type PageFiles, readPageFiles } from '../page/document.js';
import { KeptEvents } from '../page/model/keptEvents.js';
import { reportOf } from '../page/report.js';
import { component } from '../plugin/component.js';
import { ReplacedFile } from './replacedFile.js';

/** Options of {@link writeReportTo}. */
export interface WriteReportOptions {
  /** Path of the file, which is replaced. */
  readonly file: string;
  /** Default: the client that was built with this package. */
  readonly files?: PageFiles;
}

/**
 * Writes the report of the run at its end, also of a failed one: one HTML file with all charts and tables, which needs no network.
 *
 * @throws ElpisError `ELPIS_SINK` when the file cannot be written, before the first shot.
 */
export function writeReportTo({ file, files = readPageFiles() }: WriteReportOptions): RunObserver {
  new ReplacedFile(file).discard();
  return (events) =>
    defer(() => {
      const opened = new ReplacedFile(file);
      const kept = new KeptEvents();
      return concat(
        events.pipe(tap((event) => kept.add(event))),
        defer(async () => opened.write(await reportOf(kept.events(), files))),
      ).pipe(
        finalize(() => opened.discard()),
        ignoreElements(),
      );
    });
}

/**
 * Writes the report of the run to an HTML file. Selected in a config by `report`.
 *
 * @example
 * run('./load.yaml', { observers: [report({ file: './run.html' })] }).subscribe();
 */
export const report = component({
  kind: 'observer',
  name: 'report',
  summary: 'Writes a report with all charts and tables to one HTML file at the end of the run.',
  example: { file: './run.html' },
  options: struct('report', {
    /** Path of the HTML file, which is replaced. */
    file: required(filePath, 'path of the HTML file, which is replaced'),
  }),
  create: (options) => writeReportTo(options),
  describe: ({ file }) => `report to ${file}`,
  traits: ({ file }) => ({ file: true, files: [{ path: file, access: 'write', key: 'file' }] }),
});
