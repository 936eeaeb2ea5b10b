import { EMPTY, Observable, type ObservableInput, type SchedulerLike } from 'rxjs';
import type { Gun, GunContext, GunFactory } from '../core/gun.js';
import type { Shot } from '../core/shot.js';
import type { Millis } from '../core/units.js';
import { NetSample } from '../protocols/netSample.js';

/** Options of {@link FakeGunFactory}. */
export interface FakeGunFactoryOptions<A> {
  readonly scheduler: SchedulerLike;
  /** How long each shot takes. Default 0: it ends before `shoot` returns. */
  readonly latencyMs?: Millis | ((shot: Shot<A>) => Millis);
  /** HTTP status of the samples. Default 200. */
  readonly status?: number;
  /** Called before each shot; the gun throws its exceptions. */
  readonly onShoot?: (ammo: A, shot: Shot<A>) => void;
  /** Called for each new gun; `create` throws its exceptions. */
  readonly onMake?: (context: GunContext) => void;
  /** The warm-up waits for it. */
  readonly warmUp?: () => ObservableInput<unknown>;
}

/** One call that a fake gun recorded. */
export interface FakeShot<A> {
  readonly instance: number;
  readonly index: number;
  readonly ammo: A;
  readonly intended: number;
  readonly started: number;
}

/**
 * A gun factory of fake guns for tests: each shot takes a set time on the given clock and emits one sample; every call and every
 * close is recorded.
 *
 * @example
 * const clock = new VirtualClock();
 * const guns = new FakeGunFactory({ scheduler: clock, latencyMs: 50 });
 */
export class FakeGunFactory<A = unknown> implements GunFactory<A, NetSample> {
  readonly shots: FakeShot<A>[] = [];
  /** Shots that were unsubscribed from before they ended. */
  aborted = 0;
  made = 0;
  /** For each gun, in the order in which they were made, how often it was closed. */
  readonly closes: number[] = [];
  warmUps = 0;
  closed = 0;

  constructor(private readonly options: FakeGunFactoryOptions<A>) {}

  warmUp(): ObservableInput<unknown> {
    this.warmUps++;
    return this.options.warmUp?.() ?? EMPTY;
  }

  create(context: GunContext): Gun<A, NetSample> {
    this.options.onMake?.(context);
    const gun = this.made++;
    this.closes.push(0);
    return {
      shoot: (ammo, shot) => this.#shoot(ammo, shot),
      close: () => {
        this.closes[gun] = (this.closes[gun] as number) + 1;
      },
    };
  }

  close(): undefined {
    this.closed++;
  }

  #shoot(ammo: A, shot: Shot<A>): Observable<NetSample> {
    const { scheduler, latencyMs = 0, status = 200, onShoot } = this.options;
    this.shots.push({ instance: shot.instance, index: shot.index, ammo, intended: shot.at, started: shot.started });
    onShoot?.(ammo, shot);
    return new Observable((subscriber) => {
      let done = false;
      const end = (): void => {
        done = true;
        subscriber.next(NetSample.of(shot).end(scheduler.now(), status));
        subscriber.complete();
      };
      subscriber.add(() => {
        if (!done) this.aborted++;
      });
      const latency = typeof latencyMs === 'number' ? latencyMs : latencyMs(shot);
      if (latency <= 0) end();
      else subscriber.add(scheduler.schedule(end, latency));
    });
  }
}
