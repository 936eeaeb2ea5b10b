import {
  from,
  Observable,
  type Observer,
  type SchedulerAction,
  type SchedulerLike,
  tap,
  type Unsubscribable,
} from 'rxjs';
import { type Random, WHOLE } from '../core/deps.js';
import type { Gun, GunFactory } from '../core/gun.js';
import type { Ammo, Shot } from '../core/shot.js';
import type { EpochMs, Millis } from '../core/units.js';
import type { GrpcCall } from '../protocols/grpc.js';
import type { HttpRequest } from '../protocols/http.js';
import { NetSample } from '../protocols/netSample.js';
import { isScenarioAmmo, type ScenarioAmmo } from '../scenario/scenarioAmmo.js';
import { scenarioGuns } from '../scenario/scenarioGun.js';
import { askModel, type ModelRange } from './modelRange.js';
import type { ModelResponse, TargetModel } from './models/targetModel.js';
import { ModelTransports } from './modelTransport.js';
import type { TargetResponses } from './responses.js';

/**
 * One shot at a modelled target. It is reused, so a shot needs no promise and no closure. A gun has two of them,
 * because the end of one shot may begin the next before the first is torn down.
 */
class ModelShot implements Unsubscribable {
  #shot: Shot<unknown> | undefined;
  #observer: Observer<NetSample> | undefined;
  #timer: SchedulerAction<unknown> | undefined;
  #tag = '';
  #id = 0;
  #status = 0;
  #netCode = 0;
  #errorName = '';

  /** Reused by every shot: the rule changes it, and it is copied in the same call. */
  readonly #response: ModelResponse = { afterMs: 0, status: 200, netCode: 0, errorName: '' };

  constructor(private readonly range: ModelRange) {}

  /** Shoots. Calls the observer at the end of the shot, never before this returns. */
  begin(shot: Shot<unknown>, tag: string, id: number, observer: Observer<NetSample>): Unsubscribable {
    this.#shot = shot;
    this.#tag = tag;
    this.#id = id;
    this.#observer = observer;
    const { range } = this;
    const response = this.#response;
    const now = range.scheduler.now();
    askModel(range, response, now, tag);
    this.#status = response.status;
    this.#netCode = response.netCode;
    this.#errorName = response.errorName;
    range.watch?.started(shot, now);
    this.#wait(response.afterMs);
    return this;
  }

  #wait(ms: Millis): void {
    const lane = this;
    if (this.#timer !== undefined && !this.#timer.closed) this.#timer.schedule(undefined, ms);
    else
      this.#timer = this.range.scheduler.schedule(function () {
        lane.#timer = this;
        lane.#end();
      }, ms) as SchedulerAction<unknown>;
  }

  #end(): void {
    const observer = this.#observer;
    if (observer === undefined) return;
    const sample = NetSample.of(this.#shot as Shot<unknown>).end(this.range.scheduler.now(), this.#status);
    sample.tag = this.#tag;
    sample.id = this.#id;
    sample.netCode = this.#netCode;
    sample.errorName = this.#errorName;
    this.#observer = undefined;
    this.range.watch?.finished(sample.ended, (this.#shot as Shot<unknown>).index);
    observer.next(sample);
    observer.complete();
  }

  /** Aborts the shot; does nothing after its end. */
  unsubscribe(): void {
    if (this.#observer === undefined) return;
    this.#observer = undefined;
    this.range.watch?.aborted((this.#shot as Shot<unknown>).index);
    this.#timer?.unsubscribe();
    this.#timer = undefined;
  }
}

/** Options of {@link modelGuns}. */
export interface ModelGunsOptions {
  /** The only clock: virtual or real. */
  readonly scheduler: SchedulerLike;
  /** The only source of random numbers. */
  readonly random: Random;
  /** The moment from which scripts count. Default: now. */
  readonly startAt?: EpochMs;
  /** Limit of a shot in milliseconds; then it ends as a timeout (net code 110). Default 30,000. */
  readonly timeoutMs?: Millis;
  /** The tag of a shot's sample. Default: the tag of the ammo. */
  readonly tagOf?: (ammo: unknown) => string;
  /** The responses of the target to requests of scenarios. Default: only a status. */
  readonly responses?: TargetResponses<HttpRequest & GrpcCall>;
}

/** The tag of an ammo; empty when it has none. */
export const tagOfAmmo = (ammo: unknown): string => (ammo as Partial<Ammo> | undefined)?.tag ?? '';

/** The gun of one instance: two lanes, used in turn, and the player of scenarios, if the ammo has scenarios. */
class ModelGun implements Gun<unknown, NetSample> {
  readonly #lanes: readonly [ModelShot, ModelShot];
  #next: 0 | 1 = 0;
  #player: Gun<ScenarioAmmo, NetSample> | undefined;

  constructor(
    private readonly range: ModelRange,
    private readonly tagOf: (ammo: unknown) => string,
    private readonly makePlayer: () => Gun<ScenarioAmmo, NetSample>,
  ) {
    this.#lanes = [new ModelShot(range), new ModelShot(range)];
  }

  shoot(ammo: unknown, shot: Shot<unknown>): Observable<NetSample> {
    return new Observable((subscriber) => this.shootInto(ammo, shot, subscriber));
  }

  shootInto(ammo: unknown, shot: Shot<unknown>, observer: Observer<NetSample>): Unsubscribable {
    if (isScenarioAmmo(ammo)) return this.#play(ammo, shot).subscribe(observer);
    const lane = this.#lanes[this.#next];
    this.#next = this.#next === 0 ? 1 : 0;
    return lane.begin(shot, this.tagOf(ammo), (ammo as Partial<Ammo> | undefined)?.id ?? 0, observer);
  }

  /** A scenario is one shot: its instance is busy from its start to its end, pauses included. */
  #play(ammo: ScenarioAmmo, shot: Shot<unknown>): Observable<NetSample> {
    const { watch, scheduler } = this.range;
    const { index } = shot;
    this.#player ??= this.makePlayer();
    const played = this.#player.shoot(ammo, { ...shot, ammo });
    return from(played).pipe(
      tap({
        subscribe: () => watch?.started(shot, scheduler.now()),
        complete: () => watch?.finished(scheduler.now(), index),
        error: () => watch?.aborted(index),
        unsubscribe: () => watch?.aborted(index),
      }),
    );
  }

  close(): void {
    this.#player?.close?.();
  }
}

/**
 * Guns that shoot at a model of a target. They replace any other gun, in virtual or real time. One gun factory is one
 * target: all of its guns share the queue and the script.
 *
 * Ammo that is a scenario is played, request by request and with its pauses; any other ammo is one request.
 *
 * @example
 * const clock = new VirtualClock(1_000);
 * const guns = modelGuns(constantLatency(20), { scheduler: clock, random: seededRandom(1) });
 */
export function modelGuns(model: TargetModel, options: ModelGunsOptions): GunFactory<unknown, NetSample> {
  const { scheduler, random, startAt = scheduler.now(), timeoutMs = 30_000, tagOf = tagOfAmmo, responses } = options;
  const range = { scheduler, rule: model.start({ random, startAt }), timeoutMs };
  const transports = new ModelTransports(range, responses);
  return rangeGuns(range, tagOf, scenarioGuns({ transports, deps: { scheduler, random, share: WHOLE } }));
}

/**
 * The guns of one pool on a started range.
 *
 * @param players Play the ammo that is a scenario, over the same range.
 */
export function rangeGuns(
  range: ModelRange,
  tagOf: (ammo: unknown) => string,
  players: GunFactory<ScenarioAmmo, NetSample>,
): GunFactory<unknown, NetSample> {
  return { create: (context) => new ModelGun(range, tagOf, () => players.create(context)) };
}
