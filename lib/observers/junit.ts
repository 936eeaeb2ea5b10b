import { concatMap, defer, filter, finalize, ignoreElements, tap } from 'rxjs';
import { filePath } from '../codec/paths.js';
import { required, struct } from '../codec/struct.js';
import type { EpochMs } from '../core/units.js';
import type { RunObserver } from '../engine/runEvent.js';
import { component } from '../plugin/component.js';
import { junitXml } from '../report/junitXml.js';
import { ReplacedFile } from './replacedFile.js';

/**
 * Writes the run, its verdict and its thresholds as JUnit XML at the end of the run, also of a failed one.
 *
 * @throws ElpisError `ELPIS_SINK` when the file cannot be written, before the first shot.
 */
export function writeJunitTo({ file }: { readonly file: string }): RunObserver {
  new ReplacedFile(file).discard();
  return (events) =>
    defer(() => {
      const opened = new ReplacedFile(file);
      let startedAt: EpochMs | undefined;
      return events.pipe(
        tap((event) => {
          if (event.type === 'run-started') startedAt = event.at;
        }),
        filter((event) => event.type === 'run-finished'),
        concatMap((event) => opened.write(junitXml({ ...event, durationMs: event.at - (startedAt ?? event.at) }))),
        finalize(() => opened.discard()),
        ignoreElements(),
      );
    });
}

/**
 * Writes the result of the run as JUnit XML, for continuous integration. Selected in a config by `junit`.
 *
 * @example
 * run('./load.yaml', { observers: [junit({ file: './junit.xml' })] }).subscribe();
 */
export const junit = component({
  kind: 'observer',
  name: 'junit',
  summary: 'Writes the run, its verdict and its thresholds as JUnit XML at the end of the run.',
  example: { file: './junit.xml' },
  options: struct('junit', {
    /** Path of the file, which is replaced. */
    file: required(filePath, 'path of the file, which is replaced'),
  }),
  create: (options) => writeJunitTo(options),
  describe: ({ file }) => `junit to ${file}`,
  traits: ({ file }) => ({ file: true, files: [{ path: file, access: 'write', key: 'file' }] }),
});
