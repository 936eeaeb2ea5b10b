import { nonEmpty } from '../codec/scalars.js';
import { isSameFile } from '../config/fileIssues.js';
import { seedCodec, threadsCodec } from '../config/mainCodec.js';
import { writesToStdout } from '../config/writesToStdout.js';
import { defined } from '../core/defined.js';
import { ElpisError } from '../core/errors.js';
import type { NamedObserver } from '../engine/observed.js';
import { printCapacityTo } from '../observers/capacityText.js';
import { serveDashboard } from '../observers/dashboard.js';
import { writeJunitTo } from '../observers/junit.js';
import { LISTEN_FORM, type ListenAddress, LOOPBACK_ADDRESS, listenAddress } from '../observers/listenAddress.js';
import { appendMarkdownTo } from '../observers/markdown.js';
import { writeRecordTo } from '../observers/record.js';
import { writeReportTo } from '../observers/report.js';
import { writeSummaryTo } from '../observers/summaryJson.js';
import { printSummaryTo } from '../observers/summaryText.js';
import { flag, type Given, optionalValue, value } from './command.js';
import { DISPLAYING } from './display.js';
import { JUDGING } from './judging.js';
import type { Runnable } from './loadRun.js';
import type { Io } from './terminal.js';

/** The option that serves the page of a run. */
export const DASHBOARD = optionalValue(
  'host:port',
  listenAddress,
  'serve a page that shows and steers the run; by default on a free port of this machine',
  { fallback: LOOPBACK_ADDRESS, mayFollow: LISTEN_FORM },
);

/** Serves the page of a run, and prints its address. */
export function dashboardOf(address: ListenAddress, { stderr }: Io): NamedObserver {
  const onListening = (url: string): void => {
    stderr.write(`dashboard: ${url}\n`);
  };
  return { name: 'dashboard', observer: serveDashboard({ ...address, onListening }) };
}

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

/** The file of the step summary. @throws ElpisError `ELPIS_USAGE` outside of GitHub. */
function stepSummaryOf({ GITHUB_STEP_SUMMARY: file = '' }: Io['env']): string {
  if (file !== '') return file;
  const hint = 'GitHub sets it; elsewhere give it a path';
  throw new ElpisError('ELPIS_USAGE', '--github-summary: the variable GITHUB_STEP_SUMMARY is not set', { hint });
}

/** The observers that the command line selects besides the display. An observer that the config already lists is not added again. */
export function observersOf(
  { config, deps: { scheduler, log } }: Runnable,
  { quiet, summaryJson, record, junit, githubSummary, report, dashboard }: Shooting,
  io: Io,
): readonly NamedObserver[] {
  const listed = config.observers.some(({ name }) => name === 'summary-text');
  const { stdout, stderr, env } = io;
  const stream = writesToStdout(config.pools) ? stderr : stdout;
  return [
    ...(quiet || listed ? [] : [{ name: 'summary-text', observer: printSummaryTo({ stream, env }) }]),
    ...(summaryJson === undefined ? [] : [{ name: 'summary-json', observer: writeSummaryTo({ file: summaryJson }) }]),
    ...(quiet || config.capacity === null ? [] : [{ name: 'capacity-text', observer: printCapacityTo(stream) }]),
    ...(junit === undefined ? [] : [{ name: 'junit', observer: writeJunitTo({ file: junit }) }]),
    ...(githubSummary ? [{ name: 'markdown', observer: appendMarkdownTo({ file: stepSummaryOf(io.env) }) }] : []),
    ...(record === undefined ? [] : [{ name: 'record', observer: writeRecordTo({ file: record, scheduler, log }) }]),
    ...(report === undefined ? [] : [{ name: 'report', observer: writeReportTo({ file: report }) }]),
    ...(dashboard === undefined ? [] : [dashboardOf(dashboard, io)]),
  ];
}
