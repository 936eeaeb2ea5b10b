import { writeFile } from 'node:fs/promises';
import { concatMap, filter, ignoreElements } from 'rxjs';
import { nonEmpty } from '../codec/scalars.js';
import { required, struct } from '../codec/struct.js';
import { ElpisError } from '../core/errors.js';
import type { RunObserver } from '../engine/runEvent.js';
import { component } from '../plugin/component.js';
import { summaryJson } from '../report/summaryJson.js';

/** Where {@link writeSummaryTo} writes. */
export interface WriteSummaryJsonOptions {
  /** Path of the file, which is overwritten. */
  readonly file: string;
}

/**
 * Writes the summary of the run to a file as JSON when the run is over, also when it has failed; see {@link summaryJson}.
 */
export function writeSummaryTo({ file }: WriteSummaryJsonOptions): RunObserver {
  return (events) =>
    events.pipe(
      filter((event) => event.type === 'run-finished'),
      concatMap(async ({ summaries }) => {
        try {
          await writeFile(file, `${JSON.stringify(summaryJson(summaries), null, 2)}\n`);
        } catch (cause) {
          const message = `cannot write ${file}: ${cause instanceof Error ? cause.message : cause}`;
          throw new ElpisError('ELPIS_SINK', message, { cause, hint: 'choose a file in a folder that exists' });
        }
      }),
      ignoreElements(),
    );
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
    /** Path of the file, which is overwritten. */
    file: required(nonEmpty, 'path of the file, which is overwritten'),
  }),
  create: (options) => writeSummaryTo(options),
  describe: ({ file }) => `summary-json to ${file}`,
  traits: ({ file }) => ({ files: [{ path: file, access: 'write', key: 'file' }] }),
});
