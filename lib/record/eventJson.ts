import { isLeft, right } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { Command } from '../../operators/ticks/command.js';
import { ElpisError, ERROR_CODES, type ErrorCode } from '../core/errors.js';
import type {
  AnnouncedPool,
  PoolProgress,
  RunEnding,
  RunEvent,
  RunFacts,
  RunFailure,
  ThreadWindow,
} from '../engine/runEvent.js';
import type { CapacityState } from '../measure/capacityState.js';
import type { KeptExchange } from '../measure/keptExchange.js';
import type { ProcessReading } from '../measure/processReading.js';
import type { RunVerdict, ThresholdState, VerdictReason } from '../measure/runVerdict.js';
import { REASON_CODES, type ReasonCode } from '../measure/verdict/limits.js';
import type { WorkerState } from '../measure/workerState.js';
import { plainFields } from './plainJson.js';
import { planCodec } from './planJson.js';
import { faultText } from './recordFault.js';
import { badAmmoCodec, reportCodec, summaryCodec } from './resultCodecs.js';
import {
  flag,
  isObject,
  JsonCodec,
  type JsonObject,
  list,
  oneOf,
  orNull,
  real,
  shape,
  text,
  through,
} from './shape.js';
import { histogramCodec, windowCodec } from './windowCodec.js';

const progress: JsonCodec<PoolProgress> = shape('the counters of a pool', {
  ...{ elapsed: real, requests: real, responses: real, inFlight: real },
  ...{ instances: real, instancesStarted: real, instancesGrown: real },
  ...{ discarded: real, unfinished: real, emptyShots: real },
});

const threadWindow: JsonCodec<ThreadWindow> = shape('the part of a thread', {
  thread: real,
  ended: real,
  lateness: histogramCodec,
});

const exchange: JsonCodec<KeptExchange> = shape(
  'a kept exchange',
  { tag: text, reason: text, startedAt: real, serviceMs: real, request: text, response: orNull(text) },
  { curl: text },
);

const announced: JsonCodec<AnnouncedPool> = shape(
  'a pool',
  { id: text, rpsPerInstance: flag },
  { plan: planCodec, instances: planCodec },
);

/** Reasons that a newer version has are left out. */
const reasonCodes: JsonCodec<readonly ReasonCode[]> = through(
  list(text),
  (names): readonly ReasonCode[] => REASON_CODES.filter((code) => names.includes(code)),
  (codes) => codes,
);

/** What a run states about itself. */
export const factsCodec: JsonCodec<RunFacts> = shape(
  'the facts of a run',
  {
    config: shape('a config', { name: text, text, overrides: list(text) }),
    versions: shape('versions', { elpis: text, node: text }),
    host: shape('a machine', {
      ...{ platform: text, cpus: real, cpuModel: text, memoryBytes: real },
      openFilesLimit: orNull(real),
    }),
  },
  {
    judging: shape('a way of judging', {
      verdict: shape('limits of the verdict', { latenessMs: real, notShotPercent: real, ignore: reasonCodes }),
      failOn: orNull(oneOf('degraded', 'invalid')),
    }),
  },
);

const fields: JsonCodec<Readonly<Record<string, unknown>>> = new JsonCodec(
  'a map',
  (raw, context) => (isObject(raw) ? right(raw) : t.failure(raw, context)),
  plainFields,
  () => ({ type: 'object' }),
);

type Simple = Extract<Command, { readonly type: 'pause' | 'resume' | 'stop' }>;
const COMMANDS = {
  simple: shape('a command without a number', { type: oneOf('pause', 'resume', 'stop') }) as JsonCodec<Simple>,
  rate: shape('a command with a rate', { type: oneOf('rate'), perSecond: real }),
  scale: shape('a command with a factor', { type: oneOf('scale'), factor: real }),
};
const commandOf = (type: unknown): JsonCodec<Command> =>
  (type === 'rate' || type === 'scale' ? COMMANDS[type] : COMMANDS.simple) as JsonCodec<Command>;
const command: JsonCodec<Command> = new JsonCodec<Command>(
  'a command',
  (raw, context) => commandOf(isObject(raw) ? raw.type : undefined).validate(raw, context),
  (value) => commandOf(value.type).encode(value),
  (named) => ({ anyOf: Object.values(COMMANDS).map((codec) => codec.schema(named)) }),
);

const reading: JsonCodec<ProcessReading> = shape(
  'a reading of the process',
  {
    ...{ spanMs: real, userMs: real, systemMs: real, rssBytes: real, heapUsedBytes: real },
    ...{ gcPauseMs: real, longestGcPauseMs: real, openFiles: orNull(real), openFilesLimit: orNull(real) },
  },
  { clockStepMs: real },
);

const worker: JsonCodec<WorkerState> = shape(
  'a worker',
  {
    ...{ worker: text, phase: oneOf('preparing', 'running', 'silent', 'ended', 'lost') },
    ...{ shares: list(real), cpu: orNull(real) },
  },
  { host: text, clockOffsetMs: real, clockUncertaintyMs: real },
);

const threshold: JsonCodec<ThresholdState> = shape(
  'a threshold',
  {
    condition: text,
    otherwise: oneOf('fail', 'stop', 'warn'),
    status: oneOf('pending', 'passes', 'fails'),
    ...{ violated: flag, value: orNull(real), limit: real },
    unit: oneOf('ms', '%', '/s', ''),
    margin: orNull(real),
  },
  { pool: text, violatedAt: real },
);

const capacity: JsonCodec<CapacityState> = shape(
  'a search for the capacity',
  {
    ...{ pool: text, perSecond: real, phase: oneOf('recover', 'settle', 'measure', 'done') },
    steps: list(
      shape(
        'a measured rate',
        { perSecond: real, achieved: real, measuredMs: real, passes: flag, thresholds: list(threshold) },
        { limitedBy: text },
      ),
    ),
    estimate: orNull(
      shape('an estimate of the capacity', { perSecond: real, from: real, to: orNull(real), limitedBy: orNull(text) }),
    ),
  },
  { text },
);

const reason: JsonCodec<VerdictReason> = shape(
  'a reason',
  { code: text, level: oneOf('DEGRADED', 'INVALID'), text, value: real, limit: real },
  { pool: text },
);
const verdict: JsonCodec<RunVerdict> = shape('a verdict', {
  level: oneOf('VALID', 'DEGRADED', 'INVALID'),
  reasons: list(reason),
});

const ending: JsonCodec<RunEnding> = shape('an ending', { by: oneOf('plan', 'rule', 'user', 'failure'), text });

const isErrorCode = (code: string | undefined): code is ErrorCode =>
  code !== undefined && Object.hasOwn(ERROR_CODES, code);
const failure: JsonCodec<RunFailure> = through<RunFailure, { readonly message: string; readonly code?: string }>(
  shape('a failure', { message: text }, { code: text }),
  // A newer version may have a code that this one does not know.
  ({ code, message }) => ({ code: isErrorCode(code) ? code : undefined, message }),
  ({ code, message }) => ({ message, ...(code === undefined ? {} : { code }) }),
);

/** The codec of each type of event. */
export const EVENTS: { readonly [T in RunEvent['type']]: JsonCodec<Extract<RunEvent, { readonly type: T }>> } = {
  'pool-started': shape('pool-started', { type: oneOf('pool-started'), pool: text, at: real }),
  progress: shape('progress', { type: oneOf('progress'), pool: text, at: real, progress }),
  window: shape(
    'window',
    { type: oneOf('window'), pool: text, at: real, window: windowCodec },
    { threads: list(threadWindow) },
  ),
  'pool-stopped': shape('pool-stopped', { type: oneOf('pool-stopped'), pool: text, at: real, reason: text }),
  'bad-ammo': shape('bad-ammo', { type: oneOf('bad-ammo'), pool: text, at: real, kinds: list(badAmmoCodec) }),
  'share-lost': shape(
    'share-lost',
    {
      ...{ type: oneOf('share-lost'), pool: text, at: real, share: real, reason: text },
      ...{ missing: orNull(real), takenFrom: orNull(real) },
    },
    { player: text },
  ),
  exchange: shape('exchange', { type: oneOf('exchange'), pool: text, at: real, exchange }),
  report: shape('report', { type: oneOf('report'), pool: text, at: real, report: reportCodec }),
  'pool-finished': shape('pool-finished', { type: oneOf('pool-finished'), pool: text, at: real, progress }),
  'run-started': shape(
    'run-started',
    { type: oneOf('run-started'), at: real, pools: list(announced), threads: real },
    { seed: real, facts: factsCodec },
  ),
  warning: shape('warning', { type: oneOf('warning'), at: real, message: text, fields }),
  command: shape('command', { type: oneOf('command'), at: real, command }, { pool: text }),
  annotation: shape('annotation', { type: oneOf('annotation'), at: real, text }, { pool: text }),
  workers: shape('workers', { type: oneOf('workers'), at: real, workers: list(worker) }),
  process: shape('process', { type: oneOf('process'), at: real, reading }),
  capacity: shape('capacity', { type: oneOf('capacity'), at: real, state: capacity }),
  thresholds: shape('thresholds', { type: oneOf('thresholds'), at: real, states: list(threshold) }),
  'run-finished': shape(
    'run-finished',
    { type: oneOf('run-finished'), at: real, summaries: list(summaryCodec) },
    { seed: real, failure, ending, verdict, thresholds: list(threshold) },
  ),
  'observer-failed': shape('observer-failed', {
    type: oneOf('observer-failed'),
    at: real,
    observer: text,
    message: text,
  }),
};

const codecOf = (type: unknown): JsonCodec<RunEvent> | undefined =>
  typeof type === 'string' && Object.hasOwn(EVENTS, type)
    ? (EVENTS[type as RunEvent['type']] as JsonCodec<RunEvent>)
    : undefined;

/** An event as a JSON object. Its first key is `type`. */
export type EventJson = JsonObject & { readonly type: RunEvent['type'] };

/**
 * An event as plain data for `JSON.stringify`. A plan is written as points of its rate, a summary as its window and the facts besides it.
 *
 * @example
 * declare const event: RunEvent;
 * const line = JSON.stringify(eventToJson(event));
 * const same = eventFromJson(JSON.parse(line));
 */
export function eventToJson(event: RunEvent): EventJson {
  return (EVENTS[event.type] as JsonCodec<RunEvent>).encode(event) as EventJson;
}

/**
 * The event from its JSON. Keys that this version does not know are left out.
 *
 * @returns `undefined` for an event of a type that this version does not know.
 * @throws ElpisError `ELPIS_RECORD` that names the value and what was expected.
 */
export function eventFromJson(json: unknown): RunEvent | undefined {
  if (!isObject(json) || typeof json.type !== 'string')
    throw new ElpisError('ELPIS_RECORD', 'expected an event: an object with a type');
  const codec = codecOf(json.type);
  if (codec === undefined) return undefined;
  const read = codec.decode(json);
  if (isLeft(read)) throw new ElpisError('ELPIS_RECORD', `${json.type}${faultText(read.left)}`);
  return read.right;
}
