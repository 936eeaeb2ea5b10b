import { isLeft } from 'fp-ts/lib/Either.js';
import { builtins } from '../builtins/builtins.js';
import { parseDuration } from '../codec/parseDuration.js';
import type { Config } from '../config/config.js';
import { writesToStdout } from '../config/writesToStdout.js';
import { ElpisError } from '../core/errors.js';
import type { Millis } from '../core/units.js';
import type { Rehearsal } from '../rehearsal/rehearsal.js';
import { type RehearseWorld, rehearse } from '../rehearsal/rehearse.js';
import { targetFromText } from '../rehearsal/targetFromText.js';
import type { TargetModel } from '../rehearsal/targetModel.js';
import { summaryJson } from '../report/summaryJson.js';
import { summaryText } from '../report/summaryText.js';
import { createLog } from './createLog.js';
import { EXIT_CODES } from './exitCodes.js';
import type { Io } from './io.js';
import { printError } from './printError.js';
import { type Need, rehearsalText } from './rehearsalText.js';
import { useColour } from './useColour.js';

/** Options of `elpis rehearse`. */
export interface RehearseCommandOptions {
  readonly target: string;
  readonly seed: number;
  readonly until?: string;
  readonly writeResults?: boolean;
  readonly json?: boolean;
}

/** As many instances as any machine has use for. */
const MOST_INSTANCES = 10_000;
const CHART_WIDTH = 60;

function untilMs(text: string | undefined): Millis | undefined {
  if (text === undefined) return undefined;
  const ns = parseDuration(text);
  if (ns !== undefined && ns > 0) return ns / 1e6;
  throw new ElpisError('ELPIS_USAGE', `--until is "${text}", expected a duration above 0 such as 90s or 1h`);
}

interface Rehearsed {
  readonly target: TargetModel;
  readonly rehearsal: Rehearsal;
  readonly needs: readonly Need[];
  /** True when results went to standard output, which then has them to itself. */
  readonly stdoutTaken: boolean;
}

async function rehearsed(
  location: string | undefined,
  options: RehearseCommandOptions,
  io: Io,
): Promise<Rehearsed | undefined> {
  const target = await targetFromText(options.target, '--target');
  const until = untilMs(options.until);
  const { stdin, stdout, stderr, env } = io;
  const log = createLog({ level: options.json === true ? 'error' : 'warn', file: 'stderr' }, io);
  const world: RehearseWorld = {
    registry: builtins(),
    env,
    deps: { stdin, stdout, stderr, log },
    writeResults: options.writeResults === true,
  };
  const run = { target, seed: options.seed, ...(until === undefined ? {} : { untilMs: until }), slots: CHART_WIDTH };
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
  // Once more, with as many instances as it takes: that is how many it takes.
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

/** `elpis rehearse`: runs a config in virtual time against a model of its target, and tells what a real run would be like. */
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
    const failed = error === undefined ? null : error instanceof Error ? error.message : String(error);
    const told = pools.map((pool) => ({
      ...pool,
      instancesForNoWait: needs.find((need) => need.pool === pool.pool)?.instancesNeeded ?? pool.instancesNeeded,
    }));
    const { seed } = options;
    const all = { target: target.name, seed, durationMs, error: failed, pools: told, summary: summaryJson(summaries) };
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
