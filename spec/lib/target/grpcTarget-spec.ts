import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { credentials, loadPackageDefinition, type ServiceClientConstructor } from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';
import protobuf from 'protobufjs';
import { TARGET_PROTO } from '../../../lib/target/grpc/targetProto.js';
import { startTarget, type Target } from '../../../lib/target/target.js';
import { GrpcBench } from '../guns/grpc/grpcBench.js';

/** Calls the target by grpc-js, which shares no code with it. */
class Peer {
  readonly #services: Record<string, ServiceClientConstructor>;

  constructor(private readonly address: string) {
    const { root } = protobuf.parse(TARGET_PROTO, { keepCase: true });
    const definition = fromJSON(root.toJSON() as protobuf.INamespace, { keepCase: true, longs: String, bytes: String });
    this.#services = loadPackageDefinition(definition).target as Record<string, ServiceClientConstructor>;
  }

  /** A call with messages of the client; its messages, and the status. */
  call(
    service: string,
    method: string,
    requests: readonly object[],
  ): Promise<{ messages: unknown[]; status: number; text: string }> {
    const Service = this.#services[service] as ServiceClientConstructor;
    const client = new Service(this.address, credentials.createInsecure());
    const { path, requestSerialize, responseDeserialize } = Service.service[method] as (typeof Service.service)[string];
    return new Promise((resolve) => {
      const messages: unknown[] = [];
      const stream = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
      stream.on('data', (message) => messages.push(message));
      stream.on('error', () => undefined);
      stream.on('status', ({ code, details }) => {
        client.close();
        resolve({ messages, status: code, text: details });
      });
      for (const request of requests) stream.write(request);
      stream.end();
    });
  }
}

describe('the gRPC services of the target', () => {
  let target: Target;
  let peer: Peer;
  before(async () => {
    target = await startTarget();
    peer = new Peer(`127.0.0.1:${target.port}`);
  });
  after(() => target.close());

  const cases: readonly (readonly [string, string, readonly object[], object])[] = [
    ['TargetService', 'Hello', [{ name: 'Ann' }], { messages: [{ hello: 'Hello Ann!' }], status: 0, text: '' }],
    [
      'TargetService',
      'Auth',
      [{ login: 'user3', pass: 'user3' }],
      { messages: [{ userId: '3', token: 'token-3' }], status: 0, text: '' },
    ],
    [
      'TargetService',
      'Auth',
      [{ login: '3', pass: 'x' }],
      { messages: [], status: 3, text: 'there is no such login with this password' },
    ],
    [
      'TargetService',
      'List',
      [{ userId: 3, token: 'x' }],
      { messages: [], status: 16, text: 'the token is not that of the user' },
    ],
    [
      'TargetService',
      'Order',
      [{ userId: 3, token: 'token-3', itemId: 3004 }],
      { messages: [{ orderId: '15349' }], status: 0, text: '' },
    ],
    [
      'TargetService',
      'Order',
      [{ userId: 3, token: 'token-3', itemId: 1 }],
      { messages: [], status: 5, text: 'no item 1' },
    ],
    ['Troubles', 'Respond', [{ status: 14, message: 'so, 100 %' }], { messages: [], status: 14, text: 'so, 100 %' }],
    ['Troubles', 'Sum', [{ number: 2 }, { number: 40 }], { messages: [{ number: '42' }], status: 0, text: '' }],
    [
      'Troubles',
      'Echo',
      [{ text: 'a' }, { text: 'b' }],
      { messages: [{ text: 'a' }, { text: 'b' }], status: 0, text: '' },
    ],
    [
      'Troubles',
      'Count',
      [{ count: 2, status: 9, message: 'm' }],
      { messages: [{ text: 'm' }, { number: '1', text: 'm' }], status: 9, text: 'm' },
    ],
  ];
  for (const [service, method, requests, expected] of cases) {
    it(`responds to ${service}.${method} of ${JSON.stringify(requests)}`, async () => {
      assert.deepEqual(JSON.parse(JSON.stringify(await peer.call(service, method, requests))), expected);
    });
  }

  it('describes itself by reflection, and counts calls like requests', async () => {
    const before = target.stats().total;
    const bench = await new GrpcBench({ target: `127.0.0.1:${target.port}`, health: { enabled: true } }).warmUp();
    const call = { metadata: null, method: 'api.Adder.Add', payload: { x: 21, y: 12 } };
    assert.equal((await bench.shoot(call)).protoCode, 200);
    assert.equal(
      (await bench.shoot({ ...call, method: 'target.Troubles.Respond', payload: { status: 5 } })).protoCode,
      404,
    );
    await bench.close();
    assert.equal(target.stats().paths['/api.Adder/Add'], 1);
    // The health check, one call of reflection and two calls.
    assert.equal(target.stats().total - before, 4);
  });
});
