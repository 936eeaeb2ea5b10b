import { NEVER, Observable, take } from 'rxjs';
import type { Gun } from '../../../lib/core/gun.js';
import type { Shot } from '../../../lib/core/shot.js';
import { constPlan } from '../../../lib/schedules/const.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { FiringMeter } from '../../../operators/firing/meter.js';
import { type ShootOptions, shoot } from '../../../operators/shots/shoot.js';
import { zipAmmo } from '../../../operators/shots/zipAmmo.js';
import { ticks } from '../../../operators/ticks/ticks.js';

export const boom = (text = 'boom'): never => {
  throw new Error(text);
};

export interface Setup extends Partial<ShootOptions<string, string>> {
  /** Shoots when the ammo is `b`, 10 ms after the first shot; shots of other ammo never end. */
  readonly onB?: (shot: Shot<string>) => unknown;
  readonly gun?: string;
  readonly shots?: (clock: VirtualClock) => Observable<Shot<string>>;
  readonly create?: (instance: number, clock: VirtualClock) => Gun<string, string>;
  readonly close?: (instance: number) => void;
  readonly take?: number;
  readonly options?: (clock: VirtualClock) => Partial<ShootOptions<string, string>>;
}

/** One shot each 10 ms, `a` to `d`, with three instances, and the events up to the end. */
export function run({ onB = () => NEVER, shots, create, close, take: limit, options, ...more }: Setup) {
  const clock = new VirtualClock(1000);
  const meter = new FiringMeter();
  const log: unknown[] = [];
  const closes: number[] = [];
  let aborted = 0;
  const guns = {
    create: ({ instance }: { readonly instance: number }): Gun<string, string> => ({
      shoot: (ammo, shot) =>
        ammo === 'b' ? (onB(shot) as Observable<string>) : new Observable<string>(() => () => aborted++),
      ...create?.(instance, clock),
      close: () => {
        closes.push(instance);
        close?.(instance);
      },
    }),
  };
  const source = shots?.(clock) ?? ticks(constPlan({ ops: 100, duration: 40e6 })).pipe(zipAmmo('abcd'));
  const samples = source.pipe(
    shoot(guns, {
      scheduler: clock,
      meter,
      instances: 3,
      unfinished: ({ ammo, at }, now) => `${ammo} unfinished ${now - at}`,
      ...more,
      ...options?.(clock),
    }),
  );
  const subscription = (limit === undefined ? samples : samples.pipe(take(limit))).subscribe({
    next: (sample) => log.push(sample),
    error: (error: unknown) => log.push(error),
    complete: () => log.push('complete'),
  });
  clock.run(100_000);
  return { log, meter, closes, aborted: () => aborted, subscription, clock };
}

export const endOf = (log: readonly unknown[]): Error => log.at(-1) as Error;

/** Pushed shots that are due at 1000. */
export function asShots(source: Observable<string>): Observable<Shot<string>> {
  return new Observable((observer) =>
    source.subscribe({
      next: (ammo) => observer.next({ index: 0, at: 1000, ammo, instance: -1, started: 0, slotWait: 0 }),
      error: (error: unknown) => observer.error(error),
      complete: () => observer.complete(),
    }),
  );
}
