import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, type Http2Session, type ServerHttp2Stream } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { HttpRequest } from '../../../../lib/protocols/http.js';
import { request } from '../gunBench.js';
import { TurnClock } from '../turnClock.js';
import { against, ok, outcome, type Pair, type Play, plain } from './against.js';

describe('the options of the http2 gun', () => {
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
