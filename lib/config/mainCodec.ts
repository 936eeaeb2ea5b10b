import { availableParallelism } from 'node:os';
import { isLeft, map } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { atMost, checked } from '../codec/bounds.js';
import { listOf } from '../codec/collections.js';
import { atLeastMs } from '../codec/duration.js';
import type { Codec } from '../codec/issue.js';
import { filePath } from '../codec/paths.js';
import { flag, nonEmpty, oneOf, parseInteger, scalar, text, unsigned } from '../codec/scalars.js';
import { caseInsensitive, withSchema } from '../codec/schema.js';
import { defaultsOf, optional, refineStruct, required, struct } from '../codec/struct.js';
import { DEFAULT_TAIL_MS } from '../engine/tailLimit.js';
import { LOOPBACK, listeningPort } from '../observers/expvar.js';
import type { ConfiguredComponent } from '../plugin/configured.js';
import type { PartCodecs } from '../plugin/part.js';
import { autostopCodec, thresholdsCodec } from '../rules/thresholdCodec.js';
import { verdictCodec } from '../rules/verdictCodec.js';
import { capacityCodec, capacityIssue } from './capacityCodec.js';
import type { LogLevel } from './config.js';
import { meshCodec } from './meshCodec.js';
import { overflowCodec, poolRules } from './poolRules.js';

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'dpanic', 'panic', 'fatal'];

const SCHEMA = {
  anyOf: [{ enum: LEVELS }, { type: 'string', pattern: `^(${LEVELS.map(caseInsensitive).join('|')})?$` }],
};

/** A level in any case; empty text is info. */
const level = scalar<LogLevel>({ name: `one of ${LEVELS.join(', ')}`, schema: SCHEMA }, (written) => {
  if (typeof written !== 'string') return { code: 'wrong-type' };
  const found = LEVELS.find((known) => known === (written.toLowerCase() || 'info'));
  return found === undefined ? { code: 'one-of' } : { value: found };
});

/** The key `log`. */
const logCodec = struct('log', {
  level: optional(level, 'info', 'how much is logged'),
  file: optional(nonEmpty, 'stdout', 'stdout, stderr or the path of a file, to which it is appended'),
});

const expvar = struct('expvar', {
  enabled: optional(flag, false, 'serve counters over HTTP'),
  port: optional(listeningPort, 1234, 'the port'),
  host: optional(nonEmpty, LOOPBACK, 'the address to listen on; 0.0.0.0 is all interfaces'),
});

const profile = (file: string) =>
  struct('profile', {
    enabled: optional(flag, false, 'accepted, without effect: it is a Go profile'),
    file: optional(text, file, 'accepted, without effect'),
  });
const cpuprofile = profile('cpuprofile.log');
const memprofile = profile('memprofile.log');

/** The key `monitoring`. */
const monitoringCodec = struct('monitoring', {
  expvar: optional(expvar, defaultsOf(expvar), 'counters over HTTP'),
  cpuprofile: optional(cpuprofile, defaultsOf(cpuprofile), 'accepted, without effect'),
  memprofile: optional(memprofile, defaultsOf(memprofile), 'accepted, without effect'),
});

/** The key `operators` of a pool: at each point a list, in the order in which values pass. */
function operatorsCodec({ operator }: Pick<PartCodecs, 'operator'>) {
  return struct('operators', {
    ticks: optional(listOf(operator.ticks), [], 'between the schedule and the ammo: change or drop operations'),
    shots: optional(listOf(operator.shots), [], 'between the ammo and the instances: operations with their ammo'),
    samples: optional(listOf(operator.samples), [], 'between the instances and the results: change or drop samples'),
  });
}

/** The key `result`: an aggregator, or several that all get every sample. */
function resultCodec({ aggregator }: PartCodecs): Codec<readonly ConfiguredComponent<'aggregator'>[]> {
  const several = checked(listOf(aggregator), (list) => list.length > 0, 'at least one result', 'min', {
    hint: () => 'write {type: discard} when no samples are to be kept',
    schema: { minItems: 1 },
  });
  const validate: t.Validate<unknown, readonly ConfiguredComponent<'aggregator'>[]> = (raw, context) =>
    Array.isArray(raw)
      ? several.validate(raw, context)
      : map((one: ConfiguredComponent<'aggregator'>) => [one])(aggregator.validate(raw, context));
  const is = (raw: unknown): raw is readonly ConfiguredComponent<'aggregator'>[] => !isLeft(validate(raw, []));
  return withSchema(new t.Type(`${aggregator.name}, or a list of them`, is, validate, t.identity), (schemaOf) => ({
    anyOf: [schemaOf(aggregator), schemaOf(several)],
  }));
}

const MAX_THREADS = 256;

/** A number of threads from 1 to 256, or `auto` for one per processor that this process may use. */
export const threadsCodec: Codec<number> = scalar<number>(
  {
    name: `a number of threads from 1 to ${MAX_THREADS}, or auto`,
    schema: { anyOf: [{ type: 'number', minimum: 1, maximum: MAX_THREADS }, { const: 'auto' }] },
  },
  (raw, referenced) => {
    if (raw === 'auto') return { value: Math.min(MAX_THREADS, availableParallelism()) };
    const threads = referenced ? parseInteger(String(raw)) : raw;
    if (typeof threads !== 'number' || !Number.isFinite(threads)) return { code: 'wrong-type' };
    if (threads < 1) return { code: 'min' };
    if (threads > MAX_THREADS) return { code: 'max' };
    return Number.isInteger(threads) ? { value: threads } : { code: 'wrong-type', hint: 'write a whole number' };
  },
);

/** The keys of a pool, with the components that the given codecs know. */
export function poolCodec(plugins: PartCodecs) {
  const operators = operatorsCodec(plugins);
  return struct('pool', {
    id: optional(text, '', 'names the pool in messages and reports; pool_0, pool_1 and so on when empty'),
    gun: required(plugins.gun, 'the gun that shoots the ammo'),
    ammo: required(plugins.provider, 'the provider of ammo'),
    result: required(resultCodec(plugins), 'the results of the samples'),
    rps: required(plugins.schedule, 'when operations are due'),
    startup: required(plugins.schedule, 'when instances start'),
    rpsPerInstance: optional(flag, false, 'every instance follows its own copy of rps'),
    discardOverflow: optional(flag, true, 'overflow: discard when true, queue when false', 'discard_overflow'),
    overflow: optional(overflowCodec, null, 'the handling of operations that are due while no instance is free'),
    operators: optional(operators, defaultsOf(operators), 'your own operators at named points'),
    tailLimit: optional(
      atLeastMs(0),
      DEFAULT_TAIL_MS,
      'the longest wait for ammo after the end of the plan, without a shot under way; then the pool ends; 0s: no limit, as in Pandora',
    ),
    pacing: optional(
      oneOf(['relaxed', 'precise']),
      'relaxed',
      'relaxed: shots are up to 1 ms late; precise: microseconds, but a core is busy',
    ),
    runUp: optional(
      oneOf(['auto', 'always', 'in-memory', 'never']),
      'auto',
      'before the run, practice shots in memory compile the code of a shot, and the connections of the first second are opened: always, never, in-memory: only the practice shots, or auto: both with precise pacing',
    ),
  });
}

/** A seed of random numbers. */
export const seedCodec: Codec<number> = atMost(unsigned, 2 ** 32 - 1);

/** The top level of a config, with the components that the given codecs know. */
export function mainCodec(plugins: PartCodecs) {
  const config = struct('config', {
    pools: required(
      listOf(poolRules(poolCodec(plugins)), 'a list of pools, each a map'),
      'the pools, which run side by side',
    ),
    log: optional(logCodec, defaultsOf(logCodec), 'the log of the run'),
    monitoring: optional(monitoringCodec, defaultsOf(monitoringCodec), 'live counters for other programs'),
    observers: optional(listOf(plugins.observer), [], 'the observers of the run, besides its results'),
    keepExchanges: optional(
      atMost(unsigned, 100),
      3,
      'of each tag and reason, how many of the first bad and failed exchanges are kept as examples, and how many of all later ones; 0: none',
    ),
    record: optional(filePath, null, 'a file for the events of the run, to show, judge and compare it later: run.elp'),
    threads: optional(threadsCodec, 1, 'number of threads that share the run; auto is one per processor'),
    threadTimeout: optional(
      atLeastMs(2000),
      60_000,
      'of several threads, one that sends nothing for so long is ended and fails the run: its event loop is blocked',
    ),
    mesh: optional(meshCodec, null, 'several machines share the run, over NATS'),
    seed: optional(
      seedCodec,
      null,
      'seed of all random numbers: the same seed gives the same values; by default from the time',
    ),
    thresholds: optional(
      thresholdsCodec,
      [],
      'what the run must keep, such as p99(response) < 250ms: docs/THRESHOLDS.md',
    ),
    autostop: optional(autostopCodec, [], 'rules of Yandex.Tank that stop the run, such as quantile(95,100ms,20s)'),
    verdict: optional(verdictCodec, defaultsOf(verdictCodec), 'the limits that decide whether the run is evidence'),
    strict: optional(flag, false, 'the same as fail-on: degraded under verdict'),
    capacity: optional(
      capacityCodec,
      null,
      'searches for the highest rate at which all thresholds pass: docs/CAPACITY.md',
    ),
    plugins: optional(listOf(nonEmpty), [], 'modules with your own components: ./my-gun.ts'),
  });
  return refineStruct(config, capacityIssue);
}
