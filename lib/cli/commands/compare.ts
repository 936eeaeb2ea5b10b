import { nonEmpty } from '../../codec/scalars.js';
import { ComparedRun } from '../../compare/comparedRun.js';
import { compareRuns } from '../../compare/compareRuns.js';
import { compareText } from '../../compare/compareText.js';
import { type FailIf, failIf, failuresOf, unjudged } from '../../compare/failIf.js';
import { pageComparisonOf } from '../../compare/pageComparison.js';
import { isSameFile } from '../../config/fileIssues.js';
import { ElpisError } from '../../core/errors.js';
import { verdictOf } from '../../measure/verdict/verdictOf.js';
import { ReplacedFile } from '../../observers/replacedFile.js';
import { readPageFiles } from '../../page/document.js';
import { KeptEvents } from '../../page/model/keptEvents.js';
import { comparisonReportOf } from '../../page/report.js';
import { type RunRecord, readRecord } from '../../record/file/readRecord.js';
import { seededRandom } from '../../time/seededRandom.js';
import { argument, command, flag, type Given, list, requiredArgument, value } from '../command.js';
import { EXIT_CODES } from '../exitCodes.js';
import { type Io, writeAll } from '../terminal.js';

const OPTIONS = {
  first: requiredArgument('the record of the baseline; with --baseline, of the new side'),
  second: argument('the record of the new side'),
  baseline: list('file', nonEmpty, 'a record of the baseline, when there are several'),
  failIf: list(
    'condition',
    nonEmpty,
    "fail (exit code 1) when a number has changed: 'p99 +10%', 'rate -5% of \"login\"'",
  ),
  json: flag('print JSON'),
  report: value('file', nonEmpty, 'also write a page with all runs in every chart, as one HTML file: diff.html'),
};
type CompareOptions = Given<typeof OPTIONS>;

/** The records of both sides. */
function sidesOf({ first, second, baseline }: CompareOptions): { before: readonly string[]; after: readonly string[] } {
  if (baseline.length > 0) return { before: baseline, after: second === undefined ? [first] : [first, second] };
  if (second !== undefined) return { before: [first], after: [second] };
  const hint = 'elpis compare old.elp new.elp, or elpis compare new.elp --baseline old1.elp --baseline old2.elp';
  throw new ElpisError('ELPIS_USAGE', 'compare: expected two records, got one', { hint });
}

/** A run that was read: its windows, and what it states about itself. */
interface ReadRun {
  readonly record: RunRecord;
  readonly run: ComparedRun;
  /** What a page shows of it. */
  readonly kept: KeptEvents;
  readonly invalid: boolean;
  readonly ended: boolean;
}

async function readRun(path: string): Promise<ReadRun> {
  const record = await readRecord(path);
  const run = new ComparedRun();
  const kept = new KeptEvents();
  let [invalid, ended] = [false, false];
  for await (const event of record.events({ every: 'auto' })) {
    run.add(event);
    kept.add(event);
    if (event.type !== 'run-finished') continue;
    ended = true;
    invalid = (event.verdict ?? verdictOf(event.summaries)).level === 'INVALID';
  }
  return { record, run, kept, invalid, ended };
}

/** What a reader should know before trusting the comparison. */
function remarksOf(before: readonly ReadRun[], after: readonly ReadRun[]): readonly string[] {
  const all = [...before, ...after];
  const differ = (what: (run: ReadRun) => string | undefined): boolean => new Set(all.map(what)).size > 1;
  const host = ({ record }: ReadRun): string => JSON.stringify(record.header.facts?.host);
  return [
    ...(differ(({ record }) => record.header.facts?.config.text) ? ['The configs of the runs differ.'] : []),
    ...(differ(({ record }) => record.header.facts?.versions.elpis) ? ['The versions of Elpis differ.'] : []),
    ...(differ(host) ? ['The machines of the generator differ.'] : []),
    ...all.flatMap(({ record: { path }, invalid, ended }) => [
      ...(invalid ? [`The run of ${path} is INVALID: its times are no evidence.`] : []),
      ...(ended ? [] : [`The record ${path} ends before its run.`]),
    ]),
  ];
}

/** The file of the page, opened before the records are read. */
function pageFile(file: string | undefined, records: readonly string[]): ReplacedFile | undefined {
  if (file === undefined) return undefined;
  const same = records.find((record) => isSameFile(file, record));
  if (same === undefined) return new ReplacedFile(file);
  throw new ElpisError('ELPIS_USAGE', `--report ${file} is a record that is compared`, {
    hint: 'for example --report diff.html',
  });
}

async function compare(options: CompareOptions, io: Io): Promise<number> {
  const conditions = options.failIf.map(failIf);
  const paths = sidesOf(options);
  const page = pageFile(options.report, [...paths.before, ...paths.after]);
  try {
    return await compareSides(options, conditions, paths, page, io);
  } finally {
    page?.discard();
  }
}

async function compareSides(
  options: CompareOptions,
  conditions: readonly FailIf[],
  paths: ReturnType<typeof sidesOf>,
  page: ReplacedFile | undefined,
  io: Io,
): Promise<number> {
  const before = await Promise.all(paths.before.map(readRun));
  const after = await Promise.all(paths.after.map(readRun));
  const runs = (side: readonly ReadRun[]): readonly ComparedRun[] => side.map(({ run }) => run);
  // The same records always give the same text.
  const comparison = compareRuns(runs(before), runs(after), seededRandom(1));
  const failures = failuresOf(conditions, comparison.differences);
  const missing = unjudged(conditions, comparison.differences);
  const remarks = remarksOf(before, after);
  const named = { before: paths.before.join(', '), after: paths.after.join(', ') };
  const told = { ...named, failures, remarks };
  const text = options.json
    ? `${JSON.stringify({ ...told, ...comparison }, null, 2)}\n`
    : compareText(comparison, told);
  if (page !== undefined) {
    const compared = [before, after].flatMap((side) =>
      side.map(({ record, kept }) => ({ path: record.path, before: side === before, events: kept.events() })),
    );
    await page.write(await comparisonReportOf(pageComparisonOf(comparison, told), compared, readPageFiles()));
  }
  await writeAll(io.stdout, [text]);
  for (const { text: condition } of missing) {
    io.stderr.write(`--fail-if ${condition}: there is no such number, or too few operations for it\n`);
  }
  return failures.length > 0 || missing.length > 0 ? EXIT_CODES.runFailed : EXIT_CODES.ok;
}

/** `elpis compare`: what differs between recorded runs, with confidence intervals. */
export const compareCommand = command({
  name: 'compare',
  describe: 'compare recorded runs: what differs, with confidence intervals',
  options: OPTIONS,
  notes:
    'Prints Markdown; --report writes a page, too. The exit code is 1 when a condition of --fail-if holds or cannot be judged. See docs/COMPARE.md.',
  run: compare,
});
