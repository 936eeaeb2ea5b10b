import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type * as net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { isElpisError } from '../../../../lib/core/errors.js';
import { http } from '../../../../lib/guns/http/gun.js';
import type { HttpRequest } from '../../../../lib/protocols/http.js';
import { VirtualClock } from '../../../../lib/time/virtualClock.js';
import { exchangesOnAnything, exchangesOnValid } from '../../../../scripts/soak/fuzzers/exchanges.js';
import { type Fields, GunBench, request, ScriptedServer, until } from '../gunBench.js';
import { selfSigned } from '../selfSigned.js';
import { wiredGun } from './wiredGun.js';

type Script = ConstructorParameters<typeof ScriptedServer>[0];

async function against(
  script: Script,
  options: Record<string, unknown>,
  test: (bench: GunBench, server: ScriptedServer) => Promise<void>,
  deps = {},
): Promise<void> {
  const server = new ScriptedServer(script);
  const bench = new GunBench(http, { target: await server.listen(), ...options }, deps);
  try {
    await test(bench, server);
  } finally {
    await bench.close();
    await server.close();
  }
}

async function againstHttp(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
  options: Record<string, unknown>,
  test: (bench: GunBench, connections: () => number, target: string) => Promise<void>,
): Promise<void> {
  const ssl = options.ssl === true;
  const server = ssl ? createHttps(selfSigned(), handle) : createHttp(handle);
  let connections = 0;
  server.on(ssl ? 'secureConnection' : 'connection', () => connections++);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  const target = `localhost:${port}`;
  const bench = new GunBench(http, { target, ...options });
  try {
    await bench.warmUp();
    await test(bench, () => connections, target);
  } finally {
    await bench.close();
    server.closeAllConnections();
    server.close();
  }
}

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const say =
  (text: string): Script =>
  (socket) =>
    socket.write(text);

type Expected = Partial<Pick<Fields, 'netCode' | 'protoCode' | 'errorName' | 'bytesIn'>>;
const ROWS: [sentence: string, script: Script, expected: Expected, changed?: Partial<HttpRequest>][] = [
  ['a complete response', say(OK), { netCode: 0, protoCode: 200, errorName: '', bytesIn: OK.length }],
  [
    'a response byte by byte',
    (socket) => {
      let at = 0;
      const more = (): void => {
        if (at < OK.length) socket.write(OK[at++] as string, more);
      };
      more();
    },
    { netCode: 0, protoCode: 200, bytesIn: OK.length },
  ],
  ['an interim response first', say(`HTTP/1.1 103 Early\r\n\r\n${OK}`), { netCode: 0, protoCode: 200 }],
  [
    'a body that ends with the connection',
    (socket) => socket.end('HTTP/1.0 200 OK\r\n\r\nsome'),
    { netCode: 0, protoCode: 200 },
  ],
  [
    'a response to HEAD',
    say('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n'),
    { netCode: 0, protoCode: 200 },
    { method: 'HEAD' },
  ],
  ['a close without a response', (socket) => socket.end(), { netCode: 999, protoCode: 0, errorName: 'closed early' }],
  [
    'a close in the headers',
    (socket) => socket.end('HTTP/1.1 200 OK\r\nA: '),
    { netCode: 999, protoCode: 0, errorName: 'closed early' },
  ],
  [
    'a reset without a response',
    (socket) => socket.resetAndDestroy(),
    { netCode: 104, protoCode: 0, errorName: 'connection reset' },
  ],
  ['garbage', say('SSH-2.0-OpenSSH_9.6\r\n'), { netCode: 999, protoCode: 0, errorName: 'bad response' }],
  [
    'binary garbage',
    (socket) => socket.write(Buffer.alloc(300_000, 0xff)),
    { netCode: 999, protoCode: 0, errorName: 'bad response' },
  ],
  [
    'an endless header',
    (socket) => {
      socket.write('HTTP/1.1 200 OK\r\nA: ');
      const more = (): void => {
        if (!socket.destroyed) socket.write(Buffer.alloc(65536, 97), more);
      };
      more();
    },
    { netCode: 999, protoCode: 0, errorName: 'bad response' },
  ],
  [
    'a body that is too short',
    (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi'),
    { netCode: 999, protoCode: 200, errorName: 'body too short' },
  ],
  [
    'chunks that are none',
    say('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n'),
    { netCode: 999, protoCode: 200, errorName: 'bad response' },
  ],
  [
    'a reset in the body',
    (socket) => {
      socket.write('HTTP/1.1 500 Oops\r\nContent-Length: 9\r\n\r\nhi');
      socket.resetAndDestroy();
    },
    { netCode: 104, protoCode: 500, errorName: 'connection reset' },
  ],
];

describe('the http gun records', () => {
  for (const [sentence, script, expected, changed] of ROWS) {
    it(sentence, () =>
      against(script, {}, async (bench) => {
        const fields = await bench.shoot(changed);
        const picked = Object.fromEntries(Object.keys(expected).map((key) => [key, fields[key as keyof Fields]]));
        assert.deepEqual(picked, expected);
        assert.ok(fields.started <= fields.responded && fields.responded <= fields.ended);
        assert.deepEqual([fields.sizeIn, fields.sizeOut, fields.connectTime, fields.latency], [0, 0, 0, 0]);
      }),
    );
  }

  it('a refused connection, once in the log', async () => {
    const server = new ScriptedServer(() => undefined);
    const target = await server.listen();
    await server.close();
    const bench = new GunBench(http, { target, httptrace: { trace: true } });
    for (const _ of [1, 2]) {
      const fields = await bench.shoot();
      assert.deepEqual([fields.netCode, fields.protoCode, fields.errorName], [111, 0, 'connection refused']);
      assert.deepEqual([fields.connectTime, fields.sendTime, fields.latency, fields.receiveTime], [0, 0, 0, 0]);
    }
    assert.equal(bench.log.lines.filter(({ level }) => level === 'warn').length, 1);
    await bench.close();
  });

  it('a name that does not exist', async () => {
    const bench = new GunBench(http, { target: 'no-such-host.invalid:80', dial: { 'dns-cache': false } });
    const fields = await bench.shoot();
    assert.deepEqual([fields.netCode, fields.protoCode, fields.errorName], [999, 0, 'dns failure']);
    await bench.close();
  });

  it('a request that cannot be written, without a connection', () =>
    against(say(OK), {}, async (bench, server) => {
      const fields = await bench.shoot({ headers: [['X', 'a\r\nB: c']] });
      assert.deepEqual([fields.netCode, fields.protoCode, fields.errorName], [999, 0, 'bad request']);
      assert.equal(server.sockets.length, 0);
    }));

  it('a dial timeout', () => {
    const clock = new VirtualClock(1000);
    return against(
      say(OK),
      {},
      async (bench) => {
        const seen: Fields[] = [];
        bench.fire({}, (fields) => seen.push(fields));
        clock.advance(3000);
        assert.deepEqual([seen[0]?.netCode, seen[0]?.protoCode, seen[0]?.errorName], [110, 0, 'timeout']);
        assert.equal((seen[0]?.ended ?? 0) - (seen[0]?.started ?? 0), 3000);
      },
      { scheduler: clock },
    );
  });

  it('a TLS handshake timeout', () => {
    const clock = new VirtualClock(1000);
    let greeted: () => void = () => undefined;
    const hello = new Promise<void>((resolve) => {
      greeted = resolve;
    });
    return against(
      () => greeted(),
      { ssl: true },
      async (bench) => {
        const response = bench.shoot();
        await hello;
        clock.advance(1000);
        const fields = await response;
        assert.deepEqual([fields.netCode, fields.protoCode, fields.errorName], [110, 0, 'timeout']);
      },
      { scheduler: clock },
    );
  });

  it('TLS spoken to a plain port', () =>
    against(say('HTTP/1.1 400 Bad Request\r\n\r\n'), { ssl: true }, async (bench) => {
      const fields = await bench.shoot();
      assert.deepEqual([fields.netCode, fields.protoCode, fields.errorName], [999, 0, 'tls failure']);
    }));

  it('a TLS handshake that the peer ends', () =>
    against(
      (socket) => socket.end(),
      { ssl: true },
      async (bench) => {
        const fields = await bench.shoot();
        assert.deepEqual([fields.netCode, fields.protoCode, fields.errorName], [999, 0, 'tls failure']);
      },
    ));

  it('a response-header-timeout, also on a kept connection, but not while a body comes', () => {
    const clock = new VirtualClock(1000);
    let asked: (received: string) => void = () => undefined;
    const next = (): Promise<string> =>
      new Promise((resolve) => {
        asked = resolve;
      });
    return against(
      (socket, received) => {
        if (received.includes('/quick')) socket.write(OK);
        if (received.includes('/slow-body')) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n');
        asked(received);
      },
      { 'response-header-timeout': '5s' },
      async (bench, server) => {
        assert.equal((await bench.shoot({ target: '/quick' })).netCode, 0);
        const came = next();
        const late = bench.shoot({ target: '/silent' });
        await came;
        clock.advance(4999);
        clock.advance(1);
        const fields = await late;
        assert.deepEqual([fields.netCode, fields.protoCode, fields.errorName], [110, 0, 'timeout']);
        assert.equal(server.sockets.length, 1);

        const slow = bench.shoot({ target: '/slow-body' });
        // A tenth of the limit per turn: the head of the response arrives before it.
        for (let turn = 0; turn < 100; turn++) {
          await new Promise((resolve) => setImmediate(resolve));
          clock.advance(500);
        }
        server.sockets[1]?.write('ok');
        assert.deepEqual([(await slow).netCode, server.sockets.length], [0, 2]);
      },
      { scheduler: clock },
    );
  });
});

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

describe('the http gun', () => {
  it('refuses other ammo and names it', () => {
    const bench = new GunBench(http, { target: 'localhost:1' });
    const gun = bench.gunFactory.create({ instance: 0 });
    const refuses = (ammo: unknown, name: RegExp): void =>
      assert.throws(
        () => gun.shoot(ammo as never, {} as never),
        (error) => isElpisError(error, 'ELPIS_SHOT') && name.test(error.message),
      );
    refuses({ protocol: 'grpc' }, /grpc ammo/);
    refuses(42, /number/);
  });

  it('tags with the ammo, the path or __EMPTY__, and numbers with the ammo', () =>
    against(say(OK), { 'auto-tag': { enabled: true, 'uri-elements': 1, 'no-tag-only': false } }, async (bench) => {
      const tags = [
        await bench.shoot({ path: '/a/b' }),
        await bench.shoot({ path: '' }),
        await bench.shoot({ path: '/a/b' }, 0, 'T'),
      ];
      assert.deepEqual(
        tags.map(({ tag, id }) => [tag, id]),
        [
          ['/a', 1],
          ['__EMPTY__', 2],
          ['T|/a', 3],
        ],
      );
    }));

  it('sends exactly the encoded bytes and counts them', () =>
    against(say(OK), { 'disable-compression': false }, async (bench, server) => {
      const fields = await bench.shoot({
        method: 'POST',
        target: '/x?y',
        body: Buffer.from('hello'),
        headers: [
          ['B', '2'],
          ['A', '1'],
        ],
      });
      const sent =
        'POST /x?y HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: Go-http-client/1.1\r\nContent-Length: 5\r\nA: 1\r\nB: 2\r\nAccept-Encoding: gzip\r\n\r\nhello';
      assert.equal(server.seen[0], sent);
      assert.equal(fields.bytesOut, sent.length);
    }));

  it('holds the body back until the server says continue, or has responded', () =>
    against(
      (socket, received, connection) => {
        if (connection === 0 && received.includes('Expect')) socket.write('HTTP/1.1 100 Continue\r\n\r\n');
        if (connection === 0 && received.includes('body')) socket.write(OK);
        if (connection === 1) socket.write('HTTP/1.1 417 No\r\nContent-Length: 0\r\n\r\n');
      },
      { 'expect-continue-timeout': '1m' },
      async (bench, server) => {
        const posted = {
          method: 'POST',
          body: Buffer.from('body'),
          headers: [['Expect', '100-continue']] as [string, string][],
        };
        assert.equal((await bench.shoot(posted)).protoCode, 200);
        assert.ok(server.seen[0]?.endsWith('\r\n\r\nbody'));
        assert.equal((await bench.shoot(posted, 1)).protoCode, 417);
        assert.ok(!server.seen[1]?.includes('body'));
      },
    ));

  const TIMED: [sentence: string, httptrace: object, expected: Partial<Fields>][] = [
    ['the response without its body', {}, { responded: 1060, ended: 1160, connectTime: 0, sizeIn: 0, sizeOut: 0 }],
    [
      'each phase when traced',
      { trace: true },
      { responded: 1060, ended: 1160, connectTime: 10, sendTime: 20, latency: 25, receiveTime: 5 },
    ],
    [
      'the response with its body when dumped, and the sizes',
      { dump: true },
      { responded: 1160, ended: 1160, latency: 0, sizeIn: 40, sizeOut: 41 },
    ],
  ];
  for (const [sentence, httptrace, expected] of TIMED) {
    it(`times ${sentence}`, () => {
      const clock = new VirtualClock(1000);
      const { wire, bench } = wiredGun({ httptrace }, clock);
      const got: Fields[] = [];
      const receive = (text: string): void => wire.events?.received(Buffer.from(text), text.length);
      bench.fire({ headers: [['A', 'b']] }, (fields) => got.push(fields));
      clock.advance(10);
      wire.events?.opened();
      clock.advance(20);
      wire.written?.();
      clock.advance(25);
      receive('HTTP/1.1 200 OK\r\n');
      clock.advance(5);
      receive('Content-Length: 2\r\n\r\n');
      clock.advance(100);
      receive('ok');
      const picked = Object.keys(expected).map((key) => [key, got[0]?.[key as keyof Fields]]);
      assert.deepEqual(Object.fromEntries(picked), expected);
    });
  }

  for (const { holds, runs, assert: holdsTrue } of [exchangesOnValid, exchangesOnAnything])
    it(`fuzzed: ${holds}`, () => holdsTrue(runs));

  it('spends no time on connecting when a connection was kept', () =>
    against(say(OK), { httptrace: { trace: true } }, async (bench) => {
      const [first, second] = [await bench.shoot(), await bench.shoot()];
      assert.ok(first.connectTime > 0 && first.latency > 0);
      assert.ok(second.connectTime < first.connectTime);
    }));

  it('does not follow redirects by default', () =>
    against(say('HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n'), {}, async (bench) => {
      assert.equal((await bench.shoot()).protoCode, 302);
    }));

  it('follows redirects when configured: rewritten, across hosts, at most ten requests', async () => {
    const seen: string[] = [];
    await againstHttp(
      (asked, response) => {
        seen.push(
          `${asked.method} ${asked.url} ${asked.headers.host?.replace(/\d+$/, 'PORT')} ${asked.headers.authorization ?? ''}`,
        );
        const { port } = asked.socket.address() as net.AddressInfo;
        const steps: Record<string, [number, string]> = {
          '/start': [302, 'rel?q=1#frag'],
          '/rel?q=1': [307, `http://127.0.0.1:${port}/other`],
          '/loop': [302, '/loop'],
          '/bad': [302, 'ftp://localhost/'],
        };
        const step = steps[asked.url ?? ''];
        asked.resume();
        if (step === undefined) response.writeHead(404).end('end');
        else response.writeHead(step[0], { Location: step[1] }).end('moved');
      },
      { redirect: true },
      async (bench) => {
        const start = {
          method: 'POST',
          target: '/start',
          host: 'a.test',
          body: Buffer.from('x'),
          headers: [['Authorization', 'k']] as [string, string][],
        };
        const fields = await bench.shoot(start);
        assert.deepEqual([fields.protoCode, fields.netCode], [404, 0]);
        assert.deepEqual(seen.splice(0), [
          'POST /start a.test k',
          'GET /rel?q=1 a.test k',
          'GET /other 127.0.0.1:PORT ',
        ]);
        const loop = await bench.shoot({ target: '/loop' });
        assert.deepEqual(
          [loop.netCode, loop.protoCode, loop.errorName, seen.length],
          [999, 0, 'too many redirects', 10],
        );
        const bad = await bench.shoot({ target: '/bad' });
        assert.deepEqual([bad.netCode, bad.protoCode, bad.errorName], [999, 0, 'bad redirect']);
      },
    );
  });

  it('speaks TLS with any certificate, SNI and http/1.1, and keeps the connection', async () => {
    const served: unknown[] = [];
    await againstHttp(
      (asked, response) => {
        const socket = asked.socket as import('node:tls').TLSSocket & { servername?: string };
        served.push([socket.servername, socket.alpnProtocol, asked.headers.host]);
        response.end('x'.repeat(100_000));
      },
      { ssl: true },
      async (bench, connections) => {
        for (const _ of [1, 2, 3]) {
          const fields = await bench.shoot();
          assert.deepEqual([fields.netCode, fields.protoCode], [0, 200]);
          assert.ok(fields.bytesIn > 100_000);
        }
        assert.deepEqual(served[2], ['localhost', 'http/1.1', 'localhost']);
        assert.equal(connections(), 1);
      },
    );
  });

  it('resumes TLS sessions on new connections', async () => {
    const resumed: boolean[] = [];
    await againstHttp(
      (asked, response) => {
        resumed.push((asked.socket as import('node:tls').TLSSocket).isSessionReused());
        response.end('ok');
      },
      { ssl: true, 'disable-keep-alives': true },
      async (bench) => {
        for (const _ of [1, 2]) assert.equal((await bench.shoot()).netCode, 0);
      },
    );
    assert.deepEqual(resumed, [false, true]);
  });

  it('warns when the target does not accept a connection before the run, and still shoots', async () => {
    const server = new ScriptedServer(say(OK));
    const port = (await server.listen()).split(':')[1] as string;
    await server.close();
    const bench = new GunBench(http, { target: `localhost:${port}` });
    await bench.warmUp();
    assert.match(bench.log.lines[0]?.message ?? '', /did not accept a connection before the run/);
    assert.equal((await bench.shoot()).netCode, 111);
    await bench.close();
  });

  it('writes requests and responses to the answlog, filtered by status', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'elpis-'));
    const path = join(folder, 'answ.log');
    await againstHttp(
      (asked, response) => response.writeHead(asked.url === '/bad' ? 503 : 200, { Z: '1', A: '2' }).end('body'),
      { answlog: { enabled: true, path, filter: 'error' } },
      async (bench) => {
        await bench.shoot({ target: '/good' });
        await bench.shoot({ target: '/bad' });
      },
    );
    const text = readFileSync(path, 'utf8');
    rmSync(folder, { recursive: true });
    assert.match(text, /^\d{4}-\d\d-\d\dT[\d:.]+Z\tDEBUG\tREQUEST:\nGET \/bad HTTP\/1\.1\r\nHost: localhost\r\n/);
    assert.match(
      text,
      /\n\n\n\d{4}\S+\tDEBUG\tRESPONSE:\nHTTP\/1\.1 503 Service Unavailable\r\nTransfer-Encoding: chunked\r\nA: 2\r\n[\s\S]*Z: 1\r\n\r\n4\r\nbody\r\n0\r\n\r\n\n$/,
    );
    assert.ok(!text.includes('/good'));
  });

  it('fails the warm-up when the answlog cannot be opened', async () => {
    const answlog = { enabled: true, path: join(tmpdir(), 'no', 'such', 'folder', 'answ.log') };
    const bench = new GunBench(http, { target: '127.0.0.1:1', answlog });
    await assert.rejects(
      bench.warmUp(),
      (error) => isElpisError(error, 'ELPIS_SINK') && /answ\.log/.test(error.message),
    );
    await bench.close();
  });

  it('encodes repeated ammo once', () =>
    against(say(OK), {}, async (bench) => {
      const same = request({ headers: [['A', 'b']] });
      let reads = 0;
      const counted = new Proxy(same, {
        get: (target, key) => {
          if (key === 'body') reads++;
          return Reflect.get(target, key) as unknown;
        },
      });
      const other = request({ target: '/other' });
      for (const ammo of [counted, other, counted, counted, other]) await bench.shoot(ammo);
      assert.equal(reads, 1);
    }));
});
