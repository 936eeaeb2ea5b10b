import assert from 'node:assert/strict';
import { createServer, type Http2Server, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { after, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { protoCodeOf, statusOfReset } from '../../../../lib/wire/grpc/grpcStatus.js';
import { TurnClock } from '../turnClock.js';
import { ECHO_PROTO } from './echoServer.js';
import { echo, GrpcBench } from './grpcBench.js';

type Script = (stream: ServerHttp2Stream, call: number) => void;

/** A framed message; its length may lie. */
function framed(content: Uint8Array, { flag = 0, length = content.length } = {}): Buffer {
  const head = Buffer.alloc(5);
  head[0] = flag;
  head.writeUInt32BE(length, 1);
  return Buffer.concat([head, content]);
}

const HEAD = { ':status': 200, 'content-type': 'application/grpc' };
const GOOD = framed(Buffer.from([0x0a, 0x01, 0x61]));

/** Responds with a body and trailers. */
function respond(
  body: readonly Uint8Array[],
  trailers: Record<string, string> | null = { 'grpc-status': '0' },
  head: Record<string, string | number> = HEAD,
): Script {
  return (stream) => {
    stream.respond(head, { waitForTrailers: trailers !== null });
    if (trailers !== null) stream.on('wantTrailers', () => stream.sendTrailers(trailers));
    for (const piece of body) stream.write(piece);
    stream.end();
  };
}

const trailersOnly =
  (fields: Record<string, string | number>): Script =>
  (stream) =>
    stream.respond({ ...HEAD, ...fields }, { endStream: true });

/** One byte at a time, each in a frame of its own. */
const byteByByte: Script = (stream) => {
  stream.respond(HEAD, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  for (const byte of GOOD) stream.write(Uint8Array.of(byte));
  stream.end();
};

const gzipHead = { ...HEAD, 'grpc-encoding': 'gzip' };

const cases: readonly (readonly [says: string, script: Script, proto: number, error: string])[] = [
  ['a good response', respond([GOOD]), 200, ''],
  ['a good response, a byte per frame', byteByByte, 200, ''],
  [
    'a good response of another subtype',
    respond([GOOD], undefined, { ...HEAD, 'content-type': 'application/grpc+proto' }),
    200,
    '',
  ],
  ['trailers only', trailersOnly({ 'grpc-status': '5', 'grpc-message': 'no%20such' }), 404, 'grpc not found'],
  ['trailers only, with OK and no message', trailersOnly({ 'grpc-status': '0' }), 500, 'grpc no message'],
  ['a status without a number', respond([GOOD], { 'grpc-status': 'fine' }), 500, 'grpc bad status'],
  ['a status beyond the known ones', respond([GOOD], { 'grpc-status': '99' }), 500, 'grpc unknown status'],
  ['trailers without a status', respond([GOOD], { other: '1' }), 500, 'grpc no status'],
  ['no trailers', respond([GOOD], null), 500, 'grpc no trailers'],
  ['an empty body and no trailers', respond([], null), 500, 'grpc no trailers'],
  ['a length longer than the message', respond([framed(Buffer.alloc(3), { length: 9 })]), 500, 'grpc message cut off'],
  [
    'a length shorter than the message',
    respond([framed(Buffer.alloc(30), { length: 3 })]),
    500,
    'grpc too many messages',
  ],
  ['a length of 4 GiB', respond([framed(Buffer.alloc(3), { length: 0xffffffff })]), 429, 'grpc message too large'],
  ['three bytes of a head', respond([Buffer.alloc(3)]), 500, 'grpc message cut off'],
  ['two messages', respond([GOOD, GOOD]), 500, 'grpc too many messages'],
  ['a flag that is neither 0 nor 1', respond([framed(Buffer.alloc(3), { flag: 7 })]), 500, 'grpc bad message flag'],
  [
    'a compressed message without an encoding',
    respond([framed(gzipSync('a'), { flag: 1 })]),
    500,
    'grpc compressed without an encoding',
  ],
  [
    'a compressed message with an unknown encoding',
    respond([framed(Buffer.alloc(3), { flag: 1 })], null, { ...HEAD, 'grpc-encoding': 'snappy' }),
    501,
    'grpc unknown encoding',
  ],
  [
    'a gzip message',
    respond([framed(gzipSync(Buffer.alloc(5)), { flag: 1 })], { 'grpc-status': '0' }, gzipHead),
    200,
    '',
  ],
  [
    'a wrong content-type',
    respond([Buffer.from('<html>')], null, { ':status': 200, 'content-type': 'text/html' }),
    500,
    'grpc wrong content-type',
  ],
  [
    'status 502 with a page',
    respond([Buffer.from('<html>')], null, { ':status': 502, 'content-type': 'text/html' }),
    503,
    'http status 502',
  ],
  [
    'status 404 of a proxy',
    respond([Buffer.from('no')], null, { ':status': 404, 'content-type': 'text/plain' }),
    501,
    'http status 404',
  ],
  ['status 401', respond([], null, { ':status': 401 }), 401, 'http status 401'],
  ['status 500 with the type of gRPC', respond([], null, { ...HEAD, ':status': 500 }), 500, 'http status 500'],
];

describe('hostile gRPC servers', () => {
  let script: Script = respond([GOOD]);
  let calls = 0;
  const sessions: ServerHttp2Session[] = [];
  const servers: Http2Server[] = [];
  const benches: GrpcBench[] = [];

  async function listening(): Promise<string> {
    const server = createServer();
    servers.push(server);
    server.on('session', (session) => sessions.push(session));
    server.on('sessionError', () => undefined);
    server.on('stream', (stream) => {
      stream.on('error', () => undefined);
      script(stream, ++calls);
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async function bench(options: Record<string, unknown> = {}): Promise<GrpcBench> {
    const target = await listening();
    const scheduler = new TurnClock();
    const guns = new GrpcBench({ target, proto: { files: [ECHO_PROTO] }, ...options }, { scheduler });
    benches.push(guns);
    return guns.warmUp();
  }

  after(() => {
    for (const guns of benches) void guns.close();
    for (const session of sessions) session.destroy();
    for (const server of servers) server.close();
  });

  it('gives each of them its name, and goes on', async () => {
    const guns = await bench();
    for (const [says, played, proto, error] of cases) {
      script = played;
      const { protoCode, errorName, netCode } = await guns.shoot(echo());
      assert.deepEqual([protoCode, errorName, netCode], [proto, error, 0], says);
      script = respond([GOOD]);
      assert.equal((await guns.shoot(echo())).protoCode, 200, `after ${says}`);
    }
  });

  it('sends no metadata that is larger than the server takes: the code is that of grpc-go', async () => {
    const guns = await bench();
    script = (stream, call) => {
      stream.session?.settings({ maxHeaderListSize: 600 });
      respond([GOOD])(stream, call);
    };
    assert.equal((await guns.shoot(echo())).protoCode, 200);
    const before = calls;
    const { protoCode, errorName, verdict } = await guns.shoot(echo({}, { metadata: { x: 'y'.repeat(400) } }));
    assert.deepEqual([protoCode, errorName, verdict], [500, 'request head too large', 'failed']);
    assert.equal(calls, before, 'nothing was sent');
    assert.equal((await guns.shoot(echo())).protoCode, 200);
  });

  it('ends the warm-up at a message of reflection over 64 MiB, before it arrives', async () => {
    script = respond([framed(Buffer.alloc(3), { length: 64 * 1024 * 1024 + 1 })]);
    await assert.rejects(
      bench({ proto: null }),
      /server reflection of .+ failed: .*67108865 bytes, more than 67108864/,
    );
  });

  it('maps every code of RST_STREAM as grpc-go does', async () => {
    const guns = await bench();
    const expected = [500, 500, 500, 429, 500, 500, 500, 503, 499, 500, 500, 429, 403, 500];
    for (const [code, proto] of expected.entries()) {
      script = (stream) => stream.close(code);
      const sample = await guns.shoot(echo());
      assert.equal(protoCodeOf(statusOfReset(code)), proto, `code ${code}`);
      assert.equal(sample.protoCode, proto, `code ${code}: ${sample.errorName}`);
      assert.equal(sample.netCode, 0);
      assert.match(sample.errorName, /^http2 stream reset: /, `code ${code}`);
    }
  });

  it('sends a call again that the server has refused without processing it, once', async () => {
    const guns = await bench();
    calls = 0;
    script = (stream, call) => (call === 1 ? stream.close(7) : respond([GOOD])(stream, call));
    const sample = await guns.shoot(echo());
    assert.deepEqual([sample.protoCode, sample.retries, calls], [200, 1, 2]);
    assert.equal(guns.gunFactory.counters?.()?.get('retries'), 1);
    calls = 0;
    script = (stream) => stream.close(7);
    const refused = await guns.shoot(echo());
    assert.deepEqual([refused.protoCode, refused.retries, calls], [503, 1, 2]);
    assert.equal(refused.errorName, 'http2 stream reset: refused stream');
  });

  it('sends a call again on another connection when GOAWAY says that it was not processed', async () => {
    const guns = await bench();
    calls = 0;
    script = respond([GOOD]);
    await guns.shoot(echo());
    script = (stream, call) => {
      if (call === 2) stream.session?.goaway(0, 1);
      else respond([GOOD])(stream, call);
    };
    const sample = await guns.shoot(echo());
    assert.deepEqual([sample.protoCode, sample.retries, calls], [200, 1, 3]);
    assert.equal(guns.gunFactory.counters?.()?.get('connections closed by goaway'), 1);
  });

  it('ends a stream that never ends at its deadline', async () => {
    const guns = await bench({ timeout: '250ms' });
    script = (stream) => {
      stream.respond(HEAD);
      stream.write(framed(Buffer.alloc(1), { length: 1000 }));
    };
    const sample = await guns.shoot(echo());
    assert.deepEqual([sample.protoCode, sample.errorName], [504, 'timeout']);
    script = (stream) => {
      stream.respond(HEAD);
      const flood = Buffer.concat(new Array(1000).fill(GOOD));
      const more = (): void => {
        if (stream.destroyed || !stream.writable) return;
        if (stream.write(flood)) setImmediate(more);
        else stream.once('drain', more);
      };
      more();
    };
    assert.equal((await guns.shoot(echo())).errorName, 'grpc too many messages');
    script = respond([GOOD]);
    assert.equal((await guns.shoot(echo())).protoCode, 200);
  });

  it('keeps no bytes of messages that nothing reads', async () => {
    const guns = await bench({ max_receive_size: '64mb' });
    const content = Buffer.alloc(16 * 1024 * 1024);
    script = respond([framed(content)]);
    const before = process.memoryUsage().arrayBuffers;
    const sample = await guns.shoot(echo());
    assert.equal(sample.protoCode, 200);
    assert.ok(sample.bytesIn > content.length);
    assert.ok(process.memoryUsage().arrayBuffers - before < 64 * 1024 * 1024);
  });
});
