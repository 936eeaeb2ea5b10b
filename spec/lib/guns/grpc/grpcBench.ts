import assert from 'node:assert/strict';
import { isRight } from 'fp-ts/lib/Either.js';
import { defaultIfEmpty, firstValueFrom, from, lastValueFrom, type Subscription, toArray } from 'rxjs';
import type { Deps } from '../../../../lib/core/deps.js';
import type { Gun, GunFactory } from '../../../../lib/core/gun.js';
import { grpc } from '../../../../lib/guns/grpc/gun.js';
import type { AnyComponent } from '../../../../lib/plugin/anyComponent.js';
import type { GrpcAmmo, GrpcCall } from '../../../../lib/protocols/grpc.js';
import type { NetSample } from '../../../../lib/protocols/netSample.js';
import { FakeLog, fakeDeps } from '../../../../lib/testing/fakeDeps.js';
import { realTimeScheduler } from '../../../../lib/time/realTime.js';
import { TurnClock } from '../turnClock.js';

/** A call of echo.proto with what a test changes. */
export function echo(payload: Record<string, unknown> = {}, changed: Partial<GrpcCall> = {}): GrpcCall {
  return { method: 'elpis.test.Echo.Unary', metadata: null, payload: payload as GrpcCall['payload'], ...changed };
}

/** The guns of one factory, shot by hand. */
export class GrpcBench {
  readonly log = new FakeLog();
  readonly deps: Deps;
  readonly gunFactory: GunFactory<GrpcAmmo, NetSample>;
  readonly guns: Gun<GrpcAmmo, NetSample>[] = [];
  #index = 0;

  constructor(options: Record<string, unknown>, deps: Partial<Deps> = {}, component: unknown = grpc) {
    this.deps = fakeDeps({ scheduler: realTimeScheduler, log: this.log, ...deps });
    const gun = component as AnyComponent<'gun'>;
    const config = gun.options().decode(options);
    assert.ok(isRight(config), `bad options ${JSON.stringify(options)}`);
    this.gunFactory = gun.create(config.right, this.deps) as GunFactory<GrpcAmmo, NetSample>;
  }

  async warmUp(): Promise<this> {
    await lastValueFrom(from(this.gunFactory.warmUp?.() ?? []).pipe(defaultIfEmpty(undefined)));
    return this;
  }

  /** Subscribes to one shot. */
  fire(call: GrpcCall, next: (sample: NetSample) => void, instance = 0, rest: Partial<GrpcAmmo> = {}): Subscription {
    this.guns[instance] ??= this.gunFactory.create({ instance });
    const ammo: GrpcAmmo = { protocol: 'grpc', id: 1, tag: 'tag', call, ...rest };
    const started = this.deps.scheduler.now();
    const shot = { index: this.#index++, at: started, ammo, instance, started, slotWait: 0 };
    let samples = 0;
    return from((this.guns[instance] as Gun<GrpcAmmo, NetSample>).shoot(ammo, shot)).subscribe({
      next: (sample) => {
        samples++;
        next(sample);
      },
      complete: () => assert.equal(samples, 1, 'a shot gives one sample'),
    });
  }

  shoot(call: GrpcCall, instance = 0, rest: Partial<GrpcAmmo> = {}): Promise<NetSample> {
    return this.#passing(
      new Promise((resolve) => {
        this.fire(call, resolve, instance, rest);
      }),
    );
  }

  #passing<T>(result: Promise<T>): Promise<T> {
    const { scheduler } = this.deps;
    return scheduler instanceof TurnClock ? scheduler.passing(result) : result;
  }

  /** All samples of one shot. */
  stream(call: GrpcCall): Promise<NetSample[]> {
    const gun = this.gunFactory.create({ instance: 0 });
    const ammo: GrpcAmmo = { protocol: 'grpc', id: 1, tag: 'tag', call };
    const started = this.deps.scheduler.now();
    const shot = { index: this.#index++, at: started, ammo, instance: 0, started, slotWait: 0 };
    this.guns.push(gun);
    return this.#passing(lastValueFrom(from(gun.shoot(ammo, shot)).pipe(toArray())));
  }

  async close(): Promise<void> {
    for (const gun of this.guns) gun.close?.();
    await firstValueFrom(from(this.gunFactory.close?.() ?? []).pipe(defaultIfEmpty(undefined)));
  }
}
