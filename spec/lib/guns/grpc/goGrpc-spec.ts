import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { GRPC_STATUS, protoCodeOf } from '../../../../lib/wire/grpc/grpcStatus.js';
import { GrpcBench } from './grpcBench.js';

const GO = ['/usr/local/go/bin/go', '/usr/bin/go'].find((path) => existsSync(path));

/** Builds the server; its modules come from the proxy once, and from the cache of Go after that. */
function built(go: string, folder: string): string | undefined {
  const program = join(folder, 'greeter');
  try {
    execFileSync(go, ['build', '-o', program, '.'], {
      cwd: 'spec/lib/guns/grpc/goServer',
      stdio: 'pipe',
      timeout: 100_000,
    });
    return program;
  } catch (error) {
    console.log(`the Go server cannot be built: ${String((error as { readonly stderr?: unknown }).stderr)}`);
    return undefined;
  }
}

if (GO === undefined) {
  console.log('there is no Go here, so the gun is not tried against grpc-go');
} else {
  describe('the grpc gun and a server by grpc-go', { timeout: 120_000 }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'elpis-go-'));
    let server: ChildProcess;
    let port = 0;
    const lines: string[] = [];

    before(async () => {
      const program = built(GO, folder);
      assert.ok(program !== undefined, 'it needs the module proxy of Go once');
      server = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
      const reading = createInterface({ input: server.stdout as NonNullable<typeof server.stdout> });
      reading.on('line', (line) => lines.push(line));
      await once(reading, 'line');
      port = Number(lines[0]);
    });
    after(() => {
      server.kill();
      rmSync(folder, { recursive: true });
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
}
