import assert from 'node:assert/strict';
import { once } from 'node:events';
import * as net from 'node:net';
import { isRight } from 'fp-ts/lib/Either.js';
import { defaultIfEmpty, firstValueFrom, from, lastValueFrom, type Subscription } from 'rxjs';
import type { Deps } from '../../../lib/core/deps.js';
import type { Gun, GunFactory } from '../../../lib/core/gun.js';
import { ConnectionRecorder } from '../../../lib/measure/connectionRecorder.js';
import type { AnyComponent } from '../../../lib/plugin/anyComponent.js';
import type { HttpAmmo, HttpRequest } from '../../../lib/protocols/http.js';
import type { NetSample } from '../../../lib/protocols/netSample.js';
import { FakeLog, fakeDeps } from '../../../lib/testing/fakeDeps.js';
import { realTimeScheduler } from '../../../lib/time/realTime.js';
import { TurnClock } from './turnClock.js';

/** Resolves at the end of the first turn of the event loop in which the condition holds. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

/** A GET of `/` with the changes of the test. */
export const request = (changed: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'GET',
  target: '/',
  path: '/',
  host: '',
  headers: [],
  body: null,
  close: false,
  chunked: false,
  ...changed,
});

export type Fields = Pick<
  NetSample,
  | 'tag'
  | 'id'
  | 'netCode'
  | 'protoCode'
  | 'errorName'
  | 'bytesIn'
  | 'bytesOut'
  | 'retries'
  | 'sizeIn'
  | 'sizeOut'
  | 'connectTime'
  | 'sendTime'
  | 'latency'
  | 'receiveTime'
  | 'started'
  | 'responded'
  | 'ended'
>;

/** One gun of one gunFactory, shot by hand. */
export class GunBench {
  readonly log: FakeLog;
  readonly connections = new ConnectionRecorder();
  readonly deps: Deps;
  readonly gunFactory: GunFactory<HttpAmmo, NetSample>;
  readonly guns: Gun<HttpAmmo, NetSample>[] = [];
  #id = 0;

  constructor(component: unknown, options: Record<string, unknown>, deps: Partial<Deps> = {}) {
    this.log = new FakeLog();
    this.deps = fakeDeps({ scheduler: realTimeScheduler, log: this.log, connections: this.connections, ...deps });
    const gun = component as AnyComponent<'gun'>;
    const config = gun.options().decode(options);
    assert.ok(isRight(config), `bad options ${JSON.stringify(options)}`);
    this.gunFactory = gun.create(config.right, this.deps) as GunFactory<HttpAmmo, NetSample>;
  }

  async warmUp(): Promise<void> {
    await lastValueFrom(from(this.gunFactory.warmUp?.() ?? []).pipe(defaultIfEmpty(undefined)));
  }

  /** Subscribes to one shot. */
  fire(
    changed: Partial<HttpRequest> | HttpRequest,
    next: (fields: Fields) => void,
    instance = 0,
    tag = '',
  ): Subscription {
    this.guns[instance] ??= this.gunFactory.create({ instance });
    const whole = 'method' in changed && 'headers' in changed && 'chunked' in changed;
    const ammo: HttpAmmo = {
      protocol: 'http',
      id: ++this.#id,
      tag,
      request: whole ? (changed as HttpRequest) : request(changed),
    };
    const started = this.deps.scheduler.now();
    const shot = { index: ammo.id, at: started, ammo, instance, started, slotWait: 0 };
    let samples = 0;
    return from((this.guns[instance] as Gun<HttpAmmo, NetSample>).shoot(ammo, shot)).subscribe({
      next: (sample) => {
        samples++;
        next({ ...sample });
      },
      complete: () => assert.equal(samples, 1, 'a shot gives one sample'),
    });
  }

  shoot(changed: Partial<HttpRequest> | HttpRequest = {}, instance = 0, tag = ''): Promise<Fields> {
    const sample = new Promise<Fields>((resolve) => {
      this.fire(changed, resolve, instance, tag);
    });
    const { scheduler } = this.deps;
    return scheduler instanceof TurnClock ? scheduler.passing(sample) : sample;
  }

  async close(): Promise<void> {
    for (const gun of this.guns) gun.close?.();
    await firstValueFrom(from(this.gunFactory.close?.() ?? []).pipe(defaultIfEmpty(undefined)));
  }
}

/** A TCP server whose every connection is played by `script`; `seen` has what each connection received. */
export class ScriptedServer {
  readonly seen: string[] = [];
  readonly sockets: net.Socket[] = [];
  /** The number of connections that are closed. */
  closed = 0;
  readonly #server: net.Server;

  constructor(script: (socket: net.Socket, received: string, connection: number) => void) {
    this.#server = net.createServer({ noDelay: true }, (socket) => {
      const connection = this.sockets.push(socket) - 1;
      this.seen[connection] = '';
      socket.on('error', () => undefined);
      socket.on('close', () => this.closed++);
      socket.on('data', (bytes) => {
        this.seen[connection] += bytes.toString('latin1');
        script(socket, bytes.toString('latin1'), connection);
      });
    });
  }

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `127.0.0.1:${(this.#server.address() as net.AddressInfo).port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
