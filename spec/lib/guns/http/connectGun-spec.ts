import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttp, type Server } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type * as net from 'node:net';
import { after, afterEach, before, describe, it } from 'node:test';
import { isRight } from 'fp-ts/lib/Either.js';
import { connect, tunnelDialing } from '../../../../lib/guns/http/connectGun.js';
import { startTarget, type Target } from '../../../../lib/target/target.js';
import { fakeDeps } from '../../../../lib/testing/fakeDeps.js';
import { OriginCache } from '../../../../lib/wire/dial/origin.js';
import { type Fields, GunBench, request, ScriptedServer } from '../gunBench.js';
import { selfSigned } from '../selfSigned.js';
import { TunnelProxy } from '../tunnelProxy.js';
import { TurnClock } from '../turnClock.js';

const outcome = ({ netCode, protoCode, errorName }: Fields): string => `${netCode} ${protoCode} ${errorName}`.trim();
const portOf = (server: net.Server): number => (server.address() as net.AddressInfo).port;

/** What the spec has opened; closed after each test. */
const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});
function kept<C extends { close(): unknown }>(each: C): C {
  open.push(each);
  return each;
}

async function listening<S extends Server>(server: S): Promise<S> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  kept(server);
  kept({ close: () => server.closeAllConnections() });
  return server;
}

/** A server that responds with its Host header and counts its connections. */
async function hosts(secure: boolean): Promise<{ port: number; connections: () => number }> {
  let connections = 0;
  const server = await listening(
    secure
      ? createHttps(selfSigned(), (request, response) => response.end(request.headers.host))
      : createHttp((request, response) => response.end(request.headers.host)),
  );
  server.on(secure ? 'secureConnection' : 'connection', () => connections++);
  return { port: portOf(server), connections: () => connections };
}

async function through(proxy: TunnelProxy, options: Record<string, unknown> = {}): Promise<GunBench> {
  const target = await kept(proxy).listen();
  return kept(new GunBench(connect, { target, requestTimeout: '10s', ...options }));
}

describe('the connect gun', () => {
  for (const [ssl, connectSsl] of [
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ] as const) {
    const way = `${connectSsl ? 'TLS' : 'TCP'} to the proxy and ${ssl ? 'TLS' : 'plain HTTP'} in the tunnel`;
    it(`shoots over ${way}, and keeps the connection`, async () => {
      const server = await hosts(ssl);
      const proxy = new TunnelProxy(server.port, connectSsl ? selfSigned() : undefined);
      const bench = await through(proxy, { ssl, 'connect-ssl': connectSsl });
      for (let shot = 0; shot < 3; shot++) assert.equal(outcome(await bench.shoot({ host: 'shop.test' })), '0 200');
      assert.deepEqual(proxy.authorities, [`shop.test:${ssl ? 443 : 80}`]);
      assert.equal(server.connections(), 1);
    });
  }

  it('sends CONNECT with the host, and the headers of connect-headers', async () => {
    const proxy = new TunnelProxy((await hosts(false)).port);
    const bench = await through(proxy, { 'connect-headers': ['[Proxy-Authorization: Basic dTpw]'] });
    await bench.shoot({ host: 'shop.test:8080' });
    assert.deepEqual(proxy.heads, [
      'CONNECT shop.test:8080 HTTP/1.1\r\nHost: shop.test:8080\r\nProxy-Authorization: Basic dTpw\r\n\r\n',
    ]);
  });

  const AUTHORITIES: readonly (readonly [host: string, plain: string, secure: string])[] = [
    ['shop.test', 'shop.test:80', 'shop.test:443'],
    ['shop.test:8080', 'shop.test:8080', 'shop.test:8080'],
    ['SHOP.test', 'SHOP.test:80', 'SHOP.test:443'],
    ['10.0.0.1', '10.0.0.1:80', '10.0.0.1:443'],
    ['[::1]', '[::1]:80', '[::1]:443'],
    ['[::1]:8080', '[::1]:8080', '[::1]:8080'],
    ['bücher.test', 'xn--bcher-kva.test:80', 'xn--bcher-kva.test:443'],
  ];
  for (const [host, plain, secure] of AUTHORITIES) {
    it(`asks for ${plain}, with ssl for ${secure}, when the ammo names ${host}`, async () => {
      for (const [ssl, expected] of [
        [false, plain],
        [true, secure],
      ] as const) {
        const proxy = new TunnelProxy((await hosts(ssl)).port);
        const bench = await through(proxy, { ssl });
        assert.equal(outcome(await bench.shoot({ host })), '0 200');
        assert.deepEqual(proxy.authorities, [expected]);
      }
    });
  }

  it('asks for a tunnel to the target itself when the ammo names no host', async () => {
    const proxy = new TunnelProxy((await hosts(false)).port);
    const target = await kept(proxy).listen();
    const bench = kept(new GunBench(connect, { target }));
    assert.equal(outcome(await bench.shoot()), '0 200');
    assert.deepEqual(proxy.authorities, [target]);
  });

  for (const host of ['a b', 'x\r\nEvil: 1', ':80', 'shop.test:0', 'shop.test:99999', '-.test']) {
    it(`refuses the host ${JSON.stringify(host)} of the ammo without a connection`, async () => {
      const proxy = new TunnelProxy(1);
      const bench = await through(proxy);
      assert.equal(outcome(await bench.shoot({ host })), '999 0 bad request');
      assert.equal(proxy.sockets.size, 0);
    });
  }

  it('keeps a connection for each host', async () => {
    const proxy = new TunnelProxy((await hosts(false)).port);
    const bench = await through(proxy);
    for (const host of ['a.test', 'b.test', 'a.test', 'b.test:80', 'a.test:81', 'a.test:81']) {
      assert.equal(outcome(await bench.shoot({ host })), '0 200');
    }
    assert.deepEqual(proxy.authorities, ['a.test:80', 'b.test:80', 'a.test:81']);
  });

  it('opens a tunnel per shot with disable-keep-alives', async () => {
    const proxy = new TunnelProxy((await hosts(false)).port);
    const bench = await through(proxy, { 'disable-keep-alives': true });
    for (let shot = 0; shot < 3; shot++) await bench.shoot({ host: 'a.test' });
    assert.equal(proxy.heads.length, 3);
  });

  it('follows a redirect to another host through another tunnel', async () => {
    const server = await listening(
      createHttp((request, response) => {
        if (request.headers.host === 'a.test') response.writeHead(302, { Location: 'http://b.test:81/x' }).end();
        else response.end(request.url);
      }),
    );
    const proxy = new TunnelProxy(portOf(server));
    const bench = await through(proxy, { redirect: true });
    assert.equal(outcome(await bench.shoot({ host: 'a.test' })), '0 200');
    assert.deepEqual(proxy.authorities, ['a.test:80', 'b.test:81']);
  });

  it('retries on a new tunnel when a kept one was closed', async () => {
    const proxy = new TunnelProxy((await hosts(false)).port);
    const bench = await through(proxy);
    await bench.shoot({ host: 'a.test' });
    for (const socket of proxy.sockets) socket.destroy();
    assert.equal(outcome(await bench.shoot({ host: 'a.test' })), '0 200');
    assert.equal(proxy.heads.length, 2);
  });
});

describe('the connect gun through the bundled target', () => {
  let target: Target;
  before(async () => {
    target = await startTarget();
  });
  after(() => target.close());

  it('reaches the target, whatever the host is; the counts agree', async () => {
    const bench = kept(new GunBench(connect, { target: `127.0.0.1:${target.port}` }));
    for (const host of ['a.test', 'b.test', 'a.test']) {
      assert.equal(outcome(await bench.shoot({ host, target: '/bytes/5', path: '/bytes/5' })), '0 200');
    }
    const { total, tunnels, connections } = target.stats();
    assert.deepEqual([total, tunnels, connections.opened], [3, { 'a.test:80': 1, 'b.test:80': 1 }, 2]);
  });

  it('speaks TLS in the tunnels, with the host of each, and TLS with the proxy around it', async () => {
    await fetch(`${target.url}/reset-stats`, { method: 'POST' });
    for (const connectSsl of [false, true]) {
      const options = { target: `127.0.0.1:${target.port}`, ssl: true, connectSsl, tlsHandshakeTimeout: '10s' };
      const bench = kept(new GunBench(connect, options));
      for (const host of ['a.test', 'b.test:8443', 'a.test'])
        assert.equal(outcome(await bench.shoot({ host, target: '/bytes/5', path: '/bytes/5' })), '0 200');
    }
    const { total, tunnels } = target.stats();
    assert.deepEqual([total, tunnels], [6, { 'a.test:443': 2, 'b.test:8443': 2 }]);
  });

  it('refuses the certificate of the target in the tunnel with tls.verify, and not that of the proxy', async () => {
    const options = { target: `127.0.0.1:${target.port}`, ssl: true, connectSsl: true, tlsHandshakeTimeout: '10s' };
    const verified = kept(new GunBench(connect, { ...options, tls: { verify: true } }));
    assert.equal(outcome(await verified.shoot({ host: 'a.test' })), '999 0 tls failure');
  });
});

const PLAYS: readonly (readonly [
  fault: string,
  play: (socket: net.Socket, received: string) => unknown,
  expected: string,
  gun?: object,
])[] = [
  ['status 407', (socket) => socket.write('HTTP/1.1 407 Auth\r\n\r\n'), '999 0 proxy status 407'],
  ['status 502 and a close', (socket) => socket.end('HTTP/1.1 502 Bad\r\n\r\nbody'), '999 0 proxy status 502'],
  ['status 201', (socket) => socket.write('HTTP/1.1 201 Created\r\n\r\n'), '999 0 proxy status 201'],
  ['garbage', (socket) => socket.write('\x00\x01\xff\r\n'), '999 0 bad proxy response'],
  ['a greeting of another protocol', (socket) => socket.write('220 smtp ready\r\n'), '999 0 bad proxy response'],
  ['an endless first line', (socket) => socket.write('x'.repeat(100_000)), '999 0 bad proxy response'],
  [
    'an endless head',
    (socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const more = (): void => {
        while (!socket.destroyed && socket.write(`x-${'y'.repeat(1000)}: z\r\n`));
        if (!socket.destroyed) socket.once('drain', more);
      };
      more();
    },
    '999 0 bad proxy response',
  ],
  ['bytes after the head', (socket) => socket.write('HTTP/1.1 200 OK\r\n\r\nsurprise'), '999 0 bad proxy response'],
  ['a close without a response', (socket) => socket.end(), '999 0 proxy closed early'],
  ['a close in the head', (socket) => socket.end('HTTP/1.1 200 OK\r\nVia:'), '999 0 proxy closed early'],
  ['a reset', (socket) => socket.resetAndDestroy(), '104 0 connection reset'],
  ['no response', () => undefined, '110 0 timeout', { dial: { timeout: '60ms' } }],
  ['half a head', (socket) => socket.write('HTTP/1.1 200 OK\r\n'), '110 0 timeout', { dial: { timeout: '60ms' } }],
  [
    'a close in the handshake inside the tunnel',
    (socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'),
    '999 0 tls failure',
    { ssl: true },
  ],
  [
    'a handshake inside the tunnel that does not end',
    (socket, received) => received.startsWith('CONNECT') && socket.write('HTTP/1.1 200 OK\r\n\r\n'),
    '110 0 timeout',
    { ssl: true, 'tls-handshake-timeout': '60ms' },
  ],
  [
    'plain text where TLS with the proxy is due',
    (socket) => socket.write('HTTP/1.1 200 OK\r\n\r\n'),
    '999 0 tls failure',
    { 'connect-ssl': true },
  ],
  [
    'silence where TLS with the proxy is due',
    () => undefined,
    '110 0 timeout',
    { 'connect-ssl': true, 'tls-handshake-timeout': '60ms' },
  ],
];

describe('the origins of a connect gun', () => {
  it('are found again for 65,536 hosts, and not kept for more', () => {
    const config = connect.options().decode({ target: 'proxy.test:3128' });
    assert.ok(isRight(config));
    const { originOf } = tunnelDialing(config.right, fakeDeps());
    const origins = new OriginCache();
    const of = (host: string) => originOf?.({ ...request(), host }, origins);
    const first = of('h0');
    for (let i = 1; i < 65_536; i++) of(`h${i}`);
    assert.equal(of('h0'), first);
    assert.equal(of('h65535'), of('h65535'));
    assert.notEqual(of('h65536'), of('h65536'));
  });
});

describe('the connect gun against a proxy:', () => {
  for (const [fault, play, expected, options] of PLAYS) {
    it(`${fault} is ${expected}, and so is the next shot`, async () => {
      const server = kept(new ScriptedServer(play));
      const limited = { target: await server.listen(), requestTimeout: '10s', ...options };
      const bench = kept(new GunBench(connect, limited, { scheduler: new TurnClock() }));
      for (const _ of [1, 2]) assert.equal(outcome(await bench.shoot({ host: 'a.test' })), expected);
      assert.equal(server.sockets.length, 2, 'each shot has a connection of its own');
      const warned = bench.log.lines.filter(({ level }) => level === 'warn');
      assert.equal(warned.length, 1, 'the failure is logged once');
    });
  }

  it('refused is 111', async () => {
    const server = new ScriptedServer(() => undefined);
    const target = await server.listen();
    await server.close();
    const bench = kept(new GunBench(connect, { target }));
    assert.equal(outcome(await bench.shoot({ host: 'a.test' })), '111 0 connection refused');
  });

  it('a name that does not exist is a failure of DNS, and one warning before the run', async () => {
    const bench = kept(new GunBench(connect, { target: 'no-such-host.invalid:3128' }));
    await bench.warmUp();
    assert.equal(outcome(await bench.shoot({ host: 'a.test' })), '999 0 dns failure');
    const warned = bench.log.lines.filter(({ level }) => level === 'warn').map(({ message }) => message);
    assert.match(warned[0] ?? '', /no-such-host.invalid:3128 did not accept a connection before the run/);
  });

  it('a name is resolved once, by one connection before the run', async () => {
    const server = await hosts(false);
    const proxy = new TunnelProxy(server.port);
    const { port } = new URL(`http://${await kept(proxy).listen()}`);
    const bench = kept(new GunBench(connect, { target: `localhost:${port}` }));
    await bench.warmUp();
    assert.equal(outcome(await bench.shoot({ host: 'a.test' })), '0 200');
    assert.equal(proxy.heads.length, 1, 'the connection before the run asks for no tunnel');
  });

  it('a shot that is aborted while the tunnel opens closes the connection', async () => {
    const server = kept(new ScriptedServer(() => undefined));
    const bench = kept(new GunBench(connect, { target: await server.listen() }));
    const shot = bench.fire({ host: 'a.test' }, () => assert.fail('a sample of an aborted shot'));
    while (server.seen[0] !== 'CONNECT a.test:80 HTTP/1.1\r\nHost: a.test:80\r\n\r\n')
      await new Promise((resolve) => setImmediate(resolve));
    const closed = once(server.sockets[0] as net.Socket, 'close');
    shot.unsubscribe();
    await closed;
  });
});
