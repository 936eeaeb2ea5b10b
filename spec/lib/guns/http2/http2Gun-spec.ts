import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { ServerHttp2Stream } from 'node:http2';
import { describe, it } from 'node:test';
import { request } from '../gunBench.js';
import { TurnClock } from '../turnClock.js';
import { against, ok, outcome, plain } from './against.js';

const bodyOf = async (stream: ServerHttp2Stream): Promise<Buffer> => {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts);
};

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
});
