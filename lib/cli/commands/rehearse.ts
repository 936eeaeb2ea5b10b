import { resolve } from 'node:path';
import { isLeft } from 'fp-ts/lib/Either.js';
import { builtins } from '../../builtins/builtins.js';
import { atLeastMs } from '../../codec/duration.js';
import { nonEmpty } from '../../codec/scalars.js';
import { isMap } from '../../codec/struct.js';
import type { Config } from '../../config/config.js';
import { seedCodec } from '../../config/mainCodec.js';
import { workersCodec } from '../../config/meshCodec.js';
import { importModule } from '../../config/modules/importModule.js';
import { writesToStdout } from '../../config/writesToStdout.js';
import { defined } from '../../core/defined.js';
import { type Deps, WHOLE } from '../../core/deps.js';
import { describeError } from '../../core/errorContext.js';
import { ElpisError } from '../../core/errors.js';
import type { ConfiguredComponent } from '../../plugin/configured.js';
import { targetFromText } from '../../rehearsal/models/targetFromText.js';
import type { TargetModel } from '../../rehearsal/models/targetModel.js';
import type { Rehearsal } from '../../rehearsal/rehearsal.js';
import { rehearse } from '../../rehearsal/rehearse.js';
import type { TargetResponses } from '../../rehearsal/responses.js';
import { capacityText } from '../../report/capacityText.js';
import { useColour } from '../../report/format.js';
import { summaryJson } from '../../report/summaryJson.js';
import { summaryText } from '../../report/summaryText.js';
import { seededRandom } from '../../time/seededRandom.js';
import { VirtualClock } from '../../time/virtualClock.js';
import { ALLOW_PLUGINS, command, configArgument, flag, type Given, requiredValue, value } from '../command.js';
import { createLog } from '../createLog.js';
import { EXIT_CODES } from '../exitCodes.js';
import { exitCodeOfFailure, JUDGING, judgedConfig } from '../judging.js';
import { overridesOf, RESCALING } from '../overriding.js';
import { type InstanceNeed, rehearsalText } from '../rehearsalText.js';
import { type Io, printError } from '../terminal.js';
import { type WorkersPlan, workersPlan, workersText } from '../workersText.js';

const NOTES = `Models, joined by +: their times add up, and a script applies to all models before it.
  constant(20ms)                      lognormal(median=20ms, p99=80ms)
  exponential(5ms)                    empirical(0=5ms, 0.5=20ms, 0.99=80ms, 1=200ms)
  queue(servers=8, service=5ms, limit=100, full=503)
  fit:phout.log                       the responses of a recorded run, by tag
  script: ok 30s, stall 2s, 503 10s, slow x3 5s, reset 1s, refuse 1s, ok`;

const OPTIONS = {
  config: configArgument,
  ...ALLOW_PLUGINS,
  target: requiredValue('model', nonEmpty, 'the model of the target, see below'),
  seed: value(
    'n',
    seedCodec,
    "seed of all random numbers; the same seed gives the same run (default: the config's, else 1)",
  ),
  ...RESCALING,
  ...JUDGING,
  responses: value(
    'module',
    nonEmpty,
    'responses of the target to scenarios, by method and path, or by the method of gRPC: ./responses.ts',
  ),
  until: value('duration', atLeastMs(1), 'end the run after this virtual time'),
  writeResults: flag('write the result files of the config and of its observers; by default a rehearsal writes none'),
  record: value('file', nonEmpty, 'write the events of the run, to show, judge and compare it later: run.elp'),
  workers: value('n', workersCodec, 'show whether so many workers suffice, and what the loss of one would mean'),
  threads: value('n', workersCodec, 'with --workers: the threads of each', { fallback: '1' }),
  json: flag('print JSON'),
};
type RehearseOptions = Given<typeof OPTIONS>;

/** More instances than any machine needs. */
const MAX_INSTANCES = 10_000;
const CHART_WIDTH = 60;

const RESPONSES_HINT = "export default { 'GET /goods': { json: { goods: [7] } } }, a map by method and path";

/** The responses that a module exports: its default export, or the export of that name. */
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
  readonly needs: readonly InstanceNeed[];
  /** With `--workers`. */
  readonly workers: WorkersPlan | undefined;
  /** True when results were written to standard output; other text then goes to stderr. */
  readonly stdoutTaken: boolean;
}

/** An observer of the config that also runs in a rehearsal. The summary is printed here, because stdout may be JSON. */
function isRehearsed({ traits }: ConfiguredComponent<'observer'>, writeResults: boolean): boolean {
  const { stdout, sends, steers, file } = traits;
  return stdout !== true && sends !== true && steers !== true && (file !== true || writeResults);
}

type RehearseRun = Parameters<typeof rehearse>[1];

const SILENT = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** Runs a config again with as many instances as needed, to count them. */
async function instancesNeeded(location: unknown, run: RehearseRun): Promise<readonly InstanceNeed[]> {
  const unlimited = await rehearse(location, {
    ...run,
    deps: { ...run.deps, log: SILENT },
    onConfig: (config) => ({ ...config, judging: { ...config.judging, thresholds: [], failOn: null } }),
    writeResults: false,
    growTo: MAX_INSTANCES,
  })();
  if (isLeft(unlimited)) return [];
  return unlimited.right.pools.map(({ pool, instancesNeeded, overflowFrom }) => ({
    pool,
    instancesNeeded,
    overflowFrom,
  }));
}

/** What `--workers` shows. */
function workersOf(config: Config, { pools, seed }: Rehearsal, options: RehearseOptions, deps: RehearseRun['deps']) {
  const { workers, threads } = options;
  if (workers === undefined) return undefined;
  const virtual: Deps = { ...deps, scheduler: new VirtualClock(0), random: seededRandom(seed), share: WHOLE };
  return workersPlan(config, pools, { workers, threads, deps: virtual });
}

/** Undefined when the config is refused; the error is printed. */
async function rehearsed(options: RehearseOptions, io: Io): Promise<Rehearsed | undefined> {
  const { config: location, until, seed, writeResults, record } = options;
  const target = await targetFromText(options.target, '--target');
  const responses = await responsesIn(options.responses);
  const { stdin, stdout, stderr, env } = io;
  const log = createLog({ level: 'warn', file: 'stderr' }, io);
  const run = {
    ...{ target, responses, seed, env, writeResults, slots: CHART_WIDTH },
    registry: builtins(),
    deps: { stdin, stdout, stderr, log },
    overrides: overridesOf({ ...options, target: undefined }),
    allowPlugins: options.allowPlugins,
    ...defined({ untilMs: until }),
    ...defined({ shares: options.workers === undefined ? undefined : options.workers * options.threads }),
  };
  let checked: Config | undefined;
  const onConfig = (config: Config): Config => {
    checked = config;
    return judgedConfig(config, options);
  };
  const observers = (observer: ConfiguredComponent<'observer'>): boolean => isRehearsed(observer, writeResults);
  const outcome = await rehearse(location, { ...run, record, onConfig, observers })();
  if (isLeft(outcome)) {
    printError(outcome.left, io);
    return undefined;
  }
  const rehearsal = outcome.right;
  const short = rehearsal.pools.some(({ overflowFrom }) => overflowFrom !== null);
  const again = short && location !== '-' && rehearsal.capacity === undefined;
  return {
    ...{ target, rehearsal },
    workers: checked && workersOf(checked, rehearsal, options, run.deps),
    needs: again ? await instancesNeeded(location, run) : [],
    stdoutTaken: writeResults && checked !== undefined && writesToStdout(checked.pools),
  };
}

function rehearsalJson({ target, rehearsal, needs, workers }: Rehearsed) {
  const { summaries, pools, durationMs, error, seed, outcome, capacity } = rehearsal;
  const needOf = (pool: string): number | undefined => needs.find((need) => need.pool === pool)?.instancesNeeded;
  return {
    target: target.name,
    seed,
    durationMs,
    error: error === undefined ? null : describeError(error),
    pools: pools.map((pool) => ({ ...pool, instancesForNoWait: needOf(pool.pool) ?? pool.instancesNeeded })),
    ...defined({ capacity, workers }),
    summary: summaryJson(summaries, { seed, ...defined({ outcome }) }),
  };
}

async function printRehearsal(options: RehearseOptions, io: Io): Promise<number> {
  const outcome = await rehearsed(options, io);
  if (outcome === undefined) return EXIT_CODES.badUsage;
  const { target, rehearsal, needs, workers } = outcome;
  const stream = outcome.stdoutTaken ? io.stderr : io.stdout;
  const { summaries, error, outcome: judged, capacity } = rehearsal;
  if (options.json) {
    stream.write(`${JSON.stringify(rehearsalJson(outcome))}\n`);
  } else {
    const width = stream.columns ?? 100;
    stream.write(`${summaryText(summaries, { colour: useColour(stream, io.env), width, outcome: judged })}\n`);
    if (capacity !== undefined) stream.write(`${capacityText(capacity)}\n\n`);
    stream.write(rehearsalText(rehearsal, needs, { target: target.name, seed: rehearsal.seed, width: CHART_WIDTH }));
    if (workers !== undefined) stream.write(workersText(workers));
  }
  if (error === undefined) return EXIT_CODES.ok;
  printError(error, io);
  return exitCodeOfFailure(error, judged?.ending);
}

/**
 * `elpis rehearse`: runs a config in virtual time against a model of its target, and prints the expected results of a
 * real run.
 */
export const rehearseCommand = command({
  name: 'rehearse',
  describe: 'run a load test in virtual time against a model of its target',
  options: OPTIONS,
  notes: NOTES,
  run: printRehearsal,
});
