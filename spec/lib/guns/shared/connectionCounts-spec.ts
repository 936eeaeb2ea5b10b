import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttp2, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import { createServer as createHttps } from 'node:https';
import * as net from 'node:net';
import { afterEach, describe, it } from 'node:test';
import { nodeFetch } from '../../../../lib/guns/fetch/gun.js';
import { connect } from '../../../../lib/guns/http/connectGun.js';
import { http } from '../../../../lib/guns/http/gun.js';
import { http2 } from '../../../../lib/guns/http2/gun.js';
import type { ConnectionCounts } from '../../../../lib/measure/connectionCounts.js';
import { CONNECTION_PHASES } from '../../../../lib/measure/connectionCounts.js';
import { ConnectionRecorder } from '../../../../lib/measure/connectionRecorder.js';
import { ECHO_PROTO } from '../grpc/echoServer.js';
import { echo, GrpcBench } from '../grpc/grpcBench.js';
import { GunBench, ScriptedServer, until } from '../gunBench.js';
import { selfSigned } from '../selfSigned.js';
import { TunnelProxy } from '../tunnelProxy.js';

type Script = ConstructorParameters<typeof ScriptedServer>[0];
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const LAST = OK.replace('\r\n', '\r\nConnection: close\r\n');

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});
function kept<C extends { close(): unknown }>(each: C): C {
  open.push(each);
  return each;
}
async function listening(server: net.Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  kept(server);
  return `127.0.0.1:${(server.address() as net.AddressInfo).port}`;
}

async function against(gun: unknown, script: Script, options: Record<string, unknown> = {}) {
  const server = kept(new ScriptedServer(script));
  const bench = kept(new GunBench(gun, { target: await server.listen(), ...options }));
  return { bench, server };
}

/** Resolves when a count has reached a number. */
async function counted(
  connections: ConnectionRecorder,
  of: keyof Omit<ConnectionCounts, 'phases'>,
  to: number,
): Promise<void> {
  let sum = 0;
  await until(() => {
    sum += connections.take()[of];
    return sum >= to;
  });
  assert.equal(sum, to);
}

/** The numbers that are not 0. */
const numbers = ({ phases, ...counts }: ConnectionCounts): unknown =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0));
const timed = ({ phases }: ConnectionCounts): unknown =>
  Object.fromEntries(CONNECTION_PHASES.map((phase) => [phase, phases[phase].count]).filter(([, count]) => count !== 0));

for (const [name, gun] of [
  ['http', http],
  ['fetch', nodeFetch],
] as const) {
  const phases = name === 'http';

  describe(`the ${name} gun counts connections`, () => {
    it('that are opened once and reused, until the gun closes them', async () => {
      const { bench } = await against(gun, (socket) => socket.write(OK));
      for (const instance of [0, 0, 0, 1]) await bench.shoot({}, instance);
      const counts = bench.connections.take();
      assert.deepEqual(numbers(counts), { opened: 2, reused: 2 });
      assert.deepEqual(timed(counts), phases ? { connect: 2, wait: 4, receive: 4 } : {});
      await bench.close();
      await until(() => bench.connections.take().closedByGenerator === 2 || phases);
    });

    it('that the target closes after each response', async () => {
      const { bench } = await against(gun, (socket) => socket.end(LAST));
      for (const _ of [1, 2]) await bench.shoot();
      await counted(bench.connections, 'closedByTarget', 2);
    });

    it('that the target closes while they are not used', async () => {
      const { bench, server } = await against(gun, (socket) => socket.write(OK));
      await bench.shoot();
      bench.connections.take();
      server.sockets[0]?.end();
      let last: unknown;
      await until(() => {
        last = numbers(bench.connections.take());
        return JSON.stringify(last) !== '{}';
      });
      assert.deepEqual(last, { closedByTarget: 1 });
    });

    it('that break with a request', async () => {
      const { bench } = await against(gun, (socket) => socket.resetAndDestroy());
      await bench.shoot();
      await counted(bench.connections, 'broken', 1);
    });

    it('that cannot be opened', async () => {
      const { bench, server } = await against(gun, (socket) => socket.write(OK));
      await server.close();
      open.shift();
      await bench.shoot();
      await counted(bench.connections, 'failed', 1);
    });
  });
}

describe('the http gun counts connections', () => {
  it('that it does not keep by its own choice as closed by the generator', async () => {
    const { bench } = await against(http, (socket) => socket.end(LAST), { disableKeepAlives: true });
    await bench.shoot();
    assert.deepEqual(numbers(bench.connections.take()), { opened: 1, closedByGenerator: 1 });
  });

  it('that it closes after a timeout as closed by the generator', async () => {
    const { bench } = await against(http, () => undefined, { responseHeaderTimeout: '20ms' });
    assert.equal((await bench.shoot()).errorName, 'timeout');
    assert.deepEqual(numbers(bench.connections.take()), { opened: 1, closedByGenerator: 1 });
  });

  it('with all phases: the look-up of a name, the handshake of TLS, and waiting without them', async () => {
    const server = createHttps(selfSigned(), (_, response) => response.end('ok'));
    const target = (await listening(server)).replace('127.0.0.1', 'localhost');
    kept({ close: () => server.closeAllConnections() });
    const bench = kept(new GunBench(http, { target, ssl: true }));
    const first = await bench.shoot();
    const counts = bench.connections.take();
    assert.deepEqual(timed(counts), { dns: 1, connect: 1, tls: 1, wait: 1, receive: 1 });
    const { dns, connect: connecting, tls, wait, receive } = counts.phases;
    assert.ok(wait.minUs > 0);
    // All phases together are the shot, but for the time of the generator itself.
    const parts = [dns, connecting, tls, wait, receive].reduce((sum, { maxUs }) => sum + maxUs, 0);
    assert.ok(parts <= (first.ended - first.started) * 1000 + 10, `${parts} µs of ${first.ended - first.started} ms`);
  });
});

describe('the connect gun counts connections', () => {
  it('with the handshakes of both and the way through the proxy', async () => {
    const server = createHttps(selfSigned(), (_, response) => response.end('ok'));
    const at = await listening(server);
    kept({ close: () => server.closeAllConnections() });
    const proxy = kept(new TunnelProxy(Number(at.split(':')[1]), selfSigned()));
    const bench = kept(new GunBench(connect, { target: await proxy.listen(), ssl: true, connectSsl: true }));
    for (const _ of [1, 2]) assert.equal((await bench.shoot({ host: 'origin.test' })).protoCode, 200);
    const counts = bench.connections.take();
    assert.deepEqual(numbers(counts), { opened: 1, reused: 1 });
    assert.deepEqual(timed(counts), { connect: 1, tls: 1, wait: 2, receive: 2 });
  });
});

async function http2Target(play: (stream: ServerHttp2Stream) => void): Promise<string> {
  const server = createHttp2();
  const sessions: ServerHttp2Session[] = [];
  server.on('session', (session) => sessions.push(session));
  server.on('sessionError', () => undefined);
  server.on('stream', (stream) => {
    stream.on('error', () => undefined);
    play(stream);
  });
  const at = await listening(server);
  kept({
    close: () => {
      for (const session of sessions) session.destroy();
    },
  });
  return at;
}

const respond = (stream: ServerHttp2Stream): void => {
  stream.respond({ ':status': 200 });
  stream.end('ok');
};

describe('the http2 gun counts connections', () => {
  const bench = async (play: (stream: ServerHttp2Stream) => void, options: Record<string, unknown> = {}) =>
    kept(new GunBench(http2, { target: await http2Target(play), ssl: false, ...options }));

  it('that carry several streams', async () => {
    const guns = await bench(respond);
    for (const _ of [1, 2, 3]) await guns.shoot();
    const counts = guns.connections.take();
    assert.deepEqual(numbers(counts), { opened: 1, reused: 2 });
    assert.deepEqual(timed(counts), { connect: 1, wait: 3, receive: 3 });
    await guns.close();
    assert.deepEqual(numbers(guns.connections.take()), { closedByGenerator: 1 });
  });

  it('that it closes after each request', async () => {
    const guns = await bench(respond, { disableKeepAlives: true });
    await guns.shoot();
    assert.deepEqual(numbers(guns.connections.take()), { opened: 1, closedByGenerator: 1 });
  });

  it('that the target ends with GOAWAY after a response', async () => {
    const guns = await bench((stream) => {
      stream.session?.goaway(0);
      respond(stream);
    });
    await guns.shoot();
    await counted(guns.connections, 'closedByTarget', 1);
  });

  it('that break with a request', async () => {
    const guns = await bench((stream) => stream.session?.destroy());
    await guns.shoot();
    assert.equal(guns.connections.take().broken > 0, true);
  });

  it('that cannot be opened', async () => {
    const free = net.createServer();
    const target = await listening(free);
    free.close();
    open.pop();
    const guns = kept(new GunBench(http2, { target, ssl: false }));
    await guns.shoot();
    assert.deepEqual(numbers(guns.connections.take()), { failed: 1 });
  });
});

describe('the grpc gun counts connections', () => {
  it('of its calls, not those of the warm-up', async () => {
    const target = await http2Target((stream) => {
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
      stream.end(Buffer.from([0, 0, 0, 0, 3, 0x0a, 0x01, 0x61]));
    });
    const connections = new ConnectionRecorder();
    const guns = kept(new GrpcBench({ target, proto: { files: [ECHO_PROTO] } }, { connections }));
    await guns.warmUp();
    for (const _ of [1, 2]) assert.equal((await guns.shoot(echo())).protoCode, 200);
    const counts = connections.take();
    assert.deepEqual(numbers(counts), { opened: 1, reused: 1 });
    assert.deepEqual(timed(counts), { connect: 1, wait: 2, receive: 2 });
  });
});
