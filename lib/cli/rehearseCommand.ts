import { resolve } from 'node:path';
import { isLeft } from 'fp-ts/lib/Either.js';
import { builtins } from '../builtins/builtins.js';
import { parseDuration } from '../codec/duration.js';
import { isMap } from '../codec/struct.js';
import type { Config } from '../config/config.js';
import { importModule } from '../config/modules/importModule.js';
import { writesToStdout } from '../config/writesToStdout.js';
import { describeError } from '../core/blame.js';
import { defined } from '../core/defined.js';
import { ElpisError } from '../core/errors.js';
import type { Millis } from '../core/units.js';
import type { SummarySnapshot } from '../measure/summary.js';
import { targetFromText } from '../rehearsal/models/targetFromText.js';
import type { TargetModel } from '../rehearsal/models/targetModel.js';
import type { Rehearsal, RehearsedPool } from '../rehearsal/rehearsal.js';
import { type RehearseWorld, rehearse } from '../rehearsal/rehearse.js';
import type { TargetResponses } from '../rehearsal/responses.js';
import { formatCount, formatLength, useColour } from '../report/format.js';
import { rateChart } from '../report/rateChart.js';
import { summaryJson } from '../report/summaryJson.js';
import { summaryText } from '../report/summaryText.js';
import { createLog } from './createLog.js';
import { EXIT_CODES } from './exitCodes.js';
import { type Io, printError } from './terminal.js';

/** What a pool needs when it starts an instance for every operation that would have to wait. */
type Need = Pick<RehearsedPool, 'pool' | 'instancesNeeded' | 'overflowFrom'>;

/** What was rehearsed, and how wide the charts are. */
export interface RehearsalTextOptions {
  readonly target: string;
  readonly seed: number;
  readonly width: number;
}

const at = (ms: Millis | null): string => (ms === null ? '-' : formatLength(ms));

function scheduleLine(planned: number | null | undefined, { total }: SummarySnapshot): string {
  const shot = formatCount(total.started);
  if (planned === null || planned === undefined) return `${shot} operations started; their planned number is unknown`;
  const all = total.started >= planned;
  return `${all ? 'all' : `${shot} of`} ${formatCount(planned)} planned operations started${all ? '' : `, ${formatCount(planned - total.started)} were not`}`;
}

function instancesLine(pool: RehearsedPool, need: Need | undefined): string {
  const busy = `${formatCount(pool.instancesNeeded)} of ${formatCount(pool.instancesStarted)} were busy at once`;
  if (pool.overflowFrom === null) return `${busy}, first at ${at(pool.instancesNeededAt)}`;
  if (need === undefined) return `${busy}: more are needed`;
  const needed = formatCount(need.instancesNeeded);
  return need.overflowFrom === null
    ? `${busy}: ${needed} are needed so that no operation waits`
    : `${busy}, and ${needed} would not be enough: the target is slower than the schedule`;
}

function ammoLine({ ammoRanDryAt }: RehearsedPool, planned: number | null | undefined, started: number): string {
  if (ammoRanDryAt === null) return 'enough for the whole run';
  const short = planned === null || planned === undefined || started < planned;
  return short ? `runs dry at ${at(ammoRanDryAt)}` : `is used up with the last operation, at ${at(ammoRanDryAt)}`;
}

function overflowLine({ overflowFrom, discardsFrom }: RehearsedPool): string {
  if (overflowFrom === null) return 'none: no operation waits for an instance';
  const waits = `operations wait for an instance from ${at(overflowFrom)} on`;
  return discardsFrom === null ? waits : `${waits}, and are discarded from ${at(discardsFrom)} on`;
}

/** More tags than this are not listed. */
const MOST_TAGS = 8;

function responsesText({ withoutResponse }: RehearsedPool): string {
  if (withoutResponse.length === 0) return '';
  const listed = withoutResponse.slice(0, MOST_TAGS).join(', ');
  const more = withoutResponse.length - MOST_TAGS;
  return `  responses  none is given for ${listed}${more > 0 ? ` and ${more} more` : ''}: checks and extractors see an empty body\n`;
}

function poolText(pool: RehearsedPool, summary: SummarySnapshot, need: Need | undefined, width: number): string {
  const { slotMs, planned, started, finished } = pool.rates;
  const count = summary.planned?.count;
  const chart = rateChart(
    [
      ...(planned === null ? [] : [{ label: 'planned', perSecond: planned }]),
      { label: 'started', perSecond: started },
      { label: 'finished', perSecond: finished },
    ],
    { durationMs: slotMs * started.length, width },
  );
  return (
    `${pool.pool}\n` +
    `  schedule   ${scheduleLine(count, summary)}\n` +
    `  instances  ${instancesLine(pool, need)}\n` +
    `  ammo       ${ammoLine(pool, count, summary.total.started)}\n` +
    `  overflow   ${overflowLine(pool)}\n` +
    responsesText(pool) +
    (chart === '' ? '' : `\n${chart}\n`)
  );
}

/** The text of a rehearsal beside the summary of the run: per pool the result of the schedule, the instances and the ammo. */
function rehearsalText(rehearsal: Rehearsal, needs: readonly Need[], options: RehearsalTextOptions): string {
  const { target, seed, width } = options;
  const head = `Rehearsal: ${formatLength(rehearsal.durationMs)} of virtual time against ${target}, seed ${seed}\n`;
  const pools = rehearsal.pools.flatMap((pool) => {
    const summary = rehearsal.summaries.find((candidate) => candidate.pool === pool.pool);
    const need = needs.find((candidate) => candidate.pool === pool.pool);
    return summary === undefined ? [] : [poolText(pool, summary, need, width)];
  });
  return `${[head, ...pools].join('\n')}`;
}

/** Options of `elpis rehearse`. */
export interface RehearseCommandOptions {
  readonly target: string;
  readonly seed: number;
  readonly until?: string;
  readonly responses?: string;
  readonly writeResults?: boolean;
  readonly json?: boolean;
}

/** More instances than any machine needs. */
const MOST_INSTANCES = 10_000;
const CHART_WIDTH = 60;

function untilMs(text: string | undefined): Millis | undefined {
  if (text === undefined) return undefined;
  const ms = parseDuration(text);
  if (ms !== undefined && ms > 0) return ms;
  throw new ElpisError('ELPIS_USAGE', `--until is "${text}", expected a duration above 0 such as 90s or 1h`);
}

const RESPONSES_HINT = "export default { 'GET /goods': { json: { goods: [7] } } }, a map by method and path";

/** The responses that a module exports: its default, or the export of that name. */
async function responsesIn(file: string | undefined): Promise<TargetResponses | undefined> {
  if (file === undefined) return undefined;
  const loaded = await importModule(resolve(file), resolve('.'), 'ELPIS_USAGE')();
  if (isLeft(loaded)) throw loaded.left;
  const found = loaded.right.default ?? loaded.right.responses;
  if (isMap(found) && Object.values(found).every((each) => isMap(each) || typeof each === 'function'))
    return found as TargetResponses;
  throw new ElpisError('ELPIS_USAGE', `--responses ${file}: the module exports no responses`, { hint: RESPONSES_HINT });
}

interface Rehearsed {
  readonly target: TargetModel;
  readonly rehearsal: Rehearsal;
  readonly needs: readonly Need[];
  /** True when results were written to standard output; nothing else is then. */
  readonly stdoutTaken: boolean;
}

async function rehearsed(
  location: string | undefined,
  options: RehearseCommandOptions,
  io: Io,
): Promise<Rehearsed | undefined> {
  const target = await targetFromText(options.target, '--target');
  const until = untilMs(options.until);
  const responses = await responsesIn(options.responses);
  const { stdin, stdout, stderr, env } = io;
  const log = createLog({ level: options.json === true ? 'error' : 'warn', file: 'stderr' }, io);
  const world: RehearseWorld = {
    registry: builtins(),
    env,
    deps: { stdin, stdout, stderr, log },
    writeResults: options.writeResults === true,
  };
  const run = {
    target,
    responses,
    seed: options.seed,
    ...defined({ untilMs: until }),
    slots: CHART_WIDTH,
  };
  let stdoutTaken = false;
  const onConfig = ({ pools }: Config): void => {
    stdoutTaken = world.writeResults && writesToStdout(pools);
  };
  const first = await rehearse(location, { ...run, ...world, onConfig })();
  if (isLeft(first)) {
    printError(first.left, io);
    return undefined;
  }
  const rehearsal = first.right;
  const short = rehearsal.pools.some(({ overflowFrom }) => overflowFrom !== null);
  if (!short || location === '-') return { target, rehearsal, needs: [], stdoutTaken };
  // Runs it again, with as many instances as it needs, to count them.
  const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  const second = await rehearse(location, {
    ...run,
    ...world,
    deps: { ...world.deps, log: silent },
    writeResults: false,
    growTo: MOST_INSTANCES,
  })();
  const needs = isLeft(second)
    ? []
    : second.right.pools.map(
        ({ pool, instancesNeeded, overflowFrom }): Need => ({ pool, instancesNeeded, overflowFrom }),
      );
  return { target, rehearsal, needs, stdoutTaken };
}

/** `elpis rehearse`: runs a config in virtual time against a model of its target, and prints what a real run would be like. */
export async function rehearseCommand(
  location: string | undefined,
  options: RehearseCommandOptions,
  io: Io,
): Promise<number> {
  let outcome: Rehearsed | undefined;
  try {
    outcome = await rehearsed(location, options, io);
  } catch (error) {
    printError(error, io);
  }
  if (outcome === undefined) return EXIT_CODES.badUsage;
  const { target, rehearsal, needs, stdoutTaken } = outcome;
  const stream = stdoutTaken ? io.stderr : io.stdout;
  const { summaries, pools, durationMs, error } = rehearsal;
  if (options.json === true) {
    const failed = error === undefined ? null : describeError(error);
    const rows = pools.map((pool) => ({
      ...pool,
      instancesForNoWait: needs.find((need) => need.pool === pool.pool)?.instancesNeeded ?? pool.instancesNeeded,
    }));
    const { seed } = options;
    const all = { target: target.name, seed, durationMs, error: failed, pools: rows, summary: summaryJson(summaries) };
    stream.write(`${JSON.stringify(all)}\n`);
  } else {
    const width = stream.columns ?? 100;
    stream.write(`${summaryText(summaries, { colour: useColour(stream, io.env), width })}\n`);
    stream.write(rehearsalText(rehearsal, needs, { target: target.name, seed: options.seed, width: CHART_WIDTH }));
  }
  if (error === undefined) return EXIT_CODES.ok;
  printError(error, io);
  return EXIT_CODES.runFailed;
}
