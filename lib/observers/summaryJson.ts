import { concatMap, defer, filter, finalize, ignoreElements } from 'rxjs';
import { filePath } from '../codec/paths.js';
import { required, struct } from '../codec/struct.js';
import type { RunObserver } from '../engine/runEvent.js';
import { component } from '../plugin/component.js';
import { summaryJson } from '../report/summaryJson.js';
import { ReplacedFile } from './replacedFile.js';

/** Options of {@link writeSummaryTo}. */
export interface WriteSummaryJsonOptions {
  /** Path of the file, which is replaced. */
  readonly file: string;
}

/**
 * Writes the summary of the run to a file as JSON at the end of the run, also of a failed one; see {@link summaryJson}.
 * The file is replaced as a whole: after a killed run the old one still exists.
 *
 * @throws ElpisError `ELPIS_SINK` when the file cannot be written, before the first shot.
 */
export function writeSummaryTo({ file }: WriteSummaryJsonOptions): RunObserver {
  new ReplacedFile(file).discard();
  return (events) =>
    defer(() => {
      const opened = new ReplacedFile(file);
      return events.pipe(
        filter((event) => event.type === 'run-finished'),
        concatMap((event) => {
          const { summaries, seed } = event;
          return opened.write(`${JSON.stringify(summaryJson(summaries, { seed, outcome: event }), null, 2)}\n`);
        }),
        finalize(() => opened.discard()),
        ignoreElements(),
      );
    });
}

/**
 * Writes the summary of the run to a file as JSON. Selected in a config by `summary-json`.
 *
 * @example
 * run('./load.yaml', { observers: [writeSummaryJson({ file: './summary.json' })] }).subscribe();
 */
export const writeSummaryJson = component({
  kind: 'observer',
  name: 'summary-json',
  summary: 'Writes the summary of the run to a file as JSON at its end.',
  example: { file: './summary.json' },
  options: struct('summary-json', {
    /** Path of the file, which is replaced. */
    file: required(filePath, 'path of the file, which is replaced'),
  }),
  create: (options) => writeSummaryTo(options),
  describe: ({ file }) => `summary-json to ${file}`,
  traits: ({ file }) => ({ file: true, files: [{ path: file, access: 'write', key: 'file' }] }),
});
