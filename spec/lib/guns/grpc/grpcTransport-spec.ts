import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { isRight } from 'fp-ts/lib/Either.js';
import { defaultIfEmpty, lastValueFrom } from 'rxjs';
import { grpcGunConfig } from '../../../../lib/guns/grpc/options.js';
import { type GrpcTransportResponse, GrpcTransports } from '../../../../lib/guns/grpc/transport.js';
import type { GrpcCall } from '../../../../lib/protocols/grpc.js';
import { FakeLog, fakeDeps } from '../../../../lib/testing/fakeDeps.js';
import { TurnClock } from '../turnClock.js';
import { ECHO_PROTO, type EchoServer, echoServer } from './echoServer.js';
import { echo, GrpcBench } from './grpcBench.js';

describe('GrpcTransports', () => {
  let server: EchoServer;
  before(async () => {
    server = await echoServer();
  });
  after(() => server.close());

  async function send(call: GrpcCall, options: Record<string, unknown> = {}, log = new FakeLog()) {
    const config = grpcGunConfig.decode({ target: server.target.text, ...options });
    assert.ok(isRight(config));
    const scheduler = new TurnClock();
    const transports = new GrpcTransports(config.right, fakeDeps({ scheduler, log }));
    await lastValueFrom(transports.warmUp().pipe(defaultIfEmpty(undefined)));
    const transport = transports.create();
    const started = scheduler.now();
    const shot = { index: 0, at: started, ammo: undefined, instance: 0, started, slotWait: 0 };
    const { sample, response } = await scheduler.passing(lastValueFrom(transport.send(call, shot, 'a tag')));
    transport.close();
    await lastValueFrom(transports.close().pipe(defaultIfEmpty(undefined)));
    return { sample, response: response as GrpcTransportResponse | undefined };
  }

  it('returns the message as JSON and in text form, and the metadata as headers', async () => {
    const { sample, response } = await send(echo({ text: 'a "b"', userId: 7 }, { metadata: { 'x-a': 'b' } }));
    assert.equal(sample.tag, 'a tag');
    assert.equal(response?.status, 200);
    assert.equal(response?.header('content-type'), 'application/grpc+proto');
    assert.equal(response?.header('grpc-status'), '0');
    const { metadata, ...message } = (response?.json ?? {}) as { readonly metadata: Record<string, string> };
    assert.equal(metadata['x-a'], 'b');
    assert.deepEqual(message, { text: 'a "b"', userId: '7', userAgent: 'load test, elpis grpc' });
    assert.match(String(response?.protoText), /^text:"a \\"b\\"" user_id:7 metadata:\{key:/);
  });

  it('returns a status without a message', async () => {
    const { sample, response } = await send(echo({ status: 5, text: 'no such' }));
    assert.deepEqual(
      [sample.protoCode, response?.status, response?.grpcStatus, response?.grpcMessage],
      [404, 404, 5, 'no such'],
    );
    assert.deepEqual([response?.text, response?.json, response?.protoText], ['', undefined, undefined]);
  });

  it('returns no response to a call that fails or is not sent', async () => {
    const slow = await send(echo({ delay_ms: 60_000 }), { timeout: '200ms' });
    assert.deepEqual([slow.sample.errorName, slow.response], ['timeout', undefined]);
    const bad = await send(echo({ nope: 1 }));
    assert.deepEqual([bad.sample.protoCode, bad.response], [400, undefined]);
  });

  it('keeps 16 MiB of the messages of a stream, and says that there were more', async () => {
    const down = (count: number, size: number) => ({
      protocol: 'grpc' as const,
      ...echo(),
      method: 'elpis.test.Echo.Down',
      messages: [{ text: 'x'.repeat(size), count }],
    });
    const [whole, cut] = [await send(down(3, 100)), await send(down(5, 4_000_000))];
    const kept = ({ response }: typeof whole) => (response?.json as readonly unknown[] | undefined)?.length;
    assert.deepEqual([kept(whole), whole.response?.truncated], [3, false]);
    assert.deepEqual([kept(cut), cut.response?.truncated, cut.sample.protoCode], [4, true, 200]);
  });

  for (const [says, bytes] of [
    ['is cut off', [0x0a, 9, 0x61]],
    ['has a field of another type', [0x0a, 1, 0xff]],
    ['has a wire type that does not exist', [0x0f]],
  ] as const) {
    it(`a message that ${says} is a failed sample, and logged`, async () => {
      const liar = createServer();
      const sessions: ServerHttp2Session[] = [];
      liar.on('session', (session) => sessions.push(session));
      liar.on('stream', (stream) => {
        stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
        stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
        stream.end(Buffer.from([0, 0, 0, 0, bytes.length, ...bytes]));
      });
      await new Promise<void>((resolve) => {
        liar.listen(0, '127.0.0.1', resolve);
      });
      const log = new FakeLog();
      const target = `127.0.0.1:${(liar.address() as AddressInfo).port}`;
      const { sample, response } = await send(echo(), { target, proto: { files: [ECHO_PROTO] } }, log);
      for (const session of sessions) session.destroy();
      liar.close();
      assert.deepEqual(
        [sample.verdict, sample.netCode, sample.protoCode, sample.errorName, response],
        ['failed', 0, 500, 'grpc bad message', undefined],
      );
      assert.deepEqual(
        log.lines.map(({ message }) => message),
        [`calls of ${target} fail: grpc bad message`],
      );
    });
  }
});

describe('answlog of the grpc gun', () => {
  const folder = mkdtempSync(join(tmpdir(), 'elpis-grpc-answlog-'));
  after(() => rmSync(folder, { recursive: true }));

  async function logged(filter?: string): Promise<string[]> {
    const server = await echoServer();
    const path = join(folder, 'answ.log');
    const answlog = { enabled: true, path, ...(filter === undefined ? {} : { filter }) };
    const bench = await new GrpcBench({ target: server.target.text, answlog }).warmUp();
    await bench.shoot(echo({ text: 'x' }, { metadata: { k: 'v' } }));
    await bench.shoot(echo({ status: 5, text: 'gone' }));
    await bench.shoot(echo({ status: 14 }), 1);
    await bench.close();
    server.close();
    return readFileSync(path, 'utf8').trimEnd().split('\n');
  }

  it('has two records per call, by default of all', async () => {
    const lines = await logged();
    assert.equal(lines.length, 6);
    const stamped = /^\d{4}-\d\d-\d\dT[\d:.]+Z\tDEBUG\t/;
    for (const line of lines) assert.match(line, stamped);
    const [request, response, , refused] = lines.map((line) => line.replace(stamped, ''));
    assert.equal(request, 'Request:\t{"method":"elpis.test.Echo.Unary","message":"text:\\"x\\"","metadata":{"k":"v"}}');
    assert.match(String(response), /^Response:\t\{"resp":"text:\\"x\\" metadata:.*","error":null\}$/);
    assert.equal(refused, 'Response:\t{"resp":"empty","error":"grpc not found: gone"}');
  });

  for (const [filter, records] of Object.entries({ warning: 4, error: 2 })) {
    it(`has ${records} records with the filter ${filter}`, async () => {
      assert.equal((await logged(filter)).length, records);
    });
  }
});
