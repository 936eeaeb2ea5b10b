import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import * as net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import * as tls from 'node:tls';
import { isLeft } from 'fp-ts/lib/Either.js';
import { scenarioGun } from '../../../../lib/builtins/scenarioGun.js';
import type { CodecIssue } from '../../../../lib/codec/issue.js';
import { connect } from '../../../../lib/guns/http/connectGun.js';
import { http } from '../../../../lib/guns/http/gun.js';
import { type Fields, GunBench } from '../gunBench.js';
import { selfSigned } from '../selfSigned.js';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n';
const outcome = ({ netCode, protoCode, errorName }: Fields): string => `${netCode} ${protoCode} ${errorName}`.trim();

/** Runs a test against a server that counts its connections by the address of the client, and keeps the Host headers. */
async function counting(
  listen: net.ListenOptions,
  test: (port: number, seen: { from: Map<string, number>; hosts: string[] }) => Promise<void>,
  create: (serve: (socket: net.Socket) => void) => net.Server = net.createServer,
): Promise<void> {
  const seen = { from: new Map<string, number>(), hosts: [] as string[] };
  const sockets: net.Socket[] = [];
  const server = create((socket) => {
    sockets.push(socket);
    const from = socket.remoteAddress ?? 'unix';
    seen.from.set(from, (seen.from.get(from) ?? 0) + 1);
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      seen.hosts.push(/Host: (.*)\r/.exec(bytes.toString())?.[1] ?? '');
      socket.write(OK);
    });
  });
  server.listen(listen);
  await once(server, 'listening');
  try {
    const address = server.address();
    await test(typeof address === 'string' ? 0 : ((address as net.AddressInfo).port ?? 0), seen);
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  }
}

/** Fires one shot of each of `count` instances. */
async function volley(options: Record<string, unknown>, count: number, warmUp = false): Promise<string[]> {
  const bench = new GunBench(http, { requestTimeout: '10s', ...options });
  if (warmUp) await bench.warmUp();
  const shots = await Promise.all(Array.from({ length: count }, (_, instance) => bench.shoot({}, instance)));
  await bench.close();
  return shots.map(outcome);
}
const all = (expected: string, count: number): string[] => Array<string>(count).fill(expected);

describe('dial.local-addresses', () => {
  it('are used in turn, a connection each', () =>
    counting({ port: 0, host: '127.0.0.1' }, async (port, { from }) => {
      const dial = { 'local-addresses': ['127.0.0.2', '127.0.0.3', '127.0.0.4'] };
      assert.deepEqual(await volley({ target: `127.0.0.1:${port}`, dial }, 10), all('0 200', 10));
      assert.deepEqual(Object.fromEntries(from), { '127.0.0.2': 4, '127.0.0.3': 3, '127.0.0.4': 3 });
    }));

  it('choose the family of the addresses of a name', () =>
    counting({ port: 0, host: '127.0.0.1' }, async (port, { from }) => {
      const dial = { 'local-addresses': ['127.0.0.2'], 'dns-cache': false };
      assert.deepEqual(await volley({ target: `localhost:${port}`, dial }, 2), all('0 200', 2));
      assert.deepEqual(Object.fromEntries(from), { '127.0.0.2': 2 });
    }));

  it('work with TLS', () =>
    counting(
      { port: 0, host: '127.0.0.1' },
      async (port, { from }) => {
        const dial = { 'local-addresses': ['127.0.0.2'] };
        assert.deepEqual(await volley({ target: `127.0.0.1:${port}`, ssl: true, dial }, 2), all('0 200', 2));
        assert.deepEqual(Object.fromEntries(from), { '127.0.0.2': 2 });
      },
      (serve) => tls.createServer(selfSigned(), serve),
    ));

  it('that this machine does not have are net code 99', () =>
    counting({ port: 0, host: '127.0.0.1' }, async (port) => {
      const dial = { 'local-addresses': ['192.0.2.1'] };
      assert.deepEqual(await volley({ target: `127.0.0.1:${port}`, dial }, 1), ['99 0 no local address']);
    }));
});

describe('dial.resolve', () => {
  it('connects to an address in place of a name; the Host header keeps the name', () =>
    counting({ port: 0, host: '127.0.0.5' }, async (port, { hosts }) => {
      const dial = { resolve: { 'Shop.Test:80': `127.0.0.5:${port}` } };
      assert.deepEqual(await volley({ target: 'shop.test:80', dial }, 1, true), ['0 200']);
      assert.deepEqual(hosts, ['shop.test'], 'and no connection is made before the run');
    }));

  it('is used for redirects', () =>
    counting({ port: 0, host: '127.0.0.1' }, async (port, { hosts }) => {
      const redirecting = net.createServer((socket) => {
        socket.on('error', () => undefined);
        socket.once('data', () =>
          socket.end(`HTTP/1.1 302 Found\r\nLocation: http://shop.test:${port}/\r\nContent-Length: 0\r\n\r\n`),
        );
      });
      redirecting.listen(0, '127.0.0.1');
      await once(redirecting, 'listening');
      const target = `127.0.0.1:${(redirecting.address() as net.AddressInfo).port}`;
      const dial = { resolve: { 'shop.test': '127.0.0.1' } };
      assert.deepEqual(await volley({ target, redirect: true, dial }, 1), ['0 200']);
      assert.deepEqual(hosts, [`shop.test:${port}`]);
      redirecting.close();
    }));
});

describe('a target that is a Unix socket', () => {
  const folder = mkdtempSync(join(tmpdir(), 'elpis-unix-'));
  after(() => rmSync(folder, { recursive: true }));

  it('is connected to by its path, with localhost as the Host', () => {
    const path = join(folder, 'app.sock');
    return counting({ path }, async (_port, { hosts }) => {
      assert.deepEqual(await volley({ target: `unix:${path}` }, 3, true), all('0 200', 3));
      assert.deepEqual(hosts, all('localhost', 3));
    });
  });

  it('with TLS is asked for localhost', () => {
    const path = join(folder, 'tls.sock');
    return counting(
      { path },
      async () => {
        assert.deepEqual(await volley({ target: `unix:${path}`, ssl: true }, 2), all('0 200', 2));
      },
      (serve) => tls.createServer(selfSigned(), serve),
    );
  });

  it('that does not exist is a failure of each shot', async () => {
    assert.deepEqual(await volley({ target: `unix:${folder}/none.sock` }, 1), ['2 0 enoent']);
  });
});

describe('a config is refused', () => {
  const long = `unix:/${'x'.repeat(107)}`;
  const rows: readonly (readonly [
    sentence: string,
    gun: typeof http | typeof connect | typeof scenarioGun,
    options: object,
    hint: RegExp,
  ])[] = [
    ['with a socket without a path', http, { target: 'unix:' }, /unix:\/run\/app.sock/],
    ['with the path of a socket that Linux cannot take', http, { target: long }, /at most 107 bytes/],
    ['with a proxy on a socket', connect, { target: 'unix:/run/app.sock' }, /leave out the path/],
    [
      'with a local address of another family than the target',
      http,
      { target: '127.0.0.1:80', dial: { 'local-addresses': ['127.0.0.2', '::1'] } },
      /::1 cannot connect to 127.0.0.1/,
    ],
    [
      'with local addresses for a socket',
      scenarioGun,
      { target: 'unix:/a', dial: { 'local-addresses': ['::1'] } },
      /remove dial.local-addresses/,
    ],
    [
      'with turns for a socket',
      http,
      { target: 'unix:/a', dial: { 'round-robin': true } },
      /remove dial.local-addresses/,
    ],
    ['with a local address that is a name', http, { target: 'a:1', dial: { 'local-addresses': ['b'] } }, /^$/],
    ['with a name that resolves to a name', http, { target: 'a:1', dial: { resolve: { a: 'b' } } }, /write an address/],
    [
      'with an address for a URL',
      http,
      { target: 'a:1', dial: { resolve: { 'http://a': '::1' } } },
      /"http:\/\/a" is neither a host nor host:port/,
    ],
  ];
  for (const [sentence, gun, options, hint] of rows) {
    it(sentence, () => {
      const decoded = gun.options().decode(options);
      assert.ok(isLeft(decoded));
      assert.match((decoded.left[0] as CodecIssue | undefined)?.hint ?? '', hint);
    });
  }

  it('not with a Unix socket of the longest path, nor with addresses of the right family', () => {
    for (const options of [
      { target: `unix:/${'x'.repeat(106)}` },
      { target: '[::1]:80', dial: { 'local-addresses': ['::1'], resolve: { a: '[::1]:8080', 'b:1': '10.0.0.1' } } },
    ])
      assert.ok(!isLeft(http.options().decode(options)));
  });
});
