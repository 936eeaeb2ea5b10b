import { Observable, type SchedulerLike } from 'rxjs';
import { atLeast } from '../codec/bounds.js';
import { filePath } from '../codec/paths.js';
import { integer } from '../codec/scalars.js';
import { optional, required, struct } from '../codec/struct.js';
import type { Log } from '../core/deps.js';
import { ElpisError } from '../core/errors.js';
import type { RunEvent, RunObserver } from '../engine/runEvent.js';
import { component } from '../plugin/component.js';
import { checkRecordFile, RecordFile, type WriteBytes } from '../record/file/recordFile.js';
import { RecordLines } from '../record/recordLines.js';
import { realTimeScheduler } from '../time/realTime.js';

/** The default of the largest number of tags of a pool with rows of their own in a record. */
const RECORDED_TAGS = 200;

/** Options of {@link writeRecordTo}. */
export interface RecordOptions {
  /** Path of the file, which is replaced when the run starts. */
  readonly file: string;
  /** The largest number of tags of a pool with rows of their own in windows; further tags are counted under `(other tags)`. Default 200. */
  readonly tags?: number;
  /** The clock of the run, for the time of the header. Default: real time. */
  readonly scheduler?: SchedulerLike;
  /** Receives a warning when the disk is too slow. Default: none. */
  readonly log?: Pick<Log, 'warn'>;
  /** Default: the file system. */
  readonly write?: WriteBytes;
}

/** The number of lines that are missing, as an event of the record itself. */
const lostLines = (lost: number, { at }: RunEvent): RunEvent => ({
  type: 'warning',
  at,
  message: `record: ${lost} ${lost === 1 ? 'line was' : 'lines were'} left out here because the disk was too slow`,
  fields: { lost },
});

/**
 * Writes the events of a run to a file, a line per event, see docs/RECORD.md. A run that is killed leaves a record that can be read.
 *
 * - The file is replaced when the run starts. It is a regular file: a directory, a pipe and a device are refused.
 * - A disk that is too slow never slows the run: lines wait, up to 32 MiB; then windows and progress are left out and counted, in the
 *   record, in the log, and as the failure of the observer at the end.
 * - Errors with `ELPIS_SINK` when a line cannot be written; the lines before are a readable record.
 *
 * @throws ElpisError `ELPIS_SINK` when the file cannot be written, before the first shot.
 */
export function writeRecordTo({
  file,
  tags = RECORDED_TAGS,
  scheduler = realTimeScheduler,
  log,
  write,
}: RecordOptions): RunObserver {
  checkRecordFile(file);
  return (events) =>
    new Observable<never>((destination) => {
      const record = new RecordFile(file, {
        atOnce: scheduler !== realTimeScheduler,
        onError: (error) => destination.error(error),
        ...(write === undefined ? {} : { write }),
      });
      const lines = new RecordLines(tags, scheduler.now());
      let reported = 0;
      const add = (event: RunEvent): void => {
        for (const line of lines.add(event)) {
          if (record.add(line)) continue;
          if (record.lost === 1) log?.warn(`record: ${file} is written too slowly, lines are left out`);
        }
      };
      const next = (event: RunEvent): void => {
        const before = record.lost;
        add(event);
        // The first event that is written again states what is missing.
        if (record.lost === before && before > reported) {
          add(lostLines(before - reported, event));
          reported = before;
        }
      };
      const complete = (): void =>
        record.end(() => {
          const { lost } = record;
          if (lost === 0) destination.complete();
          else destination.error(tooSlow(file, lost));
        });
      destination.add(events.subscribe({ next, complete }));
      destination.add(() => record.end(() => undefined));
    });
}

function tooSlow(file: string, lost: number): ElpisError {
  const message = `${lost} ${lost === 1 ? 'line is' : 'lines are'} missing in the record ${file}: the disk was too slow`;
  return new ElpisError('ELPIS_SINK', message, {
    hint: 'record to a faster disk, or lower tags of the observer record',
  });
}

/**
 * Writes the events of the run to a file, which `elpis show`, `watch`, `judge`, `export`, `report` and `compare` read. Selected in a config by
 * `record`, or by the key `record` of the config.
 *
 * @example
 * run('./load.yaml', { observers: [record({ file: './run.elp' })] }).subscribe();
 */
export const record = component({
  kind: 'observer',
  name: 'record',
  summary: 'Writes the events of the run to a file, to show, judge and compare it later.',
  example: { file: './run.elp' },
  options: struct('record', {
    /** Path of the file, which is replaced when the run starts. */
    file: required(filePath, 'path of the file, which is replaced when the run starts'),
    /** The largest number of tags of a pool with rows of their own; further ones are counted under (other tags). */
    tags: optional(
      atLeast(integer, 0),
      RECORDED_TAGS,
      'the largest number of tags of a pool with rows of their own; further ones are counted under (other tags)',
    ),
  }),
  create: ({ file, tags }, { scheduler, log }) => writeRecordTo({ file, tags, scheduler, log }),
  describe: ({ file }) => `record to ${file}`,
  traits: ({ file }) => ({ file: true, files: [{ path: file, access: 'write', key: 'file' }] }),
});
