import { Observable, type Observer, type SchedulerLike, type Unsubscribable } from 'rxjs';
import type { Ammo } from '../core/ammo.js';
import type { Armoury } from '../core/armoury.js';
import type { Random } from '../core/deps.js';
import type { Gun } from '../core/gun.js';
import type { Shot } from '../core/shot.js';
import type { EpochMs, Millis } from '../core/units.js';
import type { NetSample } from '../protocols/netSample.js';
import { ModelLane, type ModelRange } from './modelLane.js';
import type { TargetModel } from './targetModel.js';

/** How guns shoot at a model. */
export interface ModelArmouryOptions {
  /** The only clock: virtual or real. */
  readonly scheduler: SchedulerLike;
  /** The only chance. */
  readonly random: Random;
  /** The moment from which scripts count. Default: now. */
  readonly startAt?: EpochMs;
  /** A shot without an answer for so long ends as a timeout (net code 110). Default 30,000. */
  readonly timeoutMs?: Millis;
  /** The tag of a shot's sample. Default: that of the ammo. */
  readonly tagOf?: (ammo: unknown) => string;
}

const tagOfAmmo = (ammo: unknown): string => (ammo as Partial<Ammo> | undefined)?.tag ?? '';

/** One instance's gun: two lanes, used by turns. */
class ModelGun implements Gun<unknown, NetSample> {
  readonly #lanes: readonly [ModelLane, ModelLane];
  #next: 0 | 1 = 0;

  constructor(
    range: ModelRange,
    private readonly tagOf: (ammo: unknown) => string,
  ) {
    this.#lanes = [new ModelLane(range), new ModelLane(range)];
  }

  shoot(ammo: unknown, shot: Shot<unknown>): Observable<NetSample> {
    return new Observable((subscriber) => this.shootInto(ammo, shot, subscriber));
  }

  shootInto(ammo: unknown, shot: Shot<unknown>, observer: Observer<NetSample>): Unsubscribable {
    const lane = this.#lanes[this.#next];
    this.#next = this.#next === 0 ? 1 : 0;
    return lane.begin(shot, this.tagOf(ammo), (ammo as Partial<Ammo> | undefined)?.id ?? 0, observer);
  }
}

/**
 * Guns that shoot at a model of a target instead of a target: in the place of any other gun, in virtual or real time. One
 * armoury is one target: all of its guns meet the same queue and the same script.
 *
 * @example
 * const clock = new VirtualClock(1_000);
 * const guns = modelArmoury(constantLatency(20), { scheduler: clock, random: seededRandom(1) });
 */
export function modelArmoury(model: TargetModel, options: ModelArmouryOptions): Armoury<unknown, NetSample> {
  const { scheduler, random, startAt = scheduler.now(), timeoutMs = 30_000, tagOf = tagOfAmmo } = options;
  return rangeArmoury({ scheduler, rule: model.start({ random, startAt }), timeoutMs }, tagOf);
}

/** The guns of one pool on a range that has been started. */
export function rangeArmoury(range: ModelRange, tagOf: (ammo: unknown) => string): Armoury<unknown, NetSample> {
  return { make: () => new ModelGun(range, tagOf) };
}
