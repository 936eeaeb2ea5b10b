import { isRight } from 'fp-ts/lib/Either.js';
import { nonEmpty } from '../../codec/scalars.js';
import { defined } from '../../core/defined.js';
import type { EpochMs } from '../../core/units.js';
import { judgedFailure, RunJudgement } from '../../engine/judgement.js';
import type { RunEvent, RunObserver } from '../../engine/runEvent.js';
import type { ThresholdState } from '../../measure/runVerdict.js';
import { sinceText, stateText } from '../../measure/stateText.js';
import { writeJunitTo } from '../../observers/junit.js';
import { printSummaryTo } from '../../observers/summaryText.js';
import { type RunRecord, readRecord } from '../../record/file/readRecord.js';
import { summaryJson } from '../../report/summaryJson.js';
import { parseThreshold } from '../../rules/parseThreshold.js';
import { parseAutostop } from '../../rules/tankAutostop.js';
import type { Threshold } from '../../rules/threshold.js';
import { command, flag, type Given, requiredArgument, value } from '../command.js';
import { EXIT_CODES } from '../exitCodes.js';
import { exitCodeOfFailure, JUDGING, thresholdsOf } from '../judging.js';
import { replayed } from '../replay.js';
import { type Io, printError } from '../terminal.js';

const OPTIONS = {
  record: requiredArgument('a record that --record or the key record has written: run.elp, also run.elp.gz'),
  ...JUDGING,
  json: flag('print the summary as JSON, as --summary-json writes it'),
  junit: value('file', nonEmpty, 'write the verdict and the thresholds as JUnit XML'),
};
type JudgeOptions = Given<typeof OPTIONS>;

type Finished = Extract<RunEvent, { readonly type: 'run-finished' }>;

/** The threshold of a recorded state. Its text has all but the pool and what happens otherwise. */
function thresholdOf({ condition, pool, otherwise }: ThresholdState): readonly Threshold[] {
  const beside = { otherwise, ...defined({ pool }) };
  const own = parseThreshold(condition, beside);
  if (isRight(own)) return [own.right];
  const rules = parseAutostop(condition);
  return isRight(rules) ? rules.right : [];
}

/** The thresholds with which the run was judged when it was recorded. */
async function recordedThresholds(record: RunRecord): Promise<readonly Threshold[]> {
  let states: readonly ThresholdState[] = [];
  for await (const event of record.events({ every: 'auto' })) {
    if (event.type === 'thresholds') states = event.states;
    else if (event.type === 'run-finished') states = event.thresholds ?? [];
  }
  return states.flatMap(thresholdOf);
}

/** A recorded run that was judged again. */
interface Rejudged {
  readonly startedAt: EpochMs;
  /** Its end as it would have been with these thresholds. */
  readonly finished: Finished;
  readonly unseen: readonly string[];
}

/**
 * Folds the events of a record into a judgement, as the run does, with the limits of the run. A record without them is one of an older
 * version: its verdict stays, and without an end it is judged by the default limits.
 */
async function rejudged(record: RunRecord, thresholds: readonly Threshold[], io: Io): Promise<Rejudged> {
  const limits = record.header.facts?.judging;
  const judging = { thresholds, ...defined({ verdict: limits?.verdict }) };
  let judgement = new RunJudgement([], 1, judging);
  let startedAt = record.header.start;
  let last: RunEvent | undefined;
  for await (const event of record.events()) {
    last = event;
    if (event.type === 'run-started') {
      judgement = new RunJudgement(event.pools, event.threads, judging);
      startedAt = event.at;
    } else if (event.type === 'run-finished') break;
    else judgement.add(event);
  }
  const { seed } = record.header;
  if (last?.type !== 'run-finished')
    io.stderr.write(`${record.path}: the record ends before the run has ended; it is judged until then\n`);
  const at = last?.at ?? startedAt;
  const judged = judgement.end(at);
  const recorded: Partial<Finished> = last?.type === 'run-finished' ? last : {};
  const { ending } = recorded;
  const verdict = limits === undefined ? (recorded.verdict ?? judged.verdict) : judged.verdict;
  return {
    startedAt,
    finished: { type: 'run-finished', at, ...judged, verdict, ...defined({ ending, seed }) },
    unseen: judgement.unseen,
  };
}

/** When a threshold was violated, for each that was: those that stop would have ended the run then. */
function violations({ finished: { thresholds = [] }, startedAt }: Rejudged): readonly string[] {
  return thresholds.flatMap((state) => {
    if (state.violatedAt === undefined) return [];
    const after = sinceText(state.violatedAt - startedAt);
    const stops = state.otherwise === 'stop' ? ', and stops a run then' : '';
    return [`violated after ${after}${stops}: ${stateText(state)}`];
  });
}

async function judge({ record: path, threshold, failOn, json, junit }: JudgeOptions, io: Io): Promise<number> {
  const given = thresholdsOf(threshold);
  const record = await readRecord(path);
  const result = await rejudged(record, given.length > 0 ? given : await recordedThresholds(record), io);
  const { finished, startedAt } = result;
  const observers: readonly RunObserver[] = [
    ...(json ? [] : [printSummaryTo({ stream: io.stdout, env: io.env })]),
    ...(junit === undefined ? [] : [writeJunitTo({ file: junit })]),
  ];
  const started: RunEvent = { type: 'run-started', at: startedAt, pools: [], threads: 1 };
  const failures = await replayed([started, finished], observers);
  const { summaries, seed, verdict, thresholds } = finished;
  if (json) io.stdout.write(`${JSON.stringify(summaryJson(summaries, { seed, outcome: finished }), null, 2)}\n`);
  else for (const line of violations(result)) io.stdout.write(`${line}\n`);
  for (const condition of result.unseen)
    io.stderr.write(`the threshold ${condition} was not judged: what it names has not appeared\n`);
  for (const failure of failures) printError(failure, io);
  if (failures.length > 0) return EXIT_CODES.runFailed;
  const failure =
    verdict && judgedFailure({ verdict, ...defined({ thresholds }) }, failOn ?? record.header.facts?.judging?.failOn);
  if (failure === undefined) return EXIT_CODES.ok;
  printError(failure, io);
  return exitCodeOfFailure(failure, undefined);
}

/** `elpis judge`: judges a recorded run again, without shooting. */
export const judgeCommand = command({
  name: 'judge',
  describe: 'judge a recorded run again by other thresholds, without shooting',
  options: OPTIONS,
  notes:
    'Without --threshold the thresholds of the run itself are judged again; the limits of the verdict and fail-on are those of the run.',
  run: judge,
});
