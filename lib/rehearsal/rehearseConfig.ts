import { finalize, identity, type MonoTypeOperatorFunction, map, merge, type Observable, ReplaySubject } from 'rxjs';
import { capacityOf, judgingOf } from '../capacity/capacityOf.js';
import { issueText } from '../codec/report/configError.js';
import { assemblePools } from '../config/assemblePools.js';
import type { Config, PoolConfig } from '../config/config.js';
import { runFacts } from '../config/runFacts.js';
import { defined } from '../core/defined.js';
import { type Deps, WHOLE } from '../core/deps.js';
import type { EpochMs, Millis } from '../core/units.js';
import { observed } from '../engine/observed.js';
import type { Pool } from '../engine/pool.js';
import { redacted } from '../engine/redactedEvent.js';
import type { PoolEvent, RunEvent, RunObserver } from '../engine/runEvent.js';
import { runEvents, warningLog } from '../engine/runEvents.js';
import { type RunHandle, RunSteering } from '../engine/runHandle.js';
import { runPools } from '../engine/runPools.js';
import { Summaries } from '../engine/summaries.js';
import { writeRecordTo } from '../observers/record.js';
import type { CapacityState } from '../measure/capacityState.js';
import type { ConfiguredComponent } from '../plugin/configured.js';
import type { GrpcCall } from '../protocols/grpc.js';
import type { HttpRequest } from '../protocols/http.js';
import { scenarioGuns } from '../scenario/scenarioGun.js';
import { seededRandom } from '../time/seededRandom.js';
import { VirtualClock } from '../time/virtualClock.js';
import { KeptEvents } from './keptEvents.js';
import { rangeGuns, tagOfAmmo } from './modelGuns.js';
import type { ResponseRule, TargetModel } from './models/targetModel.js';
import { ModelTransports } from './modelTransport.js';
import type { Rehearsal, RehearsedOutcome } from './rehearsal.js';
import { LoadCurve, rehearsedPool } from './rehearsedPool.js';
import type { TargetResponses } from './responses.js';
import { ShareLoads } from './shareLoads.js';
import { driveClock } from './virtual/driveClock.js';
import { gatedProvider, type VirtualGate } from './virtual/virtualGate.js';

/** 2000-01-01T00:00:00Z: the start of virtual runs, so that results do not depend on the date. */
const START_AT: EpochMs = 946_684_800_000;

/** Options of `rehearseConfig`. */
export interface RehearseOptions {
  /** The target of all pools together. */
  readonly target: TargetModel;
  /** Seed of all random numbers. Default: the seed of the config, else 1. */
  readonly seed?: number | undefined;
  /** Limit of the run in virtual milliseconds; shots under way are then recorded as unfinished. Default: no limit. */
  readonly untilMs?: Millis;
  /** The approximate number of time slots in the planned part of the run, for the rates. Default: slots of 1 s. */
  readonly slots?: number;
  /**
   * The responses of the target to the requests of scenarios, by method and path or by the method of gRPC, for checks and extractors.
   * The model decides their times and failures. Default: a status without a body.
   */
  readonly responses?: TargetResponses<HttpRequest & GrpcCall> | undefined;
  /** Counts the operations as if the run were divided into so many shares. Default: it is not counted. */
  readonly shares?: number | undefined;
  /** Limit of a shot in milliseconds; then it ends as a timeout. Default: the gun's own limit, or 30,000. */
  readonly timeoutMs?: Millis;
  /** Receives every event of a pool. */
  readonly onEvent?: (event: PoolEvent) => void;
  /** Operators of the events of the run, such as a search for the capacity. Default: none. */
  readonly through?: (handle: RunHandle) => MonoTypeOperatorFunction<RunEvent>;
  /** Allows observers to control pools. Default false. */
  readonly steerable?: boolean;
  /** The observers of the run. Default: none. */
  readonly observers?: (observer: ConfiguredComponent<'observer'>) => boolean;
  /** A file for the record of the run. Default: none. */
  readonly record?: string | undefined;
}

interface RehearsedRun {
  readonly pool: Pool;
  readonly withoutResponse: ReadonlySet<string>;
  readonly curve: LoadCurve;
}

/** Replaces the gun of a pool by the model, makes virtual time wait for its provider, and records its shots. */
function rehearsedRun(pool: Pool, config: PoolConfig, curve: LoadCurve, context: RehearsalContext): RehearsedRun {
  const { clock, gate, rule, seed, options, closed } = context;
  const { tagOf = tagOfAmmo, timeoutMs, cookies, scenarioTimeoutMs, writesScenarios } = config.gun.traits;
  const limit = options.timeoutMs ?? timeoutMs ?? 30_000;
  const ammoExhausted = (): void => {
    curve.ammoExhaustedAt ??= clock.now() - START_AT;
  };
  const range = { scheduler: clock, rule, timeoutMs: limit, watch: curve };
  const transports = new ModelTransports(range, options.responses);
  const players = scenarioGuns({
    transports,
    ...defined({ cookies, scenarioTimeoutMs, writeScenarios: writesScenarios }),
    deps: { scheduler: clock, random: seededRandom(seed), share: WHOLE },
  });
  const gunFactory = rangeGuns(range, tagOf, players);
  return {
    curve,
    withoutResponse: transports.withoutResponse,
    pool: {
      ...pool,
      provider: gatedProvider(pool.provider, gate, ammoExhausted),
      gunFactory: { ...gunFactory, ...defined({ written: players.written }), close: closed },
      aggregators: [...pool.aggregators, { name: 'rehearsal', aggregator: curve.discards }],
    },
  };
}

/** Whole milliseconds, so that slots end at round times. */
function slotLength(pools: readonly Pool[], { slots, untilMs = Number.POSITIVE_INFINITY }: RehearseOptions): Millis {
  const planned = Math.max(
    0,
    ...pools.map(({ plan, instances }) => (plan?.durationNs ?? 0) + (instances?.durationNs ?? 0)),
  );
  const lengthMs = Math.min(planned / 1e6, untilMs);
  if (slots === undefined || lengthMs <= 0 || lengthMs === Number.POSITIVE_INFINITY) return 1000;
  return Math.max(1, Math.ceil(lengthMs / slots));
}

interface RehearsalContext {
  readonly clock: VirtualClock;
  readonly gate: VirtualGate;
  readonly rule: ResponseRule;
  readonly seed: number;
  readonly options: RehearseOptions;
  readonly closed: () => undefined;
}

/**
 * Runs a checked config in virtual time against a model of its target: with the engine, providers, reporters and
 * summary of a real run; only the guns and the clock differ. Scenarios are played request by request, with their
 * pauses. The same seed gives the same run, bit for bit.
 *
 * @param config Decoded with a registry of `rehearsalRegistry` and the same gate.
 */
export async function rehearseConfig(
  config: Config,
  deps: Omit<Deps, 'scheduler' | 'random' | 'share'>,
  gate: VirtualGate,
  options: RehearseOptions,
): Promise<Rehearsal> {
  const { target, seed = config.seed ?? 1, untilMs } = options;
  const clock = new VirtualClock(START_AT);
  const warnings = new ReplaySubject<RunEvent>();
  const log = warningLog(deps.log, clock, (warning) => warnings.next(warning));
  for (const warning of config.warnings) log.warn(issueText(warning, config.document.name));
  const all: Deps = { ...deps, log, scheduler: clock, random: seededRandom(seed), share: WHOLE };
  const assembled = assemblePools(config.pools, all);
  const slotMs = slotLength(assembled, options);
  const rule = target.start({ random: seededRandom(seed ^ 0x5eed), startAt: START_AT });
  let shooting = assembled.length;
  const closed = (): undefined => {
    shooting--;
  };
  const context = { clock, gate, rule, seed, options, closed };
  const loadCurve = (): LoadCurve =>
    new LoadCurve(START_AT, slotMs, options.shares === undefined ? undefined : new ShareLoads(options.shares));
  const staged = assembled.map((pool, i) => rehearsedRun(pool, config.pools[i] as PoolConfig, loadCurve(), context));
  const handle = new RunSteering(clock, options.steerable ?? config.capacity !== null);
  const atLimit = { limitMs: 0, ending: { by: 'user', text: 'the limit of the rehearsal' } } as const;
  if (untilMs !== undefined) clock.schedule(() => handle.order(atLimit), untilMs);

  const events = new KeptEvents();
  const summaries = new Summaries(assembled);
  const run = runEvents(
    runPools(
      staged.map(({ pool }) => pool),
      {
        ...{ scheduler: clock, drain: handle.drain, log },
        ...(handle.steerable ? { control: (pool: string) => handle.commandsTo(pool) } : {}),
      },
    ),
    assembled,
    {
      scheduler: clock,
      threads: 1,
      seed,
      steering: handle,
      judging: judgingOf(config),
      log,
      facts: runFacts(config.document, null, judgingOf(config)),
    },
  ).pipe(
    finalize(() => {
      warnings.complete();
      handle.close();
    }),
  );
  const observers = config.observers
    .filter((observer) => options.observers?.(observer) === true)
    .map((observer) => ({ name: observer.name, observer: observer.create(all) as RunObserver }));
  let judged: RehearsedOutcome | undefined;
  let capacity: CapacityState | undefined;
  const { record } = options;
  const recorders =
    record === undefined ? [] : [{ name: 'record', observer: writeRecordTo({ file: record, scheduler: clock, log }) }];
  const { redactor } = config.document;
  const shown = merge(warnings, run, handle.events).pipe(
    options.through?.(handle) ?? identity,
    capacityOf(config)(handle),
    map((event) => redacted(event, redactor)),
  );
  const outcome = watch(
    observed(shown, [...observers, ...recorders], { log: deps.log, scheduler: clock, handle }),
    (event) => {
      if (event.type === 'capacity') capacity = event.state;
      if (event.type === 'run-finished') judged = outcomeOf(event);
      if (!isPoolEvent(event)) return;
      events.add(event);
      summaries.add(event);
      options.onEvent?.(event);
    },
  );
  try {
    await driveClock({ clock, gate, over: () => outcome.over, closing: () => shooting === 0 });
  } catch (error) {
    outcome.stop();
    outcome.error ??= error;
  }
  const durationMs = clock.now() - START_AT;
  return {
    summaries: summaries.all,
    ...defined({ outcome: judged, capacity }),
    events: events.all,
    pools: staged.map(({ pool, curve, withoutResponse }) =>
      rehearsedPool(pool, curve, { slotMs, durationMs, events: events.all, withoutResponse }),
    ),
    seed,
    durationMs,
    error: outcome.error,
  };
}

function isPoolEvent(event: RunEvent): event is PoolEvent {
  return 'pool' in event && event.type !== 'command' && event.type !== 'annotation';
}

function outcomeOf({
  verdict,
  ending,
  thresholds,
}: Extract<RunEvent, { type: 'run-finished' }>): RehearsedOutcome | undefined {
  if (verdict === undefined || ending === undefined) return undefined;
  return { verdict, ending, startedAt: START_AT, ...defined({ thresholds }) };
}

function watch(run: Observable<RunEvent>, see: (event: RunEvent) => void) {
  const outcome = { over: false, error: undefined as unknown, stop: (): void => subscription.unsubscribe() };
  const subscription = run.subscribe({
    next: see,
    error: (error: unknown) => {
      outcome.over = true;
      outcome.error = error;
    },
    complete: () => {
      outcome.over = true;
    },
  });
  return outcome;
}
