import { nonEmpty } from '../codec/scalars.js';
import { isSameFile } from '../config/fileIssues.js';
import { seedCodec, threadsCodec } from '../config/mainCodec.js';
import { defined } from '../core/defined.js';
import { ElpisError } from '../core/errors.js';
import { LISTEN_FORM, LOOPBACK_ADDRESS, listenAddress } from '../observers/listenAddress.js';
import { flag, type Given, optionalValue, value } from './command.js';
import { DISPLAYING } from './display.js';
import { JUDGING } from './judging.js';

/** The option that serves the page of a run. */
export const DASHBOARD = optionalValue(
  'host:port',
  listenAddress,
  'serve a page that shows and steers the run; by default on a free port of this machine',
  { fallback: LOOPBACK_ADDRESS, mayFollow: LISTEN_FORM },
);

/** The options of every command that shoots. */
export const SHOOTING = {
  threads: value(
    'n',
    threadsCodec,
    'number of threads that share the run, or auto; it has priority over threads of the config',
  ),
  seed: value('n', seedCodec, 'seed of all random numbers; the same seed gives the same values'),
  ...JUDGING,
  strict: flag('the same as --fail-on degraded'),
  quiet: flag('print nothing but errors', 'q'),
  summaryJson: value('file', nonEmpty, 'write the summary as JSON'),
  junit: value('file', nonEmpty, 'write the verdict and the thresholds as JUnit XML'),
  githubSummary: flag('append the summary in Markdown to the file of GITHUB_STEP_SUMMARY'),
  ...DISPLAYING,
  record: value('file', nonEmpty, 'write the events of the run, to show, judge and compare it later: run.elp'),
  report: value('file', nonEmpty, 'write a report with all charts as one HTML file'),
  dashboard: DASHBOARD,
};

/**
 * The files that the options write, by option.
 *
 * @throws ElpisError `ELPIS_USAGE` when two of them are one file.
 */
export function outputsOf({
  summaryJson,
  record,
  junit,
  report,
}: {
  readonly summaryJson?: string | undefined;
  readonly record?: string | undefined;
  readonly junit?: string | undefined;
  readonly report?: string | undefined;
}): Readonly<Record<string, string>> {
  const outputs = defined({
    '--summary-json': summaryJson,
    '--record': record,
    '--junit': junit,
    '--report': report,
  });
  const files = Object.entries(outputs);
  for (const [i, [option, file]] of files.entries()) {
    const same = files.slice(0, i).find(([, other]) => isSameFile(other, file));
    if (same === undefined) continue;
    const hint = 'give each its own file';
    throw new ElpisError('ELPIS_USAGE', `${option} ${file} is also the file of ${same[0]}`, { hint });
  }
  return outputs;
}

/** The values of these options. */
export type Shooting = Given<typeof SHOOTING>;
