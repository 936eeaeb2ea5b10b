import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { GRPC_STATUS, protoCodeOf } from '../../../../lib/wire/grpc/grpcStatus.js';
import { builtGo, type GoProgram, withoutGo } from '../../../scripts/goProgram.js';
import { GrpcBench } from './grpcBench.js';

describe('the grpc gun and a server by grpc-go', { skip: withoutGo, timeout: 120_000 }, () => {
  let program: GoProgram;
  let server: ChildProcess;
  let port = 0;
  const lines: string[] = [];

  before(async () => {
    program = builtGo('spec/lib/guns/grpc/goServer');
    server = spawn(program.path, { stdio: ['pipe', 'pipe', 'inherit'] });
    const reading = createInterface({ input: server.stdout as NonNullable<typeof server.stdout> });
    reading.on('line', (line) => lines.push(line));
    await once(reading, 'line');
    port = Number(lines[0]);
  });
  after(() => {
    server?.kill();
    program?.remove();
  });

  it('has the same counts as the server, by status', async () => {
    const plain = await new GrpcBench({ target: `127.0.0.1:${port}`, health: { enabled: true } }).warmUp();
    const packed = await new GrpcBench({ target: `127.0.0.1:${port}`, compression: 'gzip' }).warmUp();
    const ours: Record<string, number> = { '0': 1 };
    const statuses = [0, 0, 0, ...Object.values(GRPC_STATUS)];
    const sent = statuses.flatMap((status, i) =>
      [plain, packed].map(async (bench) => {
        const name = status === 0 ? 'Ann' : `status ${status}`;
        const call = { method: 'helloworld.Greeter.SayHello', metadata: null, payload: { name } };
        const sample = await bench.shoot(call, i % 3);
        ours[status] = (ours[status] ?? 0) + 1;
        assert.equal(sample.protoCode, protoCodeOf(status));
      }),
    );
    await Promise.all(sent);
    await plain.close();
    await packed.close();
    server.stdin?.end();
    await once(server, 'exit');
    // The health check is a call of the server, too.
    assert.deepEqual(JSON.parse(lines[1] ?? ''), ours);
  });
});
