import { Observable, type Subscriber } from 'rxjs';
import { FairOrder } from '../../operators/shots/fairOrder.js';
import { type Deps, inShare, type Share } from '../core/deps.js';
import { ElpisError } from '../core/errors.js';
import type { Gun, GunFactory } from '../core/gun.js';
import type { Shot } from '../core/shot.js';
import type { NetSample } from '../protocols/netSample.js';
import type { Transport, Transports } from '../protocols/transport.js';
import { seededRandom } from '../time/seededRandom.js';
import { type ScenarioTracer, StepScope, type VirtualUser } from './context.js';
import { Cookies } from './cookies.js';
import { SampleBuffer } from './sampleBuffer.js';
import type { Scenario } from './scenario.js';
import { ScenarioFailure } from './scenarioFailure.js';
import { type NoVars, Session, type Vars } from './session.js';
import { Span } from './spans.js';
import { runToEnd, type StepRunner } from './stepRunner.js';

/** A scenario in a mix. */
export interface WeightedScenario {
  readonly scenario: Scenario;
  /** Its share, in relation to the weights of the others: any number above 0. Default 1. */
  readonly weight?: number;
}

/** How long cookies are kept: by each instance, by one run of a scenario, or not at all. */
export type CookieScope = 'instance' | 'scenario' | 'off';

/** What {@link scenarios} plays, and over what. */
export interface ScenariosOptions<R> {
  /** Carries the requests. */
  readonly transports: Transports<R>;
  readonly mix: readonly WeightedScenario[];
  /** Default `instance`: an instance is one visitor for the whole run. */
  readonly cookies?: CookieScope;
  /** Told what the scenarios do, for drawings. */
  readonly watch?: ScenarioTracer;
  readonly deps: Pick<Deps, 'scheduler' | 'random' | 'share'>;
}

/**
 * Which scenario is played next, with exact shares: after any number of starts each has been started within 1 of its share. The
 * shares of a run draw from one order: thread k of n takes the draws k, k + n, k + 2n and so on.
 */
export class Programme {
  readonly #order: FairOrder;
  /** Place in the order of all shares of the next draw. */
  #place = 0;

  /** @throws ElpisError `ELPIS_CONFIG` for no scenarios, a weight that is not a number above 0, or two of the same name. */
  constructor(
    mix: readonly WeightedScenario[],
    private readonly share: Share,
  ) {
    if (mix.length === 0) throw new ElpisError('ELPIS_CONFIG', 'there are no scenarios to play');
    const named = new Map<string, Scenario>();
    for (const { scenario, weight = 1 } of mix) {
      if (!(weight > 0 && Number.isFinite(weight))) {
        const hint = 'leave out a scenario that is not wanted';
        throw new ElpisError('ELPIS_CONFIG', `scenario "${scenario.name}" has weight ${weight}`, { hint });
      }
      const other = named.get(scenario.name);
      if (other !== undefined && other !== scenario) {
        const hint = 'give one another name, so that their samples are told apart';
        throw new ElpisError('ELPIS_CONFIG', `two scenarios are named "${scenario.name}"`, { hint });
      }
      named.set(scenario.name, scenario);
    }
    this.#order = new FairOrder(mix.map(({ weight = 1 }) => weight));
  }

  /** The place in the mix of the scenario that is played next. */
  next(): number {
    while (!inShare(this.share, this.#place)) {
      this.#place++;
      this.#order.next();
    }
    this.#place++;
    return this.#order.next();
  }
}

/** What all instances of a pool have in common. */
export interface PoolContext extends Pick<ScenariosOptions<unknown>, 'mix' | 'cookies' | 'watch' | 'deps'> {
  readonly programme: Programme;
  /** Of the pool; mixed with the index of each run. */
  readonly seed: number;
  readonly shared: WeakMap<object, unknown>;
}

/** Spreads neighbouring indexes over all seeds. */
const GOLDEN = 0x9e3779b1;

const idOf = (ammo: unknown): number => {
  const { id } = Object(ammo) as { readonly id?: unknown };
  return typeof id === 'number' ? id : 0;
};

/** One instance that plays scenarios: a shot is one run of one, and gives the samples of all that it does. */
class ScenarioShooter implements Gun<unknown, NetSample> {
  readonly #reels: readonly StepRunner<NoVars, Vars>[];
  readonly #visitor: VirtualUser;

  constructor(
    private readonly house: PoolContext,
    private readonly transport: Transport<unknown>,
  ) {
    const { mix, cookies = 'instance' } = house;
    this.#reels = mix.map(({ scenario }) => scenario.reel());
    this.#visitor = { transport, cookies: cookies === 'off' ? undefined : new Cookies(), passed: new Map() };
  }

  shoot(_ammo: unknown, shot: Shot<unknown>): Observable<NetSample> {
    const choice = this.house.programme.next();
    return new Observable((subscriber) => this.#play(choice, shot, subscriber));
  }

  close(): void {
    this.transport.close?.();
  }

  #play(choice: number, shot: Shot<unknown>, subscriber: Subscriber<NetSample>): void {
    const { mix, deps, shared, watch, seed, cookies } = this.house;
    const { scenario } = mix[choice] as (typeof mix)[number];
    const ledger = new SampleBuffer(subscriber);
    const ammoId = idOf(shot.ammo);
    // The engine uses its shots again.
    const kept: Shot<unknown> = { ...shot, ammo: shot.ammo };
    const whole = new Span(scenario.name, 'scenario', kept, ammoId);
    if (cookies === 'scenario') this.#visitor.cookies?.clear();
    const stage = new StepScope(
      {
        scheduler: deps.scheduler,
        share: deps.share,
        random: seededRandom(seed ^ Math.imul(shot.index + 1, GOLDEN)),
        visitor: this.#visitor,
        shot: kept,
        ammoId,
        ledger,
        tags: scenario.tags,
        shared,
        watch,
      },
      whole,
    );
    const end = (): void => {
      ledger.settle();
      ledger.emit(whole.end(stage.now()));
      subscriber.complete();
    };
    const reel = this.#reels[choice] as StepRunner<NoVars, Vars>;
    subscriber.add(
      runToEnd(reel.play(new Session<NoVars>({}, stage)), {
        over: end,
        failed: (error) => {
          if (error instanceof ScenarioFailure) {
            whole.mark(error.failure);
            end();
            return;
          }
          ledger.settle();
          subscriber.error(error);
        },
      }),
    );
  }
}

/**
 * A gun whose shots are scenarios, over any transport: each shot plays one from beginning to end, so the rate of the pool counts
 * scenario starts, and its instances are the visitors that can be on their way at once.
 *
 * ```text
 * shots                   s-------------s----|
 * scenarios({ ... })      ---r---r--w---...         r: sample of a request, w: sample of the whole scenario
 * ```
 *
 * - Shares are exact: after any number of starts each scenario has been started within 1 of its share, also over threads.
 * - The samples of requests come when they end, that of the scenario comes last. A failure in a scenario is a sample; see
 *   {@link scenario}. The ammo is handed to the session and otherwise not used.
 * - Chance in a scenario depends on the seed of the run (each thread has its own) and the index of its start, not on what other
 *   instances do.
 * - Aborting a shot aborts its requests and gives no samples.
 *
 * @throws ElpisError `ELPIS_CONFIG` for no scenarios, a weight that is not above 0, or two of the same name.
 *
 * @example
 * declare const transports: Transports<HttpRequest>;
 * declare const deps: Deps;
 * const browse = scenario('browse', get('goods', '/goods'));
 * const buy = scenario('buy', post('order', '/order'));
 * scenarios({ transports, mix: [{ scenario: browse, weight: 95 }, { scenario: buy, weight: 5 }], deps });
 */
export function scenarios<R>(options: ScenariosOptions<R>): GunFactory<unknown, NetSample> {
  const { transports, mix, deps } = options;
  const house = {
    ...options,
    programme: new Programme(mix, deps.share),
    seed: Math.floor(deps.random() * 2 ** 32),
    shared: new WeakMap(),
  };
  return {
    ...(transports.warmUp === undefined ? {} : { warmUp: () => transports.warmUp?.() ?? [] }),
    create: (context) => new ScenarioShooter(house, transports.create(context)),
    close: () => transports.close?.(),
  };
}
