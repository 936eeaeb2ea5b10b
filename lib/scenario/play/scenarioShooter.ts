import { Observable, type Subscriber } from 'rxjs';
import type { Gun } from '../../core/gun.js';
import type { Shot } from '../../core/shot.js';
import { seededRandom } from '../../coreutil/seededRandom.js';
import type { NetSample } from '../../protocols/netSample.js';
import type { Transport } from '../../protocols/transport.js';
import type { ScenariosOptions } from '../scenariosOptions.js';
import { Session } from '../session/session.js';
import type { NoVars, Vars } from '../session/vars.js';
import { playOut } from '../steps/playOut.js';
import { Cookies } from './cookies.js';
import { Ledger } from './ledger.js';
import type { Programme } from './programme.js';
import type { Reel } from './reel.js';
import { ScenarioFailure } from './scenarioFailure.js';
import { Stage } from './stage.js';
import type { Visitor } from './visitor.js';
import { Whole } from './whole.js';

/** What all instances of a pool have in common. */
export interface House extends Pick<ScenariosOptions<unknown>, 'mix' | 'cookies' | 'watch' | 'deps'> {
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
export class ScenarioShooter implements Gun<unknown, NetSample> {
  readonly #reels: readonly Reel<NoVars, Vars>[];
  readonly #visitor: Visitor;

  constructor(
    private readonly house: House,
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
    const ledger = new Ledger(subscriber);
    const ammoId = idOf(shot.ammo);
    // The engine uses its shots again.
    const kept: Shot<unknown> = { ...shot, ammo: shot.ammo };
    const whole = new Whole(scenario.name, 'scenario', kept, ammoId);
    if (cookies === 'scenario') this.#visitor.cookies?.clear();
    const stage = new Stage(
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
    const reel = this.#reels[choice] as Reel<NoVars, Vars>;
    subscriber.add(
      playOut(reel.play(new Session<NoVars>({}, stage)), {
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
