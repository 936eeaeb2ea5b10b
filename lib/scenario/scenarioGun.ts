import { Observable, type Subscriber } from 'rxjs';
import { AN_OBJECT, checkArgument, withMethod } from '../core/argument.js';
import type { Deps } from '../core/deps.js';
import { withContext } from '../core/errorContext.js';
import { ElpisError } from '../core/errors.js';
import type { Gun, GunFactory } from '../core/gun.js';
import type { Shot } from '../core/shot.js';
import type { Millis } from '../core/units.js';
import { NET_CODE } from '../protocols/netFailure.js';
import type { NetSample } from '../protocols/netSample.js';
import type { Transport, Transports } from '../protocols/transport.js';
import { seededRandom } from '../time/seededRandom.js';
import { type ScenarioTracer, StepScope, type VirtualUser } from './context.js';
import { Cookies } from './cookies.js';
import { SampleBuffer } from './sampleBuffer.js';
import type { Scenario } from './scenario.js';
import { isScenarioAmmo, type ScenarioAmmo } from './scenarioAmmo.js';
import { ScenarioFailure } from './scenarioFailure.js';
import { type NoVars, Session, type Vars } from './session.js';
import { Span } from './spans.js';
import { runToEnd, type StepRunner } from './stepRunner.js';

/** How long cookies are kept: by each instance, by one run of a scenario, or not at all. */
export type CookieScope = 'instance' | 'scenario' | 'off';

/** Options of {@link scenarioGuns}. */
export interface ScenarioGunsOptions<R> {
  /** Carries the requests. */
  readonly transports: Transports<R>;
  /** Default `instance`: an instance is one virtual user for the whole run. */
  readonly cookies?: CookieScope;
  /** Limit in milliseconds of scenarios without their own; see `ScenarioOptions.timeoutMs`. 0 for none. Default 0. */
  readonly scenarioTimeoutMs?: Millis;
  /**
   * Whether files of results have the samples of whole scenarios and groups. With false they have those of requests only, as with
   * Pandora; the summary counts scenarios in both cases. Default true.
   */
  readonly writeScenarios?: boolean;
  /** Receives requests and pauses, for drawings. */
  readonly tracer?: ScenarioTracer;
  /**
   * `random` MUST give the same numbers in every share of a run: its first number is the seed of all random choices in
   * the scenarios.
   */
  readonly deps: Pick<Deps, 'scheduler' | 'random' | 'share'> & Partial<Pick<Deps, 'log'>>;
}

/** The context that all instances of a pool share. */
interface PoolContext extends Pick<ScenarioGunsOptions<unknown>, 'cookies' | 'scenarioTimeoutMs' | 'tracer' | 'deps'> {
  /** Seed of the run; mixed with the index of each start. */
  readonly seed: number;
  readonly shared: WeakMap<object, unknown>;
}

/** Spreads neighbouring indexes over all seeds. */
const GOLDEN = 0x9e3779b1;

/** @throws ElpisError `ELPIS_SHOT` for ammo that is not a scenario. */
function requireScenarioAmmo(ammo: unknown): void {
  if (isScenarioAmmo(ammo)) return;
  const kind = (Object(ammo) as { readonly protocol?: unknown }).protocol;
  const name = typeof kind === 'string' ? `${kind} ammo` : `ammo of type ${ammo === null ? 'null' : typeof ammo}`;
  throw new ElpisError('ELPIS_SHOT', `the scenario gun cannot play ${name}, expected a scenario`, {
    hint: 'use the provider of scenarios: {type: scenario, use: ./scenario.ts}, or scenarios([...]) in code',
  });
}

/** The gun of one instance. A shot is one run of a scenario, and emits all of its samples. */
class ScenarioGun implements Gun<ScenarioAmmo, NetSample> {
  /** The built pipelines of this instance. */
  readonly #runners = new WeakMap<Scenario, StepRunner<NoVars, Vars>>();
  readonly #user: VirtualUser;

  constructor(
    private readonly pool: PoolContext,
    private readonly transport: Transport<unknown>,
  ) {
    const { cookies = 'instance' } = pool;
    this.#user = { transport, cookies: cookies === 'off' ? undefined : new Cookies(), passed: new Map() };
  }

  shoot(ammo: ScenarioAmmo, shot: Shot<ScenarioAmmo>): Observable<NetSample> {
    requireScenarioAmmo(ammo);
    return new Observable((subscriber) => this.#play(ammo, shot, subscriber));
  }

  close(): void {
    this.transport.close?.();
  }

  #runnerOf(scenario: Scenario): StepRunner<NoVars, Vars> {
    const known = this.#runners.get(scenario);
    if (known !== undefined) return known;
    const built = scenario.runner();
    this.#runners.set(scenario, built);
    return built;
  }

  #play({ scenario, id }: ScenarioAmmo, shot: Shot<ScenarioAmmo>, subscriber: Subscriber<NetSample>): void {
    const { deps, shared, tracer, seed, cookies, scenarioTimeoutMs = 0 } = this.pool;
    const samples = new SampleBuffer(subscriber);
    // The engine reuses its shots.
    const kept: Shot<unknown> = { ...shot, ammo: shot.ammo };
    const span = new Span(scenario.name, 'scenario', kept, id);
    if (cookies === 'scenario') this.#user.cookies?.clear();
    const scope = new StepScope(
      {
        scheduler: deps.scheduler,
        share: deps.share,
        random: seededRandom(seed ^ Math.imul(shot.index + 1, GOLDEN)),
        user: this.#user,
        shot: kept,
        ammoId: id,
        samples,
        tags: scenario.tags,
        shared,
        tracer,
        log: deps.log,
      },
      span,
    );
    const end = (): void => {
      samples.flush();
      samples.emit(span.end(scope.now()));
      subscriber.complete();
    };
    const playing = runToEnd(this.#runnerOf(scenario).play(new Session<NoVars>({}, scope)), {
      completed: end,
      failed: (error) => {
        if (error instanceof ScenarioFailure) {
          span.mark(error.failure);
          end();
          return;
        }
        samples.flush();
        subscriber.error(withContext(error, {}, { code: 'ELPIS_SHOT', what: `scenario "${scenario.name}" failed` }));
      },
    });
    subscriber.add(playing);
    const timeoutMs = scenario.timeoutMs ?? scenarioTimeoutMs;
    if (timeoutMs <= 0 || subscriber.closed) return;
    const timedOut = (): void => {
      playing.unsubscribe();
      span.mark({ netCode: NET_CODE.timeout, errorName: `timed out after ${timeoutMs}ms` });
      end();
    };
    subscriber.add(deps.scheduler.schedule(timedOut, timeoutMs));
  }
}

const TRANSPORTS = withMethod('create', 'the transports of a gun', 'such as httpTransports(config, deps)');

/**
 * Guns that play the scenario in their ammo, over any transport. Each shot plays one scenario from beginning to end,
 * so the rate of the pool is the rate of scenario starts, and its instances are the virtual users that can be active
 * at once.
 *
 * ```text
 * shots                      s-------------s----|
 * scenarioGuns({ ... })      ---r---r--w---...         r: sample of a request, w: sample of the whole scenario
 * ```
 *
 * - The samples of requests are emitted when they end; the sample of the scenario is the last. A failure in a
 *   scenario is a sample; see {@link scenario}.
 * - Random choices in a scenario depend on the seed of the run and the global index of its start, not on other
 *   instances or the number of threads.
 * - Aborting a shot aborts its requests and emits no samples.
 * - Ammo that is not a scenario is an `ELPIS_SHOT` error.
 *
 * @see scenarioAmmo, for the ammo.
 *
 * @example
 * declare const transports: Transports<HttpRequest>;
 * declare const deps: Deps;
 * const browse = scenario('browse', get('goods', '/goods'));
 * once({ times: 10 }).pipe(
 *   zipAmmo(scenarioAmmo([{ scenario: browse }])),
 *   shoot(scenarioGuns({ transports, deps }), { instances: 10 }),
 * );
 */
export function scenarioGuns<R>(options: ScenarioGunsOptions<R>): GunFactory<ScenarioAmmo, NetSample> {
  checkArgument('scenarioGuns', 'options', options, AN_OBJECT);
  const { transports, deps } = options;
  checkArgument('scenarioGuns', 'transports', transports, TRANSPORTS);
  checkArgument('scenarioGuns', 'deps', deps, AN_OBJECT);
  const pool: PoolContext = { ...options, seed: Math.floor(deps.random() * 2 ** 32), shared: new WeakMap() };
  return {
    ...(transports.warmUp === undefined ? {} : { warmUp: () => transports.warmUp?.() ?? [] }),
    create: (context) => new ScenarioGun(pool, transports.create(context)),
    ...(transports.counters === undefined ? {} : { counters: () => transports.counters?.() ?? new Map() }),
    ...(options.writeScenarios === false ? { written: ({ scope }: NetSample) => scope === '' } : {}),
    close: () => transports.close?.(),
  };
}
