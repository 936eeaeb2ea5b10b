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
import { VirtualClock } from '../../../../lib/time/virtualClock.js';
import { exchangesOnAnything, exchangesOnValid } from '../../../../scripts/soak/fuzzers/exchanges.js';
import { type Fields, GunBench, request, ScriptedServer } from '../gunBench.js';
import { selfSigned } from '../selfSigned.js';
import { against, OK, say } from './against.js';
import { wiredGun } from './wiredGun.js';

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
