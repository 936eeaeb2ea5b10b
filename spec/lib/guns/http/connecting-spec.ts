import assert from 'node:assert/strict';
import { once } from 'node:events';
import * as net from 'node:net';
import { describe, it } from 'node:test';
import type { Deps } from '../../../../lib/core/deps.js';
import { HttpGunFactory, http } from '../../../../lib/guns/http/gun.js';
import { directDialing } from '../../../../lib/guns/shared/dialing.js';
import type { HttpGunConfig } from '../../../../lib/guns/shared/httpOptions.js';
import { VirtualClock } from '../../../../lib/time/virtualClock.js';
import { ConnectBackoff } from '../../../../lib/wire/dial/connectBackoff.js';
import { ConnectLimiter, type ConnectWaiter } from '../../../../lib/wire/dial/connectLimiter.js';
import type { Connector, HttpSocketEvents } from '../../../../lib/wire/dial/connector.js';
import { CAPTURE_NOTHING } from '../../../../lib/wire/http1/capture.js';
import { Connection } from '../../../../lib/wire/http1/connection.js';
import type { ConnectionOptions } from '../../../../lib/wire/http1/connectionOptions.js';
import type { ExchangeListener } from '../../../../lib/wire/http1/exchangeListener.js';
import { WireCounters } from '../../../../lib/wire/http1/wireCounters.js';
import { type Fields, GunBench } from '../gunBench.js';

const OK = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
const refused = (): Error => Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });

/** A gun whose connections are opened by the test. */
function bench(clock: VirtualClock, play: (events: HttpSocketEvents, dial: number) => void, random = () => 0) {
  const dials: number[] = [];
  const log = { dials, destroyed: 0 };
  const dial: Connector = (_, events) => {
    const nth = dials.push(clock.now()) - 1;
    clock.schedule(() => play(events, nth));
    const write = (): void => {
      clock.schedule(() => events.received(OK, OK.length));
    };
    return { pending: false, destroy: () => log.destroyed++, write };
  };
  const gun = {
    ...http,
    create: (config: HttpGunConfig, deps: Deps) =>
      new HttpGunFactory(config, deps, directDialing(config, deps, undefined, dial)),
  };
  const options = { target: '127.0.0.1:1', httptrace: { trace: true }, 'disable-keep-alives': true };
  return { log, dials, guns: new GunBench(gun, options, { scheduler: clock, random }) };
}

describe('ConnectLimiter', () => {
  const waiters = (count: number, admitted: number[]): ConnectWaiter[] =>
    Array.from({ length: count }, (_, index) => ({ admitted: () => admitted.push(index) }));

  it('admits up to the limit, then one for each that leaves, in the order of arrival', () => {
    const admitted: number[] = [];
    const limiter = new ConnectLimiter(new VirtualClock(), 2);
    const [a, b, c, d, e] = waiters(5, admitted) as [
      ConnectWaiter,
      ConnectWaiter,
      ConnectWaiter,
      ConnectWaiter,
      ConnectWaiter,
    ];
    for (const waiter of [a, b, c, d]) limiter.enter(waiter);
    assert.deepEqual(admitted, [0, 1]);
    limiter.leave(b);
    assert.deepEqual(admitted, [0, 1, 2]);
    limiter.leave(d);
    limiter.enter(e);
    limiter.leave(a);
    assert.deepEqual(admitted, [0, 1, 2, 4]);
    limiter.leave(a);
    for (const waiter of [c, e]) limiter.leave(waiter);
  });

  it('frees the place of a connection that makes no progress', () => {
    const clock = new VirtualClock(1000);
    const admitted: number[] = [];
    const limiter = new ConnectLimiter(clock, 2, 50);
    for (const waiter of waiters(5, admitted)) limiter.enter(waiter);
    clock.advance(49);
    assert.equal(admitted.length, 2);
    clock.advance(1);
    assert.equal(admitted.length, 4);
    clock.run();
    assert.deepEqual([admitted.length, clock.now()], [5, 1100]);
  });

  it('drops thousands that leave the queue, and keeps no timer for an empty one', () => {
    const clock = new VirtualClock(1000);
    const admitted: number[] = [];
    const limiter = new ConnectLimiter(clock, 1);
    const all = waiters(50_000, admitted);
    for (const waiter of all) limiter.enter(waiter);
    for (const waiter of all.slice(1, -1)) limiter.leave(waiter);
    limiter.leave(all[0] as ConnectWaiter);
    assert.deepEqual(admitted, [0, 49_999]);
    clock.run();
    assert.equal(clock.now(), 1000);
  });

  it('admits a long queue in linear time', () => {
    const admitted: number[] = [];
    const limiter = new ConnectLimiter(new VirtualClock(), 1);
    const all = waiters(50_000, admitted);
    for (const waiter of all) limiter.enter(waiter);
    for (const waiter of all) limiter.leave(waiter);
    assert.ok(admitted.length === 50_000 && admitted.every((index, at) => index === at));
  });

  it('reports a connector that throws as a failure, asynchronously, and admits the next connection', () => {
    const clock = new VirtualClock();
    const reported: string[] = [];
    const options: ConnectionOptions = {
      scheduler: clock,
      connect: () => {
        throw new Error('no port');
      },
      limiter: new ConnectLimiter(clock, 1),
      headerTimeout: 0,
      bodyIdleTimeout: 0,
      counters: new WireCounters(),
      unused: undefined,
      continueTimeout: 0,
      timed: false,
      capture: CAPTURE_NOTHING,
    };
    const listener = (name: string): ExchangeListener => ({
      opened: () => reported.push('opened'),
      written: () => reported.push('written'),
      firstBytes: () => reported.push('first bytes'),
      responded: () => reported.push('responded'),
      complete: () => reported.push('complete'),
      failed: (error) => reported.push(`${name}: ${(error as Error).message}`),
    });
    const origin = { host: 'h', port: 1, ssl: false, remember: false };
    for (const name of ['a', 'b']) new Connection(origin, options, listener(name), () => reported.push('lost'));
    assert.deepEqual(reported, []);
    clock.run();
    assert.deepEqual(reported, ['a: no port', 'b: no port']);
  });
});

describe('the http gun bounds the connections that open at once', () => {
  it('256 at once; the wait is part of the connect time', () => {
    const clock = new VirtualClock(1000);
    const { guns, dials } = bench(clock, (events) => clock.schedule(() => events.opened(), 10));
    const got: Fields[] = [];
    for (let instance = 0; instance < 600; instance++) guns.fire({}, (fields) => got.push(fields), instance);
    assert.equal(dials.length, 256);
    clock.run();
    const times = got.map(({ connectTime }) => connectTime);
    assert.deepEqual([times.length, times[0], times[256], times[599]], [600, 10, 20, 30]);
  });

  it('and opens none for a shot that was aborted while it waited', () => {
    const clock = new VirtualClock(1000);
    const { guns, dials, log } = bench(clock, (events) => events.opened());
    const got: Fields[] = [];
    const shots = Array.from({ length: 300 }, (_, instance) => guns.fire({}, (fields) => got.push(fields), instance));
    // Those that wait first: a place that becomes free would be taken.
    for (const shot of shots.slice(250).reverse()) shot.unsubscribe();
    assert.equal(log.destroyed, 6);
    clock.run();
    assert.deepEqual([got.length, dials.length], [250, 256]);
  });

  it('so 1,000 instances that start at once all get connections from a short accept queue', async () => {
    const server = net.createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', () => socket.write(OK));
    });
    server.listen({ port: 0, host: '127.0.0.1', backlog: 256 });
    await once(server, 'listening');
    const guns = new GunBench(http, { target: `127.0.0.1:${(server.address() as net.AddressInfo).port}` });
    const shots = await Promise.all(Array.from({ length: 1000 }, (_, instance) => guns.shoot({}, instance)));
    await guns.close();
    server.close();
    await once(server, 'close');
    assert.ok(shots.every(({ protoCode, netCode }) => protoCode === 200 && netCode === 0));
  });
});

describe('an instance whose dials fail', () => {
  /** Shoots again as soon as a shot has ended, like an unlimited schedule. */
  function loop(guns: GunBench, until: (got: readonly Fields[]) => boolean): Fields[] {
    const got: Fields[] = [];
    const again = (): void => {
      guns.fire({}, (fields) => {
        got.push(fields);
        if (!until(got)) guns.deps.scheduler.schedule(again);
      });
    };
    again();
    return got;
  }

  it('shoots three times at once, then with growing waits, and each shot has a sample', () => {
    const clock = new VirtualClock(1000);
    const { guns } = bench(clock, (events) => events.failed(refused()));
    const got = loop(guns, ({ length }) => length === 13);
    clock.run();
    const waits = got.map(({ started, ended }) => ended - started);
    assert.deepEqual(waits, [0, 0, 0, 10, 20, 40, 80, 160, 320, 640, 1000, 1000, 1000]);
    assert.ok(got.every(({ netCode, protoCode }) => netCode === 111 && protoCode === 0));
  });

  it('spreads the waits randomly, down to a half', () => {
    const backOff = new ConnectBackoff(() => 0.999_999);
    for (let failure = 0; failure < 3; failure++) backOff.failed(1000);
    assert.equal(Math.round(backOff.wait(1000)), 5);
  });

  it('does not wait after a connection has opened, and counts the wait as connecting', () => {
    const clock = new VirtualClock(1000);
    const { guns } = bench(clock, (events, dial) => (dial === 5 ? events.opened() : events.failed(refused())));
    const got = loop(guns, ({ length }) => length === 10);
    clock.run();
    const waits = got.map(({ started, ended }) => ended - started);
    assert.deepEqual(waits, [0, 0, 0, 10, 20, 40, 0, 0, 0, 10]);
    assert.deepEqual([got[5]?.protoCode, got[5]?.connectTime], [200, 40]);
  });

  it('never waits when it rests between its shots, as in a paced pool', () => {
    const clock = new VirtualClock(1000);
    const { guns, dials } = bench(clock, (events) => events.failed(refused()));
    const got: Fields[] = [];
    for (let shot = 0; shot < 50; shot++) {
      guns.fire({}, (fields) => got.push(fields));
      clock.advance(20);
    }
    assert.ok(got.length === 50 && got.every(({ started, ended }) => started === ended));
    assert.deepEqual(dials.slice(0, 3), [1000, 1020, 1040]);
  });

  it('can be aborted while it waits', () => {
    const clock = new VirtualClock(1000);
    const { guns, dials } = bench(clock, (events) => events.failed(refused()));
    loop(guns, ({ length }) => length === 3);
    clock.run();
    const shot = guns.fire({}, () => assert.fail('a sample of an aborted shot'));
    shot.unsubscribe();
    clock.run();
    assert.equal(dials.length, 3);
  });
});
