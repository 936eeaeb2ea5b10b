import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import {
  constants,
  createSecureServer,
  createServer,
  type Http2Server,
  type Http2Session,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import type * as net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Deps } from '../../../../lib/core/deps.js';
import { http2 } from '../../../../lib/guns/http2/gun.js';
import type { HttpRequest } from '../../../../lib/protocols/http.js';
import { type Fields, GunBench, request } from '../gunBench.js';
import { selfSigned } from '../selfSigned.js';
import { TurnClock } from '../turnClock.js';

type Play = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void;

/** A server of node and a gun for it. */
class Pair {
  readonly sessions: Http2Session[] = [];
  readonly seen: IncomingHttpHeaders[] = [];

  private constructor(
    readonly bench: GunBench,
    readonly server: Http2Server,
    readonly target: string,
  ) {}

  static async of(
    play: Play,
    options: Record<string, unknown> = {},
    settings = {},
    deps: Partial<Deps> = {},
  ): Promise<Pair> {
    const { ssl = true } = options;
    const server = ssl ? createSecureServer({ ...selfSigned(), settings }) : createServer({ settings });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const target = `127.0.0.1:${(server.address() as net.AddressInfo).port}`;
    const pair = new Pair(new GunBench(http2, { target, ...options }, deps), server as Http2Server, target);
    server.on('session', (session: Http2Session) => pair.sessions.push(session));
    server.on('sessionError', () => undefined);
    server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
      stream.on('error', () => undefined);
      pair.seen.push(headers);
      play(stream, headers);
    });
    await pair.bench.warmUp();
    return pair;
  }

  async close(): Promise<void> {
    await this.bench.close();
    for (const session of this.sessions) session.destroy();
    this.server.close();
  }
}

async function against(
  play: Play,
  options: Record<string, unknown>,
  test: (pair: Pair) => Promise<void>,
  settings = {},
  deps: Partial<Deps> = {},
): Promise<void> {
  const pair = await Pair.of(play, options, settings, deps);
  try {
    await test(pair);
  } finally {
    await pair.close();
  }
}

const ok: Play = (stream) => {
  stream.respond({ ':status': 200, 'content-length': 2 });
  stream.end('ok');
};
const bodyOf = async (stream: ServerHttp2Stream): Promise<Buffer> => {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts);
};
const outcome = ({ netCode, protoCode, errorName }: Fields): string => `${netCode} ${protoCode} ${errorName}`.trim();
const plain = { ssl: false };

describe('the http2 gun', () => {
  for (const ssl of [true, false]) {
    it(`sends requests ${ssl ? 'over TLS' : 'by prior knowledge'} on one connection, and counts every byte`, () =>
      against(ok, { ssl }, async ({ bench, sessions, seen }) => {
        const samples = [await bench.shoot(), await bench.shoot({ target: '/b?c=d', path: '/b' })];
        assert.deepEqual(samples.map(outcome), ['0 200', '0 200']);
        assert.equal(sessions.length, 1);
        assert.deepEqual(
          seen.map((headers) => [headers[':method'], headers[':path'], headers[':scheme'], headers[':authority']]),
          [
            ['GET', '/', ssl ? 'https' : 'http', '127.0.0.1'],
            ['GET', '/b?c=d', ssl ? 'https' : 'http', '127.0.0.1'],
          ],
        );
        assert.equal(seen[0]?.['user-agent'], 'Go-http-client/2.0');
        for (const { started, responded, ended, bytesIn, bytesOut } of samples) {
          assert.ok(started <= responded && responded <= ended);
          assert.ok(bytesIn > 11 && bytesOut > 20);
        }
        const { opened, reused } = bench.connections.take();
        assert.deepEqual([opened, reused], [1, 1]);
      }));
  }

  it('sends bodies, headers, cookies in crumbs and trailers', () => {
    const trailers: string[] = [];
    return against(
      async (stream) => {
        let body = '';
        stream.on('data', (part) => {
          body += String(part);
        });
        stream.on('trailers', ({ 'x-sum': sum }) => trailers.push(`${String(sum)} after ${body}`));
        await once(stream, 'end');
        stream.respond({ ':status': 201 }, { endStream: true });
      },
      plain,
      async ({ bench, seen }) => {
        const posted = request({
          method: 'POST',
          host: 'shop:81',
          headers: [
            ['Content-Type', 'text/plain'],
            ['Cookie', 'a=1; b=2'],
            ['Cookie', 'c=3'],
            ['X-Two', 'é'],
            ['Connection', 'keep-alive'],
            ['User-Agent', 'me'],
          ],
          body: Buffer.from('hello'),
          chunked: true,
          trailers: { names: ['X-Sum'], values: [['X-Sum', '5']] },
        });
        assert.equal(outcome(await bench.shoot(posted)), '0 201');
        assert.deepEqual(trailers, ['5 after hello']);
        const [headers] = seen;
        assert.equal(headers?.[':authority'], 'shop:81');
        assert.equal(headers?.cookie, 'a=1; b=2; c=3');
        assert.equal(headers?.['content-type'], 'text/plain');
        assert.equal(Buffer.from(String(headers?.['x-two']), 'latin1').toString(), 'é');
        assert.equal(headers?.trailer, 'X-Sum');
        assert.equal(headers?.['user-agent'], 'me');
        assert.equal(headers?.connection, undefined);
        assert.equal(headers?.['content-length'], undefined);
      },
    );
  });

  it('sends a content-length with a body, and for POST without one', () =>
    against(ok, plain, async ({ bench, seen }) => {
      await bench.shoot({ method: 'PUT', body: Buffer.from('abc') });
      await bench.shoot({ method: 'POST' });
      await bench.shoot({ method: 'DELETE' });
      assert.deepEqual(
        seen.map((headers) => headers['content-length']),
        ['3', '0', undefined],
      );
    }));

  it('sends and receives 5 MB through the windows of both sides', () =>
    against(
      async (stream) => {
        const { length } = await bodyOf(stream);
        stream.respond({ ':status': 200, 'content-length': length });
        stream.end(Buffer.alloc(length, 1));
      },
      plain,
      async ({ bench }) => {
        const size = 5_000_000;
        const samples = await Promise.all(
          [0, 1].map((i) => bench.shoot({ method: 'POST', body: Buffer.alloc(size, i) }, i)),
        );
        for (const sample of samples) {
          assert.equal(outcome(sample), '0 200');
          assert.ok(sample.bytesIn > size && sample.bytesOut > size);
        }
      },
      { initialWindowSize: 1000 },
    ));

  it('ignores interim responses, and delays the body until 100 when it is asked to', () =>
    against(
      async (stream) => {
        stream.additionalHeaders({ ':status': 103, link: '</a>' });
        stream.additionalHeaders({ ':status': 100 });
        const { length } = await bodyOf(stream);
        stream.respond({ ':status': 200, 'x-length': length });
        stream.end();
      },
      { ...plain, 'expect-continue-timeout': '50s' },
      async ({ bench }) => {
        const headers = [['Expect', '100-continue']] as const;
        assert.equal(outcome(await bench.shoot({ method: 'POST', headers, body: Buffer.from('abc') })), '0 200');
      },
    ));

  it('sends the body when 100 does not come in time', () =>
    against(
      async (stream) => {
        await bodyOf(stream);
        ok(stream, {});
      },
      { ...plain, 'expect-continue-timeout': '5ms' },
      async ({ bench }) => {
        const headers = [['Expect', '100-continue']] as const;
        assert.equal(outcome(await bench.shoot({ method: 'POST', headers, body: Buffer.from('abc') })), '0 200');
      },
      {},
      { scheduler: new TurnClock() },
    ));

  it('reads heads of any length, trailers, and bodies without a length', () =>
    against(
      (stream) => {
        stream.respond({ ':status': 200, 'x-long': 'y'.repeat(40_000) }, { waitForTrailers: true });
        stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': '5' }));
        stream.end('hello');
      },
      plain,
      async ({ bench }) => {
        const sample = await bench.shoot();
        assert.equal(outcome(sample), '0 200');
        assert.ok(sample.bytesIn > 20_000);
      },
    ));

  it('reads a response to HEAD, 204 and 304, which have no body', () =>
    against(
      (stream, headers) => {
        const status = Number(String(headers[':path']).slice(1));
        stream.respond({ ':status': status, ...(status === 204 ? {} : { 'content-length': 9 }) }, { endStream: true });
      },
      plain,
      async ({ bench }) => {
        assert.equal(outcome(await bench.shoot({ method: 'HEAD', target: '/200' })), '0 200');
        assert.equal(outcome(await bench.shoot({ target: '/304' })), '0 304');
        assert.equal(outcome(await bench.shoot({ target: '/204' })), '0 204');
      },
    ));

  it('completes when the server responds before it has read the body, and cancels the rest', () =>
    against(
      (stream) => {
        stream.respond({ ':status': 413 }, { endStream: true });
      },
      plain,
      async ({ bench, sessions }) => {
        const shot = bench.shoot({ method: 'POST', body: Buffer.alloc(1_000_000) });
        assert.equal(outcome(await shot), '0 413');
        assert.equal(outcome(await bench.shoot()), '0 413');
        assert.equal(sessions.length, 1);
      },
      { initialWindowSize: 10 },
    ));

  it('follows redirects, also to another server', () =>
    against(ok, plain, ({ target, seen }) =>
      against(
        (stream, headers) => {
          const location = headers[':path'] === '/' ? '/next' : `http://${target}/last`;
          stream.respond({ ':status': 302, location }, { endStream: true });
        },
        { ...plain, redirect: true },
        async ({ bench }) => {
          assert.equal(outcome(await bench.shoot()), '0 200');
          assert.deepEqual([seen[0]?.[':path'], seen[0]?.[':authority']], ['/last', target]);
          assert.equal(bench.gunFactory.counters?.().get('redirects followed'), 2);
        },
      ),
    ));

  it('measures sizes as Pandora dumps them, gzip unpacked, and phases', () =>
    against(
      (stream) => {
        const body = gzipSync('hello');
        stream.respond({ ':status': 200, 'content-encoding': 'gzip', 'content-length': body.length, 'x-a': 'b' });
        stream.end(body);
      },
      { ...plain, httptrace: { dump: true, trace: true }, 'disable-compression': false },
      async ({ bench }) => {
        const sample = await bench.shoot({ host: 'a' });
        const received = sample.sizeIn;
        const text = 'HTTP/2.0 200 OK\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nX-A: b\r\n\r\nhello';
        assert.deepEqual([sample.sizeOut, received], ['GET / HTTP/1.1\r\nHost: a\r\n\r\n'.length, text.length]);
        assert.ok(sample.connectTime > 0 && sample.sendTime >= 0 && sample.latency > 0 && sample.receiveTime === 0);
        assert.equal(sample.responded, sample.ended);
      },
    ));

  it('writes the answlog as the http gun does, with HTTP/2.0 in the response', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'elpis-http2-'));
    const path = join(folder, 'answ.log');
    try {
      await against(
        (stream, headers) => {
          stream.respond({
            ':status': headers[':path'] === '/bad' ? 500 : 200,
            'content-length': 2,
            date: 'x',
            'x-b': 'c',
          });
          stream.end('ok');
        },
        { ...plain, answlog: { enabled: true, path } },
        async ({ bench }) => {
          await bench.shoot();
          await bench.shoot({ target: '/bad', host: 'h' });
        },
      );
      const lines = readFileSync(path, 'utf8').replaceAll('\r', '').split('\n');
      assert.match(lines[0] ?? '', /\tDEBUG\tREQUEST:$/);
      assert.deepEqual(lines.slice(1, 4), ['GET /bad HTTP/1.1', 'Host: h', 'User-Agent: Go-http-client/1.1']);
      assert.match(lines[8] ?? '', /\tDEBUG\tRESPONSE:$/);
      assert.deepEqual(lines.slice(9), [
        'HTTP/2.0 500 Internal Server Error',
        'Content-Length: 2',
        'Date: x',
        'X-B: c',
        '',
        'ok',
        '',
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('refuses what HTTP/2 cannot carry', () =>
    against(ok, plain, async ({ bench, seen }) => {
      const refused: Partial<HttpRequest>[] = [
        { headers: [['Upgrade', 'websocket']] },
        { headers: [['Connection', 'TE']] },
        { headers: [['A b', 'c']] },
        { method: 'G T' },
        { missingBytes: 3 },
      ];
      for (const changed of refused) assert.equal(outcome(await bench.shoot(changed)), '999 0 bad request');
      assert.deepEqual(seen, []);
    }));

  it('shares the connections of a client, as many streams at a time as the server takes, or as the option says', async () => {
    const cases: [options: Record<string, unknown>, settings: object, sessions: number, most: number][] = [
      [{ sharedClient: { enabled: true, clientNumber: 2 } }, {}, 2, 4],
      [{ sharedClient: { enabled: true }, connections: 1 }, { maxConcurrentStreams: 3 }, 1, 3],
      [{ sharedClient: { enabled: true }, connections: 2, streams: 3 }, {}, 2, 3],
      [{ sharedClient: { enabled: true }, streams: 2 }, {}, 4, 2],
      [{}, {}, 8, 1],
    ];
    for (const [options, settings, count, most] of cases) {
      const open = new Map<Http2Session | undefined, number>();
      let busiest = 0;
      let due = 0;
      const held: ServerHttp2Stream[] = [];
      const respond = (): void => {
        for (const stream of held.splice(0)) {
          open.set(stream.session, (open.get(stream.session) ?? 0) - 1);
          due--;
          ok(stream, {});
        }
      };
      // The server responds when as many streams are open as can be, or as are left.
      const play: Play = (stream) => {
        open.set(stream.session, (open.get(stream.session) ?? 0) + 1);
        busiest = Math.max(busiest, open.get(stream.session) ?? 0);
        held.push(stream);
        if (held.length === Math.min(due, count * most)) setImmediate(respond);
      };
      await against(
        play,
        { ...plain, ...options },
        async ({ bench, sessions }) => {
          // The settings of the server are known with its first response.
          if (Object.keys(settings).length > 0) {
            due = 1;
            await bench.shoot();
          }
          due = 8;
          const samples = await Promise.all([...Array(8).keys()].map((i) => bench.shoot({}, i)));
          assert.deepEqual([...new Set(samples.map(outcome))], ['0 200']);
          assert.deepEqual([sessions.length, busiest], [count, most], JSON.stringify(options));
        },
        settings,
      );
    }
  });

  it('opens a connection for each request when keep-alive is disabled, and after one that asks to close', () =>
    against(ok, { ...plain, 'disable-keep-alives': true }, async ({ bench, sessions }) => {
      for (const _ of [1, 2, 3]) assert.equal(outcome(await bench.shoot()), '0 200');
      assert.equal(sessions.length, 3);
      await against(ok, plain, async (other) => {
        for (const close of [true, false, false]) await other.bench.shoot({ close });
        assert.equal(other.sessions.length, 2);
      });
    }));

  it('closes a connection that is idle for too long, and says goodbye', () => {
    const scheduler = new TurnClock();
    const test = async ({ bench, sessions }: Pair): Promise<void> => {
      await bench.shoot();
      const [code] = (await scheduler.passing(once(sessions[0] as Http2Session, 'goaway'))) as [number];
      assert.equal(code, constants.NGHTTP2_NO_ERROR);
      assert.equal(outcome(await bench.shoot()), '0 200');
      assert.equal(sessions.length, 2);
    };
    return against(ok, { ...plain, 'idle-conn-timeout': '100ms' }, test, {}, { scheduler });
  });

  it('aborts: the stream is reset, and the next shot uses the connection', () =>
    against(
      (stream, headers) => {
        if (headers[':path'] !== '/hang') ok(stream, headers);
      },
      plain,
      async ({ bench, sessions, server }) => {
        await bench.shoot();
        const closed = once(server, 'stream').then(([stream]) =>
          once(stream as ServerHttp2Stream, 'close').then(() => stream),
        );
        const shot = bench.fire({ target: '/hang' }, () => assert.fail('an aborted shot gives no sample'));
        await once(server, 'stream');
        shot.unsubscribe();
        assert.equal(((await closed) as ServerHttp2Stream).rstCode, constants.NGHTTP2_CANCEL);
        assert.equal(outcome(await bench.shoot()), '0 200');
        assert.equal(sessions.length, 1);
      },
    ));

  it('cannot shoot ammo of another kind', () =>
    against(ok, plain, async ({ bench }) => {
      const gun = bench.gunFactory.create({ instance: 0 });
      const ammo = { protocol: 'json', id: 0, tag: '', value: 1 } as never;
      const shot = { index: 0, at: 0, ammo, instance: 0, started: 0, slotWait: 0 };
      assert.throws(() => gun.shoot(ammo, shot), /the http2 gun cannot shoot json ammo/);
    }));

  it('has the request of ammo that is repeated encoded once', () =>
    against(ok, plain, async ({ bench, seen }) => {
      const repeated = request({ target: '/again' });
      for (const _ of [1, 2, 3]) await bench.shoot(repeated);
      assert.deepEqual(
        seen.map((headers) => headers[':path']),
        ['/again', '/again', '/again'],
      );
    }));
});
