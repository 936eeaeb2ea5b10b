import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { createServer as createHttps } from 'node:https';
import type * as net from 'node:net';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { isElpisError } from '../../../../lib/core/errors.js';
import { nodeFetch } from '../../../../lib/guns/fetch/gun.js';
import type { HttpRequest } from '../../../../lib/protocols/http.js';
import { VirtualClock } from '../../../../lib/time/virtualClock.js';
import { againstBy, OK, type Script, say } from '../against.js';
import { type Fields, GunBench, ScriptedServer } from '../gunBench.js';
import { selfSigned } from '../selfSigned.js';

const against = againstBy(nodeFetch);

/** Waits for a condition, turn by turn of the event loop. */
async function turns(until: () => boolean): Promise<void> {
  while (!until()) await new Promise((resolve) => setImmediate(resolve));
}

/** The sockets of this process that connected, in their order: the guns' sides. */
const dialled: net.Socket[] = [];
const onDial = (message: unknown): void => void dialled.push((message as { socket: net.Socket }).socket);
before(() => subscribe('net.client.socket', onDial));
after(() => unsubscribe('net.client.socket', onDial));

/** The gun's side of a connection of the server. */
function gunSide({ remotePort }: net.Socket): net.Socket {
  return dialled.findLast(({ localPort }) => localPort === remotePort) as net.Socket;
}

/** Sends bytes, and waits until the gun has read them. */
async function deliver(socket: net.Socket, bytes: string | Buffer): Promise<void> {
  const gun = gunSide(socket);
  socket.write(bytes);
  await turns(() => gun.bytesRead >= socket.bytesWritten);
}

/** Sends bytes and then a reset: at once, so that both arrive together, or when the gun has read the bytes. */
async function cut(socket: net.Socket, bytes: string | Buffer, together: boolean): Promise<void> {
  if (together) socket.write(bytes);
  else await deliver(socket, bytes);
  socket.resetAndDestroy();
}
const zipped = gzipSync('x'.repeat(5000));

type Row = [
  sentence: string,
  script: Script,
  expected: [netCode: number, protoCode: number, errorName: string],
  options?: Record<string, unknown>,
  changed?: Partial<HttpRequest>,
];
const ROWS: Row[] = [
  ['a complete response', say(OK), [0, 200, '']],
  ['a POST with a body', say(OK), [0, 200, ''], {}, { method: 'POST', body: Buffer.from('x') }],
  ['a body in chunks', say(OK), [0, 200, ''], {}, { method: 'POST', body: Buffer.from('x'), chunked: true }],
  ['a close without a response', (socket) => socket.end(), [999, 0, 'closed early']],
  ['a reset without a response', (socket) => socket.resetAndDestroy(), [104, 0, 'connection reset']],
  ['garbage', say('SSH-2.0-OpenSSH_9.6\r\n'), [999, 0, 'bad response']],
  [
    'a body that is too short',
    (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi'),
    [999, 200, 'body too short'],
  ],
  [
    'a reset in the body',
    (socket) => cut(socket, 'HTTP/1.1 500 Oops\r\nContent-Length: 9\r\n\r\nhi', false),
    [104, 500, 'connection reset'],
  ],
  ['a redirect', say('HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n'), [0, 302, '']],
  [
    'a redirect that leads to another',
    (socket, received) =>
      socket.write(
        received.startsWith('GET /x') ? OK : 'HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n',
      ),
    [0, 200, ''],
    { redirect: 'follow' },
  ],
  [
    'a redirect in a circle',
    say('HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n'),
    [999, 0, 'too many redirects'],
    { redirect: 'follow', follow: 3 },
  ],
  [
    'a redirect that is an error',
    say('HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n'),
    [999, 0, 'bad redirect'],
    { redirect: 'error' },
  ],
  ['a GET with a body, which fetch refuses', say(OK), [999, 0, 'bad request'], {}, { body: Buffer.from('x') }],
  ['a header that cannot be sent', say(OK), [999, 0, 'bad request'], {}, { headers: [['A b', 'c']] }],
  ['a body that is too long', say(OK), [999, 200, 'body too long'], { size: 1 }],
  [
    'a compressed body that is too long',
    (socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${zipped.length}\r\n\r\n`);
      socket.write(zipped);
    },
    [999, 200, 'body too long'],
    { compress: true, size: 4000 },
  ],
  ...[
    ['with a length', 'Content-Length: 9\r\n\r\nhi'],
    ['in chunks', 'Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n'],
    ['in a chunk', 'Transfer-Encoding: chunked\r\n\r\n9\r\nhi'],
    ['until the close', '\r\nhi'],
  ].flatMap(([framing, rest]): Row[] =>
    [true, false].flatMap((together): Row[] =>
      [false, true].map(
        (compress): Row => [
          `a body ${framing} that a reset cuts, ${together ? 'together with it' : 'after it'}${compress ? ', with compress' : ''}`,
          (socket) => cut(socket, `HTTP/1.1 200 OK\r\n${rest}`, together),
          [104, 200, 'connection reset'],
          { compress },
        ],
      ),
    ),
  ),
  [
    'a compressed body that a reset cuts',
    (socket) =>
      cut(
        socket,
        Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n'), zipped.subarray(0, 20)]),
        false,
      ),
    [104, 200, 'connection reset'],
    { compress: true },
  ],
  ['status 000', say('HTTP/1.1 000 None\r\nContent-Length: 0\r\n\r\n'), [999, 0, 'bad response']],
  ['TLS spoken to a plain port', say('HTTP/1.1 400 Bad\r\n\r\n'), [999, 0, 'tls failure'], { ssl: true }],
];

describe('the fetch gun records', () => {
  for (const [sentence, script, expected, options = {}, changed = {}] of ROWS) {
    it(sentence, () =>
      against(script, options, async (bench) => {
        const { netCode, protoCode, errorName, started, responded, ended } = await bench.shoot(changed);
        assert.deepEqual([netCode, protoCode, errorName], expected);
        assert.ok(started <= responded && responded <= ended);
      }),
    );
  }

  it('a refused connection', async () => {
    const server = new ScriptedServer(() => undefined);
    const target = await server.listen();
    await server.close();
    const bench = new GunBench(nodeFetch, { target });
    const { netCode, protoCode, errorName } = await bench.shoot();
    assert.deepEqual([netCode, protoCode, errorName], [111, 0, 'connection refused']);
    await bench.close();
  });

  it('a timeout', () => {
    const clock = new VirtualClock(1000);
    return against(
      () => undefined,
      { 'request-timeout': '5s' },
      async (bench, server) => {
        const response = bench.shoot();
        await turns(() => server.seen.length > 0);
        clock.advance(5000);
        const { netCode, protoCode, errorName, started, ended } = await response;
        assert.deepEqual([netCode, protoCode, errorName, ended - started], [110, 0, 'timeout', 5000]);
      },
      { scheduler: clock },
    );
  });
});

describe('the body-idle-timeout of the fetch gun', () => {
  it('is from one piece of a body to the next, however long the body takes', () => {
    const clock = new VirtualClock(1000);
    return against(
      () => undefined,
      { 'body-idle-timeout': '5s' },
      async (bench, server) => {
        const response = bench.shoot();
        await turns(() => server.seen.length > 0);
        const socket = server.sockets[0] as net.Socket;
        await deliver(socket, 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n');
        for (let piece = 0; piece < 3; piece++) {
          clock.advance(4000);
          await deliver(socket, 'x');
        }
        clock.advance(5000);
        const { netCode, protoCode, errorName, started, ended } = await response;
        assert.deepEqual([netCode, protoCode, errorName, ended - started], [110, 200, 'timeout', 17_000]);
      },
      { scheduler: clock },
    );
  });

  it('is not reached while bytes come that cannot be unpacked yet', () => {
    const clock = new VirtualClock(1000);
    const head = `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${zipped.length}\r\n\r\n`;
    return against(
      () => undefined,
      { 'body-idle-timeout': '5s', compress: true },
      async (bench, server) => {
        const response = bench.shoot();
        await turns(() => server.seen.length > 0);
        const socket = server.sockets[0] as net.Socket;
        await deliver(socket, head);
        for (let piece = 0; piece < 9; piece++) {
          clock.advance(4000);
          await deliver(socket, zipped.subarray(piece, piece + 1));
        }
        await deliver(socket, zipped.subarray(9));
        const { netCode, protoCode } = await response;
        assert.deepEqual([netCode, protoCode], [0, 200]);
      },
      { scheduler: clock },
    );
  });

  it('leaves no timer behind', () => {
    const clock = new VirtualClock(1000);
    return against(
      say(OK),
      { 'body-idle-timeout': '5s', 'request-timeout': '9s' },
      async (bench) => {
        assert.equal((await bench.shoot()).netCode, 0);
        clock.run();
        assert.equal(clock.now(), 1000);
      },
      { scheduler: clock },
    );
  });
});

describe('the fetch gun', () => {
  it('closes a connection on which bytes come without a request, and shoots on a new one', () =>
    against(say(OK), {}, async (bench, server) => {
      assert.equal((await bench.shoot()).netCode, 0);
      const socket = server.sockets[0] as net.Socket;
      const gun = gunSide(socket);
      socket.write(OK);
      await turns(() => gun.closed);
      assert.deepEqual([(await bench.shoot()).netCode, server.sockets.length], [0, 2]);
      assert.equal(bench.gunFactory.counters?.().get('responses without a request'), 1);
      for (const _ of [1, 2, 3]) await bench.shoot();
      assert.equal(server.sockets.length, 2);
    }));

  it('sends no request again when a kept connection is closed by it', () => {
    let requests = 0;
    return against(
      (socket) => {
        if (++requests === 2) socket.destroy();
        else socket.write(OK);
      },
      {},
      async (bench, server) => {
        assert.equal((await bench.shoot()).netCode, 0);
        assert.equal((await bench.shoot()).errorName, 'closed early');
        assert.deepEqual([requests, server.sockets.length], [2, 1]);
      },
    );
  });

  it('counts the requests that follow a redirect', () => {
    const redirect = 'HTTP/1.1 302 Found\r\nLocation: /next\r\nContent-Length: 0\r\n\r\n';
    return against(
      (socket, text) => socket.write(text.startsWith('GET /next') ? OK : redirect),
      { redirect: 'follow' },
      async (bench) => {
        for (const _ of [1, 2]) assert.equal((await bench.shoot()).protoCode, 200);
        assert.deepEqual(
          bench.gunFactory.counters?.(),
          new Map([
            ['redirects followed', 2],
            ['responses without a request', 0],
          ]),
        );
      },
    );
  });

  it('stops a compressed body of more than 256 MiB after decompression', () => {
    const part = gzipSync(Buffer.alloc(32 * 1024 * 1024));
    return against(
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n');
        for (let i = 0; i < 9; i++) socket.write(part);
        socket.end();
      },
      { compress: true },
      async (bench) => {
        const { netCode, protoCode, errorName } = await bench.shoot();
        assert.deepEqual([netCode, protoCode, errorName], [999, 200, 'body too long']);
      },
    );
  });

  it('does not report the reset of an unused connection as a failure of the next shot', () =>
    against(say(OK), {}, async (bench, server) => {
      assert.equal((await bench.shoot()).netCode, 0);
      const socket = server.sockets[0] as net.Socket;
      const gun = gunSide(socket);
      socket.resetAndDestroy();
      await turns(() => gun.closed);
      assert.equal((await bench.shoot()).netCode, 0);
    }));

  it('sends the ammo as a general-purpose client does, and counts bytes on the wire', () =>
    against(say(OK), {}, async (bench, server) => {
      const fields = await bench.shoot({
        target: '/a?b=c',
        headers: [
          ['X-Y', '1'],
          ['X-Y', '2'],
        ],
        host: 'h.test',
      });
      assert.match(server.seen[0] ?? '', /^GET \/a\?b=c HTTP\/1\.1\r\n/);
      assert.match(server.seen[0] ?? '', /\r\nhost: h\.test\r\n/i);
      assert.match(server.seen[0] ?? '', /\r\nx-y: 1\r\nx-y: 2\r\n/i);
      assert.deepEqual([fields.bytesIn, fields.bytesOut], [OK.length, server.seen[0]?.length]);
    }));

  it('keeps the connection of an instance by default', async () => {
    await against(say(OK), {}, async (bench, server) => {
      for (const instance of [0, 1, 0, 1]) await bench.shoot({}, instance);
      assert.equal(server.sockets.length, 2);
      assert.equal((await bench.shoot({ close: true })).netCode, 0);
      assert.equal((await bench.shoot()).netCode, 0);
      assert.equal(server.sockets.length, 3);
    });
    await against(say(OK), { 'keep-alive': false }, async (bench, server) => {
      for (const _ of [1, 2]) await bench.shoot();
      assert.equal(server.sockets.length, 2);
    });
  });

  it('tags with the ammo, the path or __EMPTY__, and numbers with the ammo', () =>
    against(say(OK), { 'auto-tag': { enabled: true } }, async (bench) => {
      const got: Fields[] = [
        await bench.shoot({ path: '/a/b/c' }),
        await bench.shoot({ path: '' }),
        await bench.shoot({}, 0, 'T'),
      ];
      assert.deepEqual(
        got.map(({ tag, id }) => [tag, id]),
        [
          ['/a/b', 1],
          ['__EMPTY__', 2],
          ['T', 3],
        ],
      );
    }));

  it('refuses other ammo and names it', () => {
    const gun = new GunBench(nodeFetch, { target: 'localhost:1' }).gunFactory.create({ instance: 0 });
    assert.throws(
      () => gun.shoot({ protocol: 'grpc' } as never, {} as never),
      (error) => isElpisError(error, 'ELPIS_SHOT') && /fetch gun cannot shoot grpc ammo/.test(error.message),
    );
  });

  it('aborts when it is unsubscribed from', () =>
    against(
      () => undefined,
      {},
      async (bench, server) => {
        const shot = bench.fire({}, () => assert.fail('no sample'));
        await turns(() => server.seen.length > 0);
        const closed = once(server.sockets[0] as net.Socket, 'close');
        shot.unsubscribe();
        await closed;
      },
    ));

  it('accepts any certificate by default', async () => {
    const server = createHttps(selfSigned(), (_, response) => response.end('ok'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const target = `127.0.0.1:${(server.address() as net.AddressInfo).port}`;
    for (const [verify, expected] of [
      [false, [0, 200, '']],
      [true, [999, 0, 'tls failure']],
    ] as const) {
      const bench = new GunBench(nodeFetch, { target, ssl: true, 'verify-certificates': verify });
      const { netCode, protoCode, errorName } = await bench.shoot();
      assert.deepEqual([netCode, protoCode, errorName], expected);
      await bench.close();
    }
    server.closeAllConnections();
    server.close();
  });
});
