import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { http } from '../../../../lib/guns/http/gun.js';
import { GunBench, ScriptedServer, until } from '../../guns/gunBench.js';

type Script = ConstructorParameters<typeof ScriptedServer>[0];
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

async function against(
  script: Script,
  options: Record<string, unknown>,
  test: (bench: GunBench, server: ScriptedServer, counted: () => Record<string, number>) => Promise<void>,
): Promise<void> {
  const server = new ScriptedServer(script);
  const bench = new GunBench(http, { target: await server.listen(), ...options });
  const counted = (): Record<string, number> =>
    Object.fromEntries([...(bench.gunFactory.counters?.() ?? [])].filter(([, count]) => count > 0));
  try {
    await test(bench, server, counted);
  } finally {
    await bench.close();
    await server.close();
  }
}

const requestsAt = ({ seen }: ScriptedServer): number => seen.join('').split('GET /').length - 1;

describe('the http gun counts', () => {
  it('nothing without faults', () =>
    against(
      (socket) => socket.write(OK),
      {},
      async (bench, _, counted) => {
        for (const _ of [1, 2, 3]) assert.equal((await bench.shoot()).retries, 0);
        assert.deepEqual(counted(), {});
      },
    ));

  it('retries: requests at a server that drops every third request are shots and retries', () => {
    let requests = 0;
    return against(
      (socket) => {
        if (++requests % 3 === 0) socket.resetAndDestroy();
        else socket.write(OK);
      },
      {},
      async (bench, server, counted) => {
        const shots = [];
        for (let i = 0; i < 30; i++) shots.push(await bench.shoot());
        assert.ok(shots.every(({ netCode }) => netCode === 0));
        const retries = shots.reduce((sum, shot) => sum + shot.retries, 0);
        assert.ok(retries > 0);
        assert.equal(requestsAt(server), shots.length + retries);
        assert.deepEqual(counted(), { retries });
      },
    );
  });

  for (const [what, response, options, count] of [
    [
      'responses after which the target closes the connection',
      'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok',
      {},
      3,
    ],
    [
      'not those that asked for it',
      'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok',
      { disableKeepAlives: true },
      0,
    ],
  ] as const)
    it(what, () =>
      against(
        (socket) => socket.end(response),
        options,
        async (bench) => {
          for (const _ of [1, 2, 3]) assert.equal((await bench.shoot()).protoCode, 200);
          assert.equal(bench.connections.take().closedByTarget, count);
        },
      ),
    );

  it('requests that follow redirects', () =>
    against(
      (socket, received) =>
        socket.write(
          received.startsWith('GET / ') ? 'HTTP/1.1 302 Found\r\nLocation: /to\r\nContent-Length: 0\r\n\r\n' : OK,
        ),
      { redirect: true },
      async (bench, server, counted) => {
        for (const _ of [1, 2]) assert.equal((await bench.shoot()).protoCode, 200);
        assert.deepEqual([counted(), requestsAt(server)], [{ 'redirects followed': 2 }, 4]);
      },
    ));

  it('a response directly after another', () =>
    against(
      (socket) => socket.write(`${OK}${OK}`),
      {},
      async (bench, server, counted) => {
        for (const _ of [1, 2]) assert.equal((await bench.shoot()).netCode, 0);
        assert.deepEqual([counted(), server.sockets.length], [{ 'responses without a request': 2 }, 2]);
      },
    ));

  it('a response on an unused connection, which is then closed', () =>
    against(
      (socket) => socket.write(OK),
      {},
      async (bench, server, counted) => {
        await bench.shoot();
        server.sockets[0]?.write(OK);
        await until(() => server.closed === 1);
        assert.deepEqual(counted(), { 'responses without a request': 1 });
        await bench.shoot();
        assert.deepEqual([server.sockets.length, counted()], [2, { 'responses without a request': 1 }]);
      },
    ));

  it('no bytes of another protocol after 101', () =>
    against(
      (socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nhello'),
      {},
      async (bench, _, counted) => {
        assert.equal((await bench.shoot()).protoCode, 101);
        assert.deepEqual(counted(), {});
      },
    ));

  it('bodies of which the end was dropped, because they were larger than max-body', () =>
    against(
      (socket, received) => {
        const size = received.startsWith('GET /large') ? 1001 : 1000;
        socket.write(`HTTP/1.1 500 Oops\r\nContent-Length: ${size}\r\n\r\n${'x'.repeat(size)}`);
      },
      { 'max-body': '1000b', answlog: { enabled: true, path: '/dev/null' } },
      async (bench, _, counted) => {
        await bench.warmUp();
        await bench.shoot();
        assert.deepEqual(counted(), {});
        assert.ok((await bench.shoot({ target: '/large' })).bytesIn > 1001);
        assert.deepEqual(counted(), { 'bodies cut at max-body': 1 });
      },
    ));
});
