import assert from 'node:assert/strict';
import { once } from 'node:events';
import type * as net from 'node:net';
import { describe, it } from 'node:test';
import type { HttpRequest } from '../../../../lib/protocols/http.js';
import { VirtualClock } from '../../../../lib/time/virtualClock.js';
import { until } from '../gunBench.js';
import { against, OK, type Script, say } from './against.js';

describe('the http gun keeps connections', () => {
  it('one per instance, and closes them with the gun', () =>
    against(say(OK), {}, async (bench, server) => {
      for (const instance of [0, 1, 0, 1, 0]) assert.equal((await bench.shoot({}, instance)).netCode, 0);
      assert.equal(server.sockets.length, 2);
      const closed = Promise.all(server.sockets.map((socket) => once(socket, 'close')));
      for (const gun of bench.guns) gun.close?.();
      await closed;
    }));

  const NOT_REUSED: [string, string, Record<string, unknown>, Partial<HttpRequest>][] = [
    ['disable-keep-alives', OK, { 'disable-keep-alives': true }, {}],
    ['ammo that asks for a close', OK, {}, { close: true }],
    ['ammo with Connection: close', OK, {}, { headers: [['Connection', 'close']] }],
    ['a server that says close', OK.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'), {}, {}],
    ['bytes after the response', `${OK}more`, {}, {}],
  ];
  for (const [sentence, response, options, changed] of NOT_REUSED) {
    it(`but not after ${sentence}`, () =>
      against(say(response), options, async (bench, server) => {
        for (const _ of [1, 2]) assert.equal((await bench.shoot(changed)).netCode, 0);
        assert.equal(server.sockets.length, 2);
      }));
  }

  it('and drops one that the server has closed meanwhile, so that even a POST succeeds', () =>
    against(
      (socket) => socket.end(OK),
      {},
      async (bench, server) => {
        for (const count of [1, 2, 3]) {
          assert.equal((await bench.shoot({ method: 'POST' })).netCode, 0);
          await once(server.sockets[count - 1] as net.Socket, 'close');
        }
        assert.equal(server.sockets.length, 3);
      },
    ));

  it('no longer than idle-conn-timeout', () => {
    const clock = new VirtualClock(1000);
    return against(
      say(OK),
      { 'idle-conn-timeout': '10s' },
      async (bench, server) => {
        await bench.shoot();
        clock.advance(9000);
        await bench.shoot();
        assert.equal(server.sockets.length, 1);
        clock.advance(9999);
        await bench.shoot();
        assert.equal(server.sockets.length, 1);
        clock.advance(10_000);
        await bench.shoot();
        assert.equal(server.sockets.length, 2);
      },
      { scheduler: clock },
    );
  });

  const stale: Script = (socket, received, connection) => {
    if (connection === 0 && received.includes('/second')) socket.resetAndDestroy();
    else if (!received.includes('/never')) socket.write(OK);
    else socket.destroy();
  };
  it('and repeats a GET on a new connection when a kept one was stale', () =>
    against(stale, {}, async (bench, server) => {
      await bench.shoot({ target: '/first' });
      const fields = await bench.shoot({ target: '/second' });
      assert.deepEqual([fields.netCode, fields.protoCode, server.sockets.length], [0, 200, 2]);
    }));
  it('and repeats it only once', () =>
    against(stale, {}, async (bench, server) => {
      await bench.shoot({ target: '/first' });
      const fields = await bench.shoot({ target: '/never' });
      assert.deepEqual([fields.netCode, fields.errorName, server.sockets.length], [999, 'closed early', 2]);
    }));
  it('and does not repeat a POST', () =>
    against(stale, {}, async (bench, server) => {
      await bench.shoot({ target: '/first' });
      const fields = await bench.shoot({ method: 'POST', target: '/second' });
      assert.deepEqual([fields.netCode, fields.protoCode, server.sockets.length], [104, 0, 1]);
    }));

  it('shared by instances when configured, two idle ones per client', () =>
    against(say(OK), { 'shared-client': { enabled: true, 'client-number': 1 } }, async (bench, server) => {
      await Promise.all([0, 1, 2, 3].map((instance) => bench.shoot({}, instance)));
      assert.equal(server.sockets.length, 4);
      await until(() => server.closed === 2);
      await Promise.all([0, 1, 2].map((instance) => bench.shoot({}, instance)));
      assert.equal(server.sockets.length, 5);
    }));

  it('shared, more than the limit for a moment: the next shots of the same turn use them', () =>
    against(say(OK), { 'shared-client': { enabled: true } }, async (bench, server) => {
      const loop = async (instance: number): Promise<void> => {
        for (const _ of [1, 2, 3]) await bench.shoot({}, instance);
      };
      await Promise.all([0, 1, 2, 3].map(loop));
      assert.equal(server.sockets.length, 4);
    }));

  it('shared, and passes a returned one to a shot that waits for a new one', () =>
    against(say(OK), { 'shared-client': { enabled: true } }, async (bench, server) => {
      await bench.shoot({}, 0);
      await Promise.all([
        bench.shoot({}, 0),
        ...[1, 2, 3].map(async (instance) => assert.equal((await bench.shoot({}, instance)).netCode, 0)),
      ]);
      assert.ok(server.seen.some((text) => text.split('GET /').length > 2));
    }));

  it('shared, and max-idle-conns limits them all together', () =>
    against(
      say(OK),
      { 'shared-client': { enabled: true }, 'max-idle-conns': 1, 'max-idle-conns-per-host': 9 },
      async (bench, server) => {
        await Promise.all([0, 1, 2].map((instance) => bench.shoot({}, instance)));
        await until(() => server.closed === 2);
        await Promise.all([0, 1].map((instance) => bench.shoot({}, instance)));
        assert.equal(server.sockets.length, 4);
      },
    ));

  it('but an aborted shot closes its connection and emits no sample', () =>
    against(
      () => undefined,
      {},
      async (bench, server) => {
        const shot = bench.fire({}, () => assert.fail('no sample'));
        await until(() => server.sockets.length > 0);
        const closed = once(server.sockets[0] as net.Socket, 'close');
        shot.unsubscribe();
        await closed;
      },
    ));
});
