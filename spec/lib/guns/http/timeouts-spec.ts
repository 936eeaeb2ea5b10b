import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Deps } from '../../../../lib/core/deps.js';
import { HttpGunFactory, http } from '../../../../lib/guns/http/gun.js';
import { directDialing } from '../../../../lib/guns/shared/dialing.js';
import type { HttpGunConfig } from '../../../../lib/guns/shared/httpOptions.js';
import type { HttpAmmo } from '../../../../lib/protocols/http.js';
import { VirtualClock } from '../../../../lib/time/virtualClock.js';
import type { Connector, HttpSocketEvents } from '../../../../lib/wire/dial/connector.js';
import { type Fields, GunBench, request } from '../gunBench.js';

/** A gun whose connections are played by hand, on a virtual clock. */
function wired(options: Record<string, unknown>) {
  const clock = new VirtualClock(1000);
  const wires: HttpSocketEvents[] = [];
  let closed = 0;
  const dial: Connector = (_, events) => {
    wires.push(events);
    return { pending: false, destroy: () => closed++, write: (_bytes, written) => written?.() };
  };
  const gun = {
    ...http,
    create: (config: HttpGunConfig, deps: Deps) =>
      new HttpGunFactory(config, deps, directDialing(config, deps, undefined, dial)),
  };
  const bench = new GunBench(gun, { target: '127.0.0.1:1', ...options }, { scheduler: clock });
  const got: Fields[] = [];
  return {
    clock,
    wires,
    bench,
    fire: (instance = 0) => bench.fire({}, (fields) => got.push(fields), instance),
    receive: (text: string, wire = wires.length - 1) => wires[wire]?.received(Buffer.from(text), text.length),
    closed: () => closed,
    /** `net status after-milliseconds`, and the name of the failure. */
    got: () =>
      got.map(({ netCode, protoCode, ended, started, errorName }) =>
        `${netCode} ${protoCode} ${ended - started} ${errorName}`.trim(),
      ),
  };
}

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n';

describe('timeout limits a whole shot', () => {
  it('while it connects', () => {
    const { clock, fire, got, closed } = wired({ requestTimeout: '2s', dial: { timeout: '10s' } });
    fire();
    clock.advance(1999);
    assert.deepEqual(got(), []);
    clock.advance(1);
    assert.deepEqual([got(), closed()], [['110 0 2000 timeout'], 1]);
  });

  it('while it waits for the response', () => {
    const { clock, wires, fire, got, closed } = wired({ requestTimeout: '2s' });
    fire();
    wires[0]?.opened();
    clock.advance(2000);
    assert.deepEqual([got(), closed()], [['110 0 2000 timeout'], 1]);
  });

  it('while a body arrives with one byte per second, and keeps the status', () => {
    const { clock, wires, fire, receive, got } = wired({ requestTimeout: '3s', 'response-header-timeout': '1s' });
    fire();
    wires[0]?.opened();
    receive(HEAD);
    for (const byte of 'abc') {
      clock.advance(1000);
      receive(byte);
    }
    assert.deepEqual(got(), ['110 200 3000 timeout']);
  });

  it('over a retry and redirects, which do not restart it', () => {
    const { clock, wires, fire, receive, got } = wired({ requestTimeout: '3s', redirect: true });
    fire();
    wires[0]?.opened();
    clock.advance(2000);
    receive('HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n');
    clock.advance(500);
    wires[0]?.failed(new Error('reset'));
    wires[1]?.opened();
    clock.advance(500);
    assert.deepEqual(got(), ['110 0 3000 timeout']);
  });

  it('of each instance independently, and not of a shot that has ended', () => {
    const { clock, wires, fire, receive, got } = wired({ requestTimeout: '2s' });
    fire(0);
    clock.advance(1000);
    fire(1);
    for (const wire of wires) wire.opened();
    receive(`${HEAD}hello`, 0);
    clock.advance(10_000);
    assert.deepEqual(got(), ['0 200 1000', '110 0 2000 timeout']);
  });

  it('of a shot that has ended, nothing: the observer of shootInto is not called again', () => {
    const { clock, wires, bench, receive } = wired({ requestTimeout: '2s' });
    const calls: string[] = [];
    const ammo: HttpAmmo = { protocol: 'http', id: 1, tag: '', request: request() };
    const shot = { index: 0, at: 1000, ammo, instance: 0, started: 1000, slotWait: 0 };
    bench.gunFactory.create({ instance: 0 }).shootInto?.(ammo, shot, {
      next: ({ protoCode }) => calls.push(`next ${protoCode}`),
      complete: () => calls.push('complete'),
      error: () => calls.push('error'),
    });
    wires[0]?.opened();
    receive(`${HEAD}hello`);
    clock.advance(10_000);
    assert.deepEqual(calls, ['next 200', 'complete']);
  });

  it('and does not affect the next shot', () => {
    const { clock, wires, fire, receive, got } = wired({ requestTimeout: '2s' });
    fire();
    wires[0]?.opened();
    clock.advance(2000);
    fire();
    wires[1]?.opened();
    receive(`${HEAD}hello`);
    clock.advance(10_000);
    assert.deepEqual(got(), ['110 0 2000 timeout', '0 200 0']);
  });

  it('no shot by default', () => {
    const { clock, wires, fire, receive, got } = wired({});
    fire();
    wires[0]?.opened();
    clock.advance(3_600_000);
    receive(HEAD);
    clock.advance(3_600_000);
    receive('hello');
    assert.deepEqual(got(), ['0 200 7200000']);
  });

  it('and an aborted shot has none', () => {
    const { clock, wires, fire, got, closed } = wired({ requestTimeout: '2s' });
    const shot = fire();
    wires[0]?.opened();
    shot.unsubscribe();
    clock.advance(10_000);
    assert.deepEqual([got(), closed()], [[], 1]);
  });
});

describe('body-idle-timeout', () => {
  it('ends a body that stops, and not a slow one', () => {
    const { clock, wires, fire, receive, got } = wired({ 'body-idle-timeout': '2s' });
    fire();
    wires[0]?.opened();
    clock.advance(60_000);
    receive(HEAD);
    for (const byte of 'abcd') {
      clock.advance(1999);
      receive(byte);
    }
    assert.deepEqual(got(), []);
    clock.advance(2000);
    assert.deepEqual(got(), [`110 200 ${60_000 + 4 * 1999 + 2000} timeout`]);
  });

  it('does not run while a kept connection is unused', () => {
    const { clock, wires, fire, receive, got } = wired({ 'body-idle-timeout': '2s' });
    fire();
    wires[0]?.opened();
    receive(HEAD);
    receive('hello');
    clock.advance(60_000);
    fire();
    receive(`${HEAD}hello`);
    assert.deepEqual([got(), wires.length], [['0 200 0', '0 200 0'], 1]);
  });
});
