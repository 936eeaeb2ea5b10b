import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { GRPC_STATUS, protoCodeOf } from '../../../../lib/wire/grpc/grpcStatus.js';
import { TurnClock } from '../turnClock.js';
import { ECHO_PROTO, type EchoServer, echoServer } from './echoServer.js';
import { echo, GrpcBench } from './grpcBench.js';

describe('the grpc gun and a server by grpc-js', () => {
  let server: EchoServer;
  let bench: GrpcBench;

  before(async () => {
    server = await echoServer();
    bench = await new GrpcBench({ target: server.target.text }).warmUp();
  });
  after(async () => {
    await bench.close();
    server.close();
  });

  it('sends the message of the ammo, and its sample has status 200', async () => {
    const sample = await bench.shoot(echo({ text: 'hello', userId: '9007199254740993', delayMs: 0 }));
    assert.deepEqual(
      [sample.protoCode, sample.netCode, sample.errorName, sample.verdict, sample.tag, sample.id],
      [200, 0, '', 'ok', 'tag', 0],
    );
    assert.ok(sample.bytesIn > 20 && sample.bytesOut > 20);
    assert.equal(server.requests[0]?.text, 'hello');
    assert.equal(server.requests[0]?.user_id, '9007199254740993');
  });

  it('keeps a tag that is empty, as Pandora does', async () => {
    assert.equal((await bench.shoot(echo(), 0, { tag: '' })).tag, '');
  });

  it('sends metadata in lower case, binary metadata in base64, the authority and a deadline', async () => {
    await bench.shoot(
      echo({}, { metadata: { 'X-User': 'ann', 'key-bin': 'ab', 'user-agent': 'mine', 'grpc-timeout': '1S' } }),
    );
    assert.deepEqual(server.metadata.get('x-user'), ['ann']);
    assert.deepEqual(server.metadata.get('key-bin'), [Buffer.from('ab')]);
    assert.deepEqual(server.metadata.get('user-agent'), ['load test, elpis grpc']);
  });

  for (const [name, status] of Object.entries(GRPC_STATUS)) {
    if (status === 0) continue;
    it(`maps the status ${name} to the proto code of Pandora`, async () => {
      const sample = await bench.shoot(echo({ status, text: 'so' }));
      assert.deepEqual([sample.protoCode, sample.netCode, sample.verdict], [protoCodeOf(status), 0, 'bad']);
      assert.match(sample.errorName, /^grpc /);
    });
  }

  it('refuses an unknown method with proto code 0, a place and a hint', async () => {
    const sample = await bench.shoot(echo({}, { method: 'elpis.test.Echo.Unari', place: 'ammo.json:7' }));
    assert.deepEqual([sample.protoCode, sample.netCode, sample.errorName], [0, 0, 'grpc unknown method']);
    assert.equal(sample.verdict, 'failed');
    const { message, fields } = bench.log.lines.at(-1) ?? {};
    assert.match(String(message), /grpc unknown method/);
    assert.match(String(fields?.reason), /^ammo\.json:7: the method "elpis\.test\.Echo\.Unari" is unknown/);
    assert.equal(fields?.hint, 'did you mean elpis.test.Echo.Unary?');
  });

  it('refuses a payload that is no such message with 400', async () => {
    for (const payload of [{ tekst: 'x' }, { text: 5 }, { userId: 'x' }, { left: 'a', right: 1 }, { mood: 'SAD' }]) {
      const sample = await bench.shoot(echo(payload));
      assert.deepEqual([sample.protoCode, sample.errorName], [400, 'grpc bad payload'], JSON.stringify(payload));
    }
  });

  it('refuses a streaming method with 500, and ammo that is no call with 0', async () => {
    const streaming = await bench.shoot(echo({}, { method: 'elpis.test.Echo.Down' }));
    assert.deepEqual([streaming.protoCode, streaming.errorName], [500, 'grpc streaming method']);
    const bad = await bench.shoot(echo(), 0, { problem: 'line 3 is bad' });
    assert.deepEqual([bad.protoCode, bad.errorName], [0, 'grpc bad ammo']);
  });

  it('cancels the call when it is unsubscribed from', async () => {
    const subscription = bench.fire(echo({ delay_ms: 60_000 }), () => assert.fail('there is no sample'));
    await bench.shoot(echo(), 1);
    subscription.unsubscribe();
    assert.equal((await bench.shoot(echo())).protoCode, 200);
  });
});

describe('options of the grpc gun', () => {
  it('ends a call after timeout with 504, and cancels it', async () => {
    const server = await echoServer();
    const bench = await new GrpcBench(
      { target: server.target.text, timeout: '300ms' },
      { scheduler: new TurnClock() },
    ).warmUp();
    const sample = await bench.shoot(echo({ delay_ms: 60_000 }));
    assert.deepEqual(
      [sample.protoCode, sample.netCode, sample.errorName, sample.verdict],
      [504, 0, 'timeout', 'failed'],
    );
    assert.equal((await bench.shoot(echo())).protoCode, 200);
    await bench.close();
    server.close();
  });

  it('speaks TLS', async () => {
    const server = await echoServer({ tls: true });
    const bench = await new GrpcBench({ target: server.target.text, tls: true }).warmUp();
    assert.equal((await bench.shoot(echo())).protoCode, 200);
    await bench.close();
    server.close();
  });

  it('falls back to reflection v1alpha', async () => {
    const server = await echoServer({ reflection: 'v1alpha' });
    const bench = await new GrpcBench({ target: server.target.text }).warmUp();
    assert.equal((await bench.shoot(echo())).protoCode, 200);
    await bench.close();
    server.close();
  });

  it('asks another port for reflection, with metadata', async () => {
    const [described, plain] = [await echoServer(), await echoServer({ reflection: 'none' })];
    const bench = new GrpcBench({
      ...{ target: plain.target.text, reflect_port: described.target.port },
      reflect_metadata: { token: 't' },
    });
    await bench.warmUp();
    assert.equal((await bench.shoot(echo())).protoCode, 200);
    assert.equal(plain.calls.get('Unary'), 1);
    await bench.close();
    described.close();
    plain.close();
  });

  it('fails the warm-up with a hint when the server does not describe itself', async () => {
    const server = await echoServer({ reflection: 'none' });
    const bench = new GrpcBench({ target: server.target.text });
    await assert.rejects(bench.warmUp(), (error: Error & { code?: string; hint?: string }) => {
      assert.equal(error.code, 'ELPIS_GUN');
      assert.match(error.message, /^server reflection of 127\.0\.0\.1:\d+ failed: grpc unimplemented/);
      assert.match(
        String(error.hint),
        /the server has no reflection: name its descriptors with proto or descriptor_set/,
      );
      return true;
    });
    await bench.close();
    server.close();
  });

  it('takes descriptors from .proto files', async () => {
    const server = await echoServer({ reflection: 'none' });
    const bench = await new GrpcBench({ target: server.target.text, proto: { files: [ECHO_PROTO] } }).warmUp();
    const at = '2026-01-02T03:04:05Z';
    assert.equal((await bench.shoot(echo({ text: 'x', counts: { a: 1 }, at, raw: 'AAE=' }))).protoCode, 200);
    assert.equal(server.requests[0]?.text, 'x');
    await bench.close();
    server.close();
  });

  it('packs requests with gzip', async () => {
    const server = await echoServer();
    const bench = await new GrpcBench({ target: server.target.text, compression: 'gzip' }).warmUp();
    const sample = await bench.shoot(echo({ text: 'a'.repeat(10_000) }));
    assert.equal(sample.protoCode, 200);
    assert.ok(sample.bytesOut < 1000, `${sample.bytesOut}`);
    assert.equal(server.requests[0]?.text.length, 10_000);
    await bench.close();
    server.close();
  });

  it('ends a call whose response is over max_receive_size with 429', async () => {
    const server = await echoServer();
    const bench = await new GrpcBench({ target: server.target.text, max_receive_size: '10kb' }).warmUp();
    assert.equal((await bench.shoot(echo({ padding: 10_000 }))).protoCode, 200);
    const sample = await bench.shoot(echo({ padding: 20_000 }));
    assert.deepEqual([sample.protoCode, sample.errorName, sample.verdict], [429, 'grpc message too large', 'failed']);
    assert.equal((await bench.shoot(echo())).protoCode, 200);
    await bench.close();
    server.close();
  });

  it('shares clients between instances', async () => {
    const server = await echoServer();
    const shared = { enabled: true, 'client-number': 2 };
    const bench = await new GrpcBench({ target: server.target.text, 'shared-client': shared }).warmUp();
    const samples = await Promise.all([0, 1, 2, 3, 4].map((instance) => bench.shoot(echo(), instance)));
    assert.deepEqual(
      samples.map(({ protoCode }) => protoCode),
      [200, 200, 200, 200, 200],
    );
    await bench.close();
    server.close();
  });

  it('asks for the health of the server before the run', async () => {
    let asked = 0;
    const server = await echoServer({ health: () => (++asked < 3 ? 'NOT_SERVING' : 'SERVING') });
    const impatient = new GrpcBench({ target: server.target.text, health: { enabled: true } });
    await assert.rejects(impatient.warmUp(), /the server at 127\.0\.0\.1:\d+ does not serve: it is not serving/);
    await impatient.close();
    const bench = await new GrpcBench({ target: server.target.text, health: { enabled: true, wait: '10s' } }).warmUp();
    assert.equal(asked, 3);
    await bench.close();
    server.close();
  });

  it('reports a target that refuses connections as 503', async () => {
    const server = await echoServer();
    const bench = await new GrpcBench({ target: server.target.text, proto: { files: [ECHO_PROTO] } }).warmUp();
    server.close();
    const sample = await bench.shoot(echo());
    assert.deepEqual(
      [sample.protoCode, sample.netCode, sample.errorName, sample.verdict],
      [503, 0, 'connection refused', 'failed'],
    );
    await bench.close();
  });
});
