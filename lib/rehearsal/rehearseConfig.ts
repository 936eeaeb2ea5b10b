import { finalize, identity, type MonoTypeOperatorFunction, map, merge, ReplaySubject } from 'rxjs';
import { capacityOf, judgingOf } from '../capacity/capacityOf.js';
import { issueText } from '../codec/report/configError.js';
import { assemblePools } from '../config/assemblePools.js';
import type { Config, PoolConfig } from '../config/config.js';
import { runFacts } from '../config/runFacts.js';
import { defined } from '../core/defined.js';
import { type Deps, WHOLE } from '../core/deps.js';
import type { Millis } from '../core/units.js';
import { type NamedObserver, observed } from '../engine/observed.js';
import type { Pool } from '../engine/pool.js';
import { redacted } from '../engine/redactedEvent.js';
import type { PoolEvent, RunEvent, RunObserver } from '../engine/runEvent.js';
import { runEvents, warningLog } from '../engine/runEvents.js';
import { type RunHandle, RunSteering } from '../engine/runHandle.js';
import { runPools } from '../engine/runPools.js';
import { writeRecordTo } from '../observers/record.js';
import type { ConfiguredComponent } from '../plugin/configured.js';
import type { GrpcCall } from '../protocols/grpc.js';
import type { HttpRequest } from '../protocols/http.js';
import { scenarioGuns } from '../scenario/scenarioGun.js';
import { seededRandom } from '../time/seededRandom.js';
import { VirtualClock } from '../time/virtualClock.js';
import { rangeGuns, tagOfAmmo } from './modelGuns.js';
import type { ResponseRule, TargetModel } from './models/targetModel.js';
import { ModelTransports } from './modelTransport.js';
import type { Rehearsal } from './rehearsal.js';
import { RehearsalResults, START_AT } from './rehearsalResults.js';
import { LoadCurve, rehearsedPool } from './rehearsedPool.js';
import type { TargetResponses } from './responses.js';
import { ShareLoads } from './shareLoads.js';
import { driveClock } from './virtual/driveClock.js';
import { gatedProvider, type VirtualGate } from './virtual/virtualGate.js';

/** The end of a run at the limit of its virtual time. */
const AT_LIMIT = { limitMs: 0, ending: { by: 'user', text: 'the limit of the rehearsal' } } as const;

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

/** The pools of a config with the model instead of their guns. */
class RehearsedPools {
  readonly runs: readonly RehearsedRun[];
  readonly slotMs: Millis;
  /** The number of pools whose guns are not closed. */
  #open: number;

  constructor(
    private readonly assembled: readonly Pool[],
    { pools }: Config,
    context: Omit<RehearsalContext, 'rule' | 'closed'>,
  ) {
    const { seed, options } = context;
    this.slotMs = slotLength(assembled, options);
    this.#open = assembled.length;
    const closed = (): undefined => {
      this.#open--;
    };
    const rule = options.target.start({ random: seededRandom(seed ^ 0x5eed), startAt: START_AT });
    this.runs = assembled.map((pool, i) =>
      rehearsedRun(pool, pools[i] as PoolConfig, loadCurve(this.slotMs, options), { ...context, rule, closed }),
    );
  }

  get closed(): boolean {
    return this.#open === 0;
  }

  /** The events of the run. */
  events(config: Config, { deps, handle, seed }: { deps: Deps; handle: RunSteering; seed: number }) {
    const { scheduler, log } = deps;
    const judging = judgingOf(config);
    const played = runPools(
      this.runs.map(({ pool }) => pool),
      {
        ...{ scheduler, drain: handle.drain, log },
        ...(handle.steerable ? { control: (pool: string) => handle.commandsTo(pool) } : {}),
      },
    );
    const facts = runFacts(config.document, null, judging);
    return runEvents(played, this.assembled, { scheduler, threads: 1, seed, steering: handle, judging, log, facts });
  }
}

function loadCurve(slotMs: Millis, { shares }: RehearseOptions): LoadCurve {
  return new LoadCurve(START_AT, slotMs, shares === undefined ? undefined : new ShareLoads(shares));
}

function observersOf(config: Config, { observers, record }: RehearseOptions, deps: Deps): readonly NamedObserver[] {
  const { scheduler, log } = deps;
  const chosen = config.observers.filter((observer) => observers?.(observer) === true);
  return [
    ...chosen.map((observer) => ({ name: observer.name, observer: observer.create(deps) as RunObserver })),
    ...(record === undefined ? [] : [{ name: 'record', observer: writeRecordTo({ file: record, scheduler, log }) }]),
  ];
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
  const { seed = config.seed ?? 1, untilMs } = options;
  const clock = new VirtualClock(START_AT);
  const warnings = new ReplaySubject<RunEvent>();
  const log = warningLog(deps.log, clock, (warning) => warnings.next(warning));
  for (const warning of config.warnings) log.warn(issueText(warning, config.document.name));
  const all: Deps = { ...deps, log, scheduler: clock, random: seededRandom(seed), share: WHOLE };
  const assembled = assemblePools(config.pools, all);
  const pools = new RehearsedPools(assembled, config, { clock, gate, seed, options });
  const handle = new RunSteering(clock, options.steerable ?? config.capacity !== null);
  if (untilMs !== undefined) clock.schedule(() => handle.order(AT_LIMIT), untilMs);
  const run = pools.events(config, { deps: all, handle, seed }).pipe(
    finalize(() => {
      warnings.complete();
      handle.close();
    }),
  );
  const shown = merge(warnings, run, handle.events).pipe(
    options.through?.(handle) ?? identity,
    capacityOf(config)(handle),
    map((event) => redacted(event, config.document.redactor)),
  );
  const results = new RehearsalResults(assembled, options.onEvent);
  const observers = observersOf(config, options, all);
  results.collect(observed(shown, observers, { log: deps.log, scheduler: clock, handle }));
  try {
    await driveClock({ clock, gate, over: () => results.over, closing: () => pools.closed });
  } catch (error) {
    results.stop(error);
  }
  const durationMs = clock.now() - START_AT;
  const events = results.events.all;
  return {
    summaries: results.summaries.all,
    ...defined({ outcome: results.outcome, capacity: results.capacity }),
    events,
    pools: pools.runs.map(({ pool, curve, withoutResponse }) =>
      rehearsedPool(pool, curve, { slotMs: pools.slotMs, durationMs, events, withoutResponse }),
    ),
    seed,
    durationMs,
    error: results.error,
  };
}
