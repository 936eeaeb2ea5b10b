import { closeSync, openSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { concatMap, filter, ignoreElements } from 'rxjs';
import { filePath } from '../codec/paths.js';
import { required, struct } from '../codec/struct.js';
import { describeError } from '../core/errorContext.js';
import { ElpisError } from '../core/errors.js';
import type { RunObserver } from '../engine/runEvent.js';
import { component } from '../plugin/component.js';
import { summaryMarkdown } from '../report/summaryMarkdown.js';

function cannotAppend(file: string, cause: unknown): ElpisError {
  return new ElpisError('ELPIS_SINK', `cannot append to ${file}: ${describeError(cause)}`, { cause });
}

/**
 * Appends the summary of the run in Markdown to a file at the end of the run, also of a failed one. Several runs of one step are then
 * one below the other.
 *
 * @throws ElpisError `ELPIS_SINK` when the file cannot be opened, before the first shot.
 */
export function appendMarkdownTo({ file }: { readonly file: string }): RunObserver {
  try {
    closeSync(openSync(file, 'a'));
  } catch (cause) {
    throw cannotAppend(file, cause);
  }
  return (events) =>
    events.pipe(
      filter((event) => event.type === 'run-finished'),
      concatMap((event) =>
        appendFile(file, `${summaryMarkdown(event.summaries, event)}\n`).catch((cause: unknown) => {
          throw cannotAppend(file, cause);
        }),
      ),
      ignoreElements(),
    );
}

/**
 * Appends the summary of the run in Markdown to a file, such as the step summary of GitHub. Selected in a config by `markdown`.
 *
 * @example
 * run('./load.yaml', { observers: [markdown({ file: './summary.md' })] }).subscribe();
 */
export const markdown = component({
  kind: 'observer',
  name: 'markdown',
  summary: 'Appends the summary of the run in Markdown to a file, such as the step summary of GitHub.',
  example: { file: './summary.md' },
  options: struct('markdown', {
    /** Path of the file, such as ${GITHUB_STEP_SUMMARY}. */
    file: required(filePath, 'path of the file, such as ${GITHUB_STEP_SUMMARY}'),
  }),
  create: (options) => appendMarkdownTo(options),
  describe: ({ file }) => `markdown to ${file}`,
  traits: ({ file }) => ({ file: true, files: [{ path: file, access: 'write', key: 'file' }] }),
});
