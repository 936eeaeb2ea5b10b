import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { isRight } from 'fp-ts/lib/Either.js';
import { EMPTY, firstValueFrom, from, lastValueFrom } from 'rxjs';
import { HttpTransports } from '../../../../lib/guns/http/transport.js';
import { httpGunConfig } from '../../../../lib/guns/shared/httpOptions.js';
import type { HttpRequest } from '../../../../lib/protocols/http.js';
import type { Exchange } from '../../../../lib/protocols/transport.js';
import { fakeDeps } from '../../../../lib/testing/fakeDeps.js';
import { realTimeScheduler } from '../../../../lib/time/realTime.js';
import { originText } from '../../../../lib/wire/dial/origin.js';

const shot = { index: 3, at: 1, ammo: undefined, instance: 2, started: 2, slotWait: 0 };
const requestOf = (target: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'GET',
  target,
  path: target,
  host: '',
  headers: [],
  body: null,
  close: false,
  chunked: false,
  ...more,
});
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function serve(respond: (request: IncomingMessage, response: ServerResponse) => void): Promise<Server> {
  const server = createServer(respond).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return server;
}

async function transportTo(server: Server, options: Record<string, unknown> = {}) {
  const { port } = server.address() as AddressInfo;
  const decoded = httpGunConfig.decode({ target: `127.0.0.1:${port}`, ...options });
  if (!isRight(decoded)) assert.fail('the options are wrong');
  const transports = new HttpTransports(decoded.right, fakeDeps({ scheduler: realTimeScheduler }));
  await lastValueFrom(transports.warmUp(), { defaultValue: undefined });
  const transport = transports.create();
  closers.push(() => {
    transport.close();
    return lastValueFrom(from(transports.close() ?? EMPTY), { defaultValue: undefined });
  });
  const ask = (target: string, more?: Partial<HttpRequest>): Promise<Exchange> =>
    firstValueFrom(transport.send(requestOf(target, more), shot, 'shop/home'));
  return { transport, ask, port };
}

describe('the HTTP transport', () => {
  it('emits the response with the sample', async () => {
    const server = await serve((request, response) => {
      response.writeHead(201, { 'X-Method': String(request.method), 'Set-Cookie': ['a=1', 'b=2'] });
      request.pipe(response);
    });
    const { ask, transport, port } = await transportTo(server);
    const { sample, response } = await ask('/a', { method: 'POST', body: Buffer.from('täxt') });
    assert.equal(transport.origin, `http://127.0.0.1:${port}`);
    assert.deepEqual(
      [sample.protoCode, sample.netCode, sample.index, sample.instance, sample.intended],
      [201, 0, 3, 2, 1],
    );
    assert.ok(sample.ended >= sample.started && sample.bytesIn > 0 && sample.bytesOut > 0);
    assert.deepEqual(
      [response?.status, response?.text, response?.header('x-method'), response?.allHeaders('SET-COOKIE')],
      [201, 'täxt', 'POST', ['a=1', 'b=2']],
    );
  });

  for (const [encoding, encode] of [
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ] as const) {
    it(`decodes ${encoding}`, async () => {
      const body = encode('{"a":[1,2]}');
      const server = await serve((_, response) => response.writeHead(200, { 'Content-Encoding': encoding }).end(body));
      const { ask } = await transportTo(server);
      assert.deepEqual((await ask('/')).response?.json, { a: [1, 2] });
    });
  }

  it('a body that cannot be decoded is not changed; no body is empty', async () => {
    const server = await serve((request, response) => {
      response
        .writeHead(request.url === '/none' ? 204 : 200, { 'Content-Encoding': 'gzip' })
        .end(request.url === '/none' ? undefined : 'plain');
    });
    const { ask } = await transportTo(server);
    assert.equal((await ask('/')).response?.text, 'plain');
    assert.equal((await ask('/none')).response?.size, 0);
    assert.equal((await ask('/', { method: 'HEAD' })).response?.size, 0);
  });

  const bomb = Buffer.alloc(64 * 1024 * 1024);
  const cut: readonly (readonly [what: string, encoding: string | undefined, body: Uint8Array, begin: string])[] = [
    ['a plain body', undefined, Buffer.from('x'.repeat(1001)), 'x'.repeat(1000)],
    ['64 MiB in 64 KiB of gzip', 'gzip', gzipSync(bomb), '\0'.repeat(1000)],
    ['64 MiB in 64 KiB of deflate', 'deflate', deflateSync(bomb), '\0'.repeat(1000)],
    ['64 MiB in 100 bytes of brotli', 'br', brotliCompressSync(bomb), '\0'.repeat(1000)],
    ['truncated gzip', 'gzip', gzipSync(Buffer.concat([Buffer.from('y'.repeat(900)), randomBytes(5000)])), ''],
  ];
  for (const [what, encoding, body, begin] of cut)
    it(`${what} is cut at max-body, and counted in the sample`, async () => {
      const headers = encoding === undefined ? {} : { 'Content-Encoding': encoding };
      const server = await serve((_, response) => response.writeHead(200, headers).end(body));
      const { ask } = await transportTo(server, { maxBody: 1000 });
      const { sample, response } = await ask('/');
      assert.deepEqual(sample.metrics, [{ kind: 'counter', name: 'bodies cut at max-body', value: 1 }]);
      assert.deepEqual([sample.netCode, response?.truncated], [0, true]);
      if (begin !== '') assert.equal(response?.text, begin);
      else assert.match(String(response?.text), /^y{500,}/);
    });

  it('a body of max-body bytes is whole, and nothing is counted', async () => {
    const server = await serve((request, response) => {
      if (request.url === '/gzip')
        response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync('x'.repeat(1000)));
      else response.end('x'.repeat(1000));
    });
    const { ask } = await transportTo(server, { maxBody: 1000 });
    for (const path of ['/', '/gzip']) {
      const { sample, response } = await ask(path);
      assert.deepEqual([sample.metrics, response?.truncated, response?.text], [[], false, 'x'.repeat(1000)]);
    }
  });

  it('a failure has no response, also after a request with one', async () => {
    const server = await serve((request, response) => {
      if (request.url === '/reset') request.socket.destroy();
      else response.end('ok');
    });
    const { ask } = await transportTo(server);
    assert.equal((await ask('/')).response?.text, 'ok');
    const { sample, response } = await ask('/reset', { method: 'POST' });
    assert.deepEqual([response, sample.netCode !== 0], [undefined, true]);
    assert.equal((await ask('/')).response?.text, 'ok');
  });

  it('carries several requests at a time, each with its own response', async () => {
    const held: ServerResponse[] = [];
    const server = await serve((request, response) => {
      response.setHeader('X', String(request.url));
      held.push(response);
      if (held.length === 3) for (const each of held.reverse()) each.end(`body of ${each.getHeader('X')}`);
    });
    const { ask } = await transportTo(server);
    const exchanges = await Promise.all(['/1', '/2', '/3'].map((path) => ask(path)));
    assert.deepEqual(
      exchanges.map(({ response }) => response?.text),
      ['body of /1', 'body of /2', 'body of /3'],
    );
  });

  it('with redirect, the response is the last one', async () => {
    const server = await serve((request, response) => {
      if (request.url === '/a') response.writeHead(302, { Location: '/b' }).end('moved');
      else response.end('there');
    });
    const { ask } = await transportTo(server, { redirect: true });
    assert.deepEqual([(await ask('/a')).response?.text], ['there']);
    const { ask: stay } = await transportTo(server);
    assert.deepEqual([(await stay('/a')).response?.status], [302]);
  });

  it('unsubscribing aborts the request: the connection is closed', async () => {
    let aborted = (): void => undefined;
    const gone = new Promise<void>((resolve) => {
      aborted = resolve;
    });
    const server = await serve((request) => {
      request.socket.once('close', aborted);
      playing.unsubscribe();
    });
    const { transport } = await transportTo(server);
    const seen: Exchange[] = [];
    const playing = transport.send(requestOf('/'), shot, 'shop/home').subscribe((exchange) => seen.push(exchange));
    await gone;
    assert.deepEqual(seen, []);
  });

  it('writes the answlog as the gun does, with its filter', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'elpis-'));
    const path = join(folder, 'answ.log');
    const server = await serve((request, response) =>
      response.writeHead(request.url === '/bad' ? 500 : 200).end('body'),
    );
    const { ask } = await transportTo(server, { answlog: { enabled: true, path, filter: 'error' } });
    assert.equal((await ask('/good')).response?.text, 'body');
    assert.equal((await ask('/bad')).response?.text, 'body');
    await closers.pop()?.();
    const log = readFileSync(path, 'utf8');
    rmSync(folder, { recursive: true });
    assert.deepEqual([log.includes('GET /bad'), log.includes('GET /good')], [true, false]);
  });

  it('originText omits the default port of the scheme', () => {
    const rows = [
      [{ host: 'a', port: 80, ssl: false, remember: false }, 'http://a'],
      [{ host: 'a', port: 443, ssl: true, remember: false }, 'https://a'],
      [{ host: 'a', port: 443, ssl: false, remember: false }, 'http://a:443'],
      [{ host: '::1', port: 8080, ssl: false, remember: false }, 'http://[::1]:8080'],
    ] as const;
    for (const [origin, text] of rows) assert.equal(originText(origin), text);
  });
});
