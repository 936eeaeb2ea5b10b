import fc from 'fast-check';
import type { RunEvent } from '../../../lib/engine/runEvent.js';
import { ConnectionRecorder } from '../../../lib/measure/connectionRecorder.js';
import { summaryOf } from '../../../lib/measure/summary.js';
import { REASON_CODES } from '../../../lib/measure/verdict/limits.js';
import type { Window } from '../../../lib/measure/window.js';
import { WindowRecorder } from '../../../lib/measure/windowRecorder.js';
import { timed } from '../../operators/timed.js';

const number = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true }).map((n) => n + 0),
);
const real = fc.oneof(number, fc.constantFrom(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN));
const at = fc.double({ min: 0, max: 2e12, noNaN: true }).map((n) => n + 0);
const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('__proto__', 'toString', '"\n\u2028'),
);
const orNull = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null });

const sample = fc.record({
  ms: fc.double({ min: 0, max: 8_000_000, noNaN: true }),
  fields: fc.record({
    outcome: fc.constantFrom('shot', 'shot', 'discarded', 'unfinished'),
    scope: fc.constantFrom('', '', 'group', 'scenario'),
    tag: text,
    netCode: fc.constantFrom(0, 0, 110),
    errorName: text,
    protoCode: fc.constantFrom(0, 200, 503),
    bytesIn: fc.nat(1000),
    metrics: fc.array(
      fc.record({
        kind: fc.constantFrom('check', 'counter', 'gauge', 'rate', 'trend'),
        name: text,
        value: fc.double({ min: 0, max: 1e9, noNaN: true }).map((n) => n + 0),
      }),
      { maxLength: 3 },
    ),
  }),
});

type ConnectionStep = (watch: ConnectionRecorder) => void;
const ms = fc.double({ min: 0, max: 8_000_000, noNaN: true });
const connectionStep: fc.Arbitrary<ConnectionStep> = fc.oneof(
  fc.record({ dns: ms, connect: ms, tls: ms }, { requiredKeys: [] }).map(
    (phases): ConnectionStep =>
      (watch) =>
        watch.opened(phases),
  ),
  fc.constantFrom<ConnectionStep>(
    (watch) => watch.failed(),
    (watch) => watch.reused(),
    (watch) => watch.closed('target'),
    (watch) => watch.closed('generator'),
    (watch) => watch.closed('broken'),
  ),
  fc.tuple(ms, ms).map(
    ([wait, receive]): ConnectionStep =>
      (watch) =>
        watch.exchanged(wait, receive),
  ),
);

/** Any window that a recorder makes. */
export const someWindow: fc.Arbitrary<Window> = fc
  .record({
    samples: fc.array(sample, { maxLength: 12 }),
    facts: fc.record({
      planned: orNull(fc.nat()),
      started: orNull(fc.nat()),
      partial: fc.boolean(),
      withoutAmmo: fc.nat(),
    }),
    counters: fc.dictionary(text, fc.nat()),
    connections: fc.array(connectionStep, { maxLength: 6 }),
  })
  .map(({ samples, facts, counters, connections }) => {
    const recorder = new WindowRecorder({ from: 500, tagLimit: 4 });
    for (const { ms, fields } of samples) recorder.record(timed(ms, fields as Parameters<typeof timed>[1]));
    const watch = new ConnectionRecorder();
    for (const step of connections) step(watch);
    return recorder.close(1500, {
      ...facts,
      counters: new Map(Object.entries(counters)),
      connections: watch.take(),
    });
  });

const badAmmo = fc.record({ kind: text, count: fc.nat(), first: fc.array(text, { maxLength: 3 }) });
const thread = fc.record({ ended: fc.nat(), latenessP50Ms: at, latenessP99Ms: at });
const lostShare = fc.record(
  { share: fc.nat(), player: text, reason: text, missing: orNull(fc.nat()), taken: fc.boolean() },
  { requiredKeys: ['share', 'reason', 'missing', 'taken'] },
);

const summary = fc
  .tuple(
    someWindow,
    fc.record(
      {
        pool: text,
        planned: orNull(fc.record({ count: orNull(fc.nat()), durationMs: at })),
        stopped: text,
        instances: fc.nat(),
        badAmmo: fc.array(badAmmo, { minLength: 1, maxLength: 2 }),
        threads: fc.array(thread, { maxLength: 3 }),
        applied: fc.record({ planned: fc.nat(), begun: fc.nat() }),
        lostShares: fc.array(lostShare, { minLength: 1, maxLength: 2 }),
      },
      { requiredKeys: ['pool', 'planned'] },
    ),
  )
  .map(([window, facts]) => summaryOf(window, facts));

const progress = fc.record({
  elapsed: at,
  requests: fc.nat(),
  responses: fc.nat(),
  inFlight: fc.nat(),
  instances: fc.nat(),
  instancesStarted: fc.nat(),
  instancesGrown: fc.nat(),
  discarded: fc.nat(),
  unfinished: fc.nat(),
  emptyShots: fc.nat(),
});

const threshold = fc.record(
  {
    condition: text,
    pool: text,
    otherwise: fc.constantFrom('fail', 'stop', 'warn'),
    status: fc.constantFrom('pending', 'passes', 'fails'),
    violated: fc.boolean(),
    violatedAt: at,
    value: orNull(real),
    limit: real,
    unit: fc.constantFrom('ms', '%', '/s', ''),
    margin: orNull(real),
  },
  { requiredKeys: ['condition', 'otherwise', 'status', 'violated', 'value', 'limit', 'unit', 'margin'] },
);

const command = fc.oneof(
  fc.record({ type: fc.constantFrom('pause', 'resume', 'stop') }),
  fc.record({ type: fc.constant('rate'), perSecond: at }),
  fc.record({ type: fc.constant('scale'), factor: at }),
);

const report = fc.record(
  {
    from: text,
    received: fc.nat(),
    dropped: fc.nat(),
    final: fc.boolean(),
    detail: fc.oneof(
      someWindow,
      summary,
      fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown),
    ),
  },
  { requiredKeys: ['from', 'received', 'dropped', 'final'] },
);

const inPool = { pool: text, at };
const all = [
  fc.record({ type: fc.constant('pool-started'), ...inPool }),
  fc.record({ type: fc.constant('progress'), ...inPool, progress }),
  fc.record(
    {
      type: fc.constant('window'),
      ...inPool,
      window: someWindow,
      threads: fc.array(
        fc.record({ thread: fc.nat(), ended: fc.nat(), lateness: someWindow.map((window) => window.lateness) }),
        { maxLength: 2 },
      ),
    },
    { requiredKeys: ['type', 'pool', 'at', 'window'] },
  ),
  fc.record({ type: fc.constant('pool-stopped'), ...inPool, reason: text }),
  fc.record({ type: fc.constant('bad-ammo'), ...inPool, kinds: fc.array(badAmmo, { maxLength: 2 }) }),
  fc.record({
    type: fc.constant('exchange'),
    ...inPool,
    exchange: fc.record(
      { tag: text, reason: text, startedAt: at, serviceMs: at, curl: text, request: text, response: orNull(text) },
      { requiredKeys: ['tag', 'reason', 'startedAt', 'serviceMs', 'request', 'response'] },
    ),
  }),
  fc.record({ type: fc.constant('report'), ...inPool, report }),
  fc.record({ type: fc.constant('pool-finished'), ...inPool, progress }),
  fc.record(
    {
      type: fc.constant('run-started'),
      at,
      pools: fc.array(fc.record({ id: text, rpsPerInstance: fc.boolean() }), { maxLength: 3 }),
      threads: fc.nat(),
      seed: fc.nat(),
      facts: fc.record({
        config: fc.record({ name: text, text, overrides: fc.array(text, { maxLength: 2 }) }),
        judging: fc.record({
          verdict: fc.record({
            latenessMs: fc.nat(),
            notShotPercent: fc.nat(100),
            ignore: fc.subarray([...REASON_CODES]),
          }),
          failOn: fc.constantFrom('degraded', 'invalid', null),
        }),
        versions: fc.record({ elpis: text, node: text }),
        host: fc.record({
          platform: text,
          cpus: fc.nat(),
          cpuModel: text,
          memoryBytes: fc.nat(),
          openFilesLimit: orNull(fc.nat()),
        }),
      }),
    },
    { requiredKeys: ['type', 'at', 'pools', 'threads'] },
  ),
  fc.record({
    type: fc.constant('warning'),
    at,
    message: text,
    fields: fc.dictionary(text, fc.oneof(text, fc.integer(), fc.boolean())).map((map) => ({ ...map })),
  }),
  fc.record({ type: fc.constant('command'), at, pool: text, command }, { requiredKeys: ['type', 'at', 'command'] }),
  fc.record({ type: fc.constant('annotation'), at, pool: text, text }, { requiredKeys: ['type', 'at', 'text'] }),
  fc.record({
    type: fc.constant('workers'),
    at,
    workers: fc.array(
      fc.record(
        {
          worker: text,
          host: text,
          phase: fc.constantFrom('preparing', 'running', 'silent', 'ended', 'lost'),
          shares: fc.array(fc.nat(), { maxLength: 3 }),
          cpu: orNull(at),
          clockOffsetMs: number,
          clockUncertaintyMs: at,
        },
        { requiredKeys: ['worker', 'phase', 'shares', 'cpu'] },
      ),
      { maxLength: 3 },
    ),
  }),
  fc.record({
    type: fc.constant('process'),
    at,
    reading: fc.record({
      spanMs: at,
      userMs: at,
      systemMs: at,
      rssBytes: fc.nat(),
      heapUsedBytes: fc.nat(),
      gcPauseMs: at,
      longestGcPauseMs: at,
      openFiles: orNull(fc.nat()),
      openFilesLimit: orNull(fc.nat()),
    }),
  }),
  fc.record(
    {
      ...{ type: fc.constant('share-lost'), pool: text, at, share: fc.nat(), player: text, reason: text },
      ...{ missing: orNull(fc.nat()), takenFrom: orNull(at) },
    },
    { requiredKeys: ['type', 'pool', 'at', 'share', 'reason', 'missing', 'takenFrom'] },
  ),
  fc.record({
    type: fc.constant('capacity'),
    at,
    state: fc.record(
      {
        pool: text,
        perSecond: real,
        phase: fc.constantFrom('recover', 'settle', 'measure', 'done'),
        steps: fc.array(
          fc.record(
            {
              ...{ perSecond: real, achieved: real, measuredMs: at, passes: fc.boolean(), limitedBy: text },
              thresholds: fc.array(threshold, { maxLength: 2 }),
            },
            { requiredKeys: ['perSecond', 'achieved', 'measuredMs', 'passes', 'thresholds'] },
          ),
          { maxLength: 2 },
        ),
        estimate: orNull(fc.record({ perSecond: real, from: real, to: orNull(real), limitedBy: orNull(text) })),
        text,
      },
      { requiredKeys: ['pool', 'perSecond', 'phase', 'steps', 'estimate'] },
    ),
  }),
  fc.record({ type: fc.constant('thresholds'), at, states: fc.array(threshold, { maxLength: 3 }) }),
  fc.record(
    {
      type: fc.constant('run-finished'),
      at,
      summaries: fc.array(summary, { maxLength: 2 }),
      seed: fc.nat(),
      failure: fc.record({ code: fc.constantFrom(undefined, 'ELPIS_VERDICT', 'ELPIS_GUN'), message: text }),
      ending: fc.record({ by: fc.constantFrom('plan', 'rule', 'user', 'failure'), text }),
      verdict: fc.record({
        level: fc.constantFrom('VALID', 'DEGRADED', 'INVALID'),
        reasons: fc.array(
          fc.record(
            { code: text, level: fc.constantFrom('DEGRADED', 'INVALID'), pool: text, text, value: real, limit: real },
            { requiredKeys: ['code', 'level', 'text', 'value', 'limit'] },
          ),
          { maxLength: 2 },
        ),
      }),
      thresholds: fc.array(threshold, { maxLength: 2 }),
    },
    { requiredKeys: ['type', 'at', 'summaries'] },
  ),
  fc.record({ type: fc.constant('observer-failed'), at, observer: text, message: text }),
];

/** The objects of fast-check may have no prototype; those of a run have one. */
function ordinary(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordinary);
  if (typeof value !== 'object' || value === null) return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, ordinary(child)]));
}

/** Any event of a run, of every type; the pools of `run-started` have no plans. */
export const someEvent: fc.Arbitrary<RunEvent> = fc.oneof(...all).map((event) => ordinary(event) as RunEvent);
