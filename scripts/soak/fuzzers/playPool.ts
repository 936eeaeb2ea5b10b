import { concat, EMPTY, ignoreElements, map, merge, NEVER, type Observable, of, tap, throwError, timer } from 'rxjs';
import type { Gun } from '../../../lib/core/gun.js';
import type { Plan } from '../../../lib/core/plan.js';
import type { Shot } from '../../../lib/core/shot.js';
import type { Pool } from '../../../lib/engine/pool.js';
import { runPool } from '../../../lib/engine/runPool.js';
import { emptyWindow, mergeWindows, type Window } from '../../../lib/measure/window.js';
import { NetSample } from '../../../lib/protocols/netSample.js';
import { IterableCursor } from '../../../lib/pull/iterables.js';
import { Pullable } from '../../../lib/pull/pullable.js';
import { oncePlan } from '../../../lib/schedules/once.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import type { OverflowPolicy } from '../../../operators/firing/overflow.js';
import { ticks } from '../../../operators/ticks/ticks.js';

/** When a pool that is played starts. */
export const PLAY_START = 1000;

/** A pool, and what befalls it. */
export interface PoolSetup {
  readonly plan: Plan;
  readonly instances: number;
  readonly overflow: OverflowPolicy;
  /** How long the shots take, in turn; `Infinity` never ends. */
  readonly latencies: readonly number[];
  /** How much ammo there is; what comes after it. */
  readonly ammo: readonly [count: number, then: 'end' | 'silence' | 'error'];
  /** When the run is drained, and for how long each time. */
  readonly drains: readonly (readonly [at: number, limit: number])[];
  /** The shot that fails the run, and how. */
  readonly fails: readonly [index: number, how: 'error' | 'throw'] | undefined;
  readonly share: { readonly index: number; readonly of: number };
}

/** What became of it. */
export interface Played {
  readonly window: Window;
  readonly samples: readonly NetSample[];
  readonly ended: boolean;
  readonly error: string;
  /** Guns that were made, and how often each was closed. */
  readonly closed: readonly number[];
  /** Most shots of one gun at the same time. */
  readonly mostAtOnce: number;
}

const pulled = (count: number): Observable<unknown> =>
  new Pullable(() => new IterableCursor(Array.from({ length: count }, (_, id) => ({ id, tag: '' }))));

/** What has not ended by then is drained, so that every run ends. */
const LAST_DRAIN_MS = 300_000;

class Guns {
  readonly closed: number[] = [];
  mostAtOnce = 0;

  constructor(
    private readonly setup: PoolSetup,
    private readonly scheduler: VirtualClock,
  ) {}

  create(): Gun<unknown, NetSample> {
    const me = this.closed.push(0) - 1;
    let underWay = 0;
    return {
      shoot: (_ammo, shot) => {
        underWay++;
        this.mostAtOnce = Math.max(this.mostAtOnce, underWay);
        const shoots = this.#shoot(shot);
        return shoots.pipe(
          tap({
            finalize: () => {
              underWay--;
            },
          }),
        );
      },
      close: () => {
        this.closed[me] = (this.closed[me] ?? 0) + 1;
      },
    };
  }

  #shoot(shot: Shot<unknown>): Observable<NetSample> {
    const { latencies, fails } = this.setup;
    const fatal = fails !== undefined && shot.index === fails[0];
    if (fatal && fails[1] === 'throw') throw new Error('useless');
    const latency = latencies[shot.index % latencies.length] as number;
    const over = latency === Number.POSITIVE_INFINITY ? NEVER : timer(latency, this.scheduler);
    return over.pipe(
      map(() => {
        if (fatal) throw new Error('useless');
        return NetSample.of(shot).end(this.scheduler.now(), 200);
      }),
    );
  }
}

/** Plays a pool in virtual time to its end. */
export function playPool(setup: PoolSetup): Played {
  const { plan, instances, overflow, ammo, drains, share } = setup;
  const scheduler = new VirtualClock(PLAY_START);
  const guns = new Guns(setup, scheduler);
  const [count, then] = ammo;
  const after = { end: EMPTY, silence: NEVER, error: throwError(() => new Error('bad line')) }[then];
  const windows: Window[] = [];
  const samples: NetSample[] = [];
  let ended = false;
  let error = '';
  const pool: Pool = {
    id: 'p',
    rps: () => ticks(plan, { scheduler, share }),
    startup: ticks(oncePlan({ times: instances }), { scheduler }),
    provider: then === 'end' ? pulled(count) : concat(of(...Array.from({ length: count }, (_, i) => i)), after),
    gunFactory: guns,
    aggregators: [
      {
        name: 'kept',
        aggregator: (all) =>
          all.pipe(
            tap((sample) => samples.push(sample.with({}))),
            ignoreElements(),
          ),
      },
    ],
    rpsPerInstance: false,
    plan,
    overflow,
    share,
  };
  const drain = merge(
    ...[...drains, [LAST_DRAIN_MS, 0] as const].map(([at, limit]) => timer(at, scheduler).pipe(map(() => limit))),
  );
  runPool(pool, { scheduler, drain }).subscribe({
    next: (event) => {
      if (event.type === 'window') windows.push(event.window);
    },
    error: (cause: unknown) => {
      ended = true;
      error = String(cause);
    },
    complete: () => {
      ended = true;
    },
  });
  scheduler.run(PLAY_START + 2 * LAST_DRAIN_MS);
  const window = windows.reduce(mergeWindows, emptyWindow(PLAY_START));
  return { window, samples, ended, error, closed: guns.closed, mostAtOnce: guns.mostAtOnce };
}
