import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { isLeft } from 'fp-ts/lib/Either.js';
import { grpcScenarioGun } from '../../../../lib/builtins/fileScenarioGuns.js';
import type { CodecIssue } from '../../../../lib/codec/issue.js';
import { issuesOf } from '../../../../lib/codec/report/issues.js';
import { grpc } from '../../../../lib/guns/grpc/gun.js';
import { grpcStream } from '../../../../lib/guns/grpc/streamGun.js';
import { echoServer } from './echoServer.js';
import { echo, GrpcBench } from './grpcBench.js';

const folder = mkdtempSync(join(tmpdir(), 'elpis-grpc-'));
after(() => rmSync(folder, { recursive: true }));

describe('a gRPC target on a Unix socket', () => {
  for (const [what, tls] of [
    ['without TLS', false],
    ['with TLS', true],
  ] as const) {
    it(`is called, with reflection and health, in both ways to write it: ${what}`, async () => {
      const socketPath = join(folder, `${tls}.sock`);
      const server = await echoServer({ socketPath, tls, health: () => 'SERVING' });
      try {
        for (const target of [`unix:${socketPath}`, `unix://${socketPath}`]) {
          const bench = await new GrpcBench({ target, tls, health: { enabled: true } }).warmUp();
          assert.equal((await bench.shoot(echo({ text: 'over a socket' }))).protoCode, 200);
          assert.equal(server.requests[0]?.text, 'over a socket');
          await bench.close();
        }
      } finally {
        server.close();
      }
    });
  }

  it('that does not exist fails the warm-up with its path', async () => {
    const bench = new GrpcBench({ target: `unix:${folder}/none.sock` });
    await assert.rejects(bench.warmUp(), /server reflection of unix:.*\/none\.sock failed: .*ENOENT/);
    await bench.close();
  });

  it('that does not exist is a failed sample', async () => {
    const proto = { files: ['spec/lib/guns/grpc/echo.proto'] };
    const bench = await new GrpcBench({ target: `unix:${folder}/none.sock`, proto }).warmUp();
    const sample = await bench.shoot(echo({ text: 'x' }));
    assert.deepEqual([sample.verdict, sample.errorName], ['failed', 'enoent']);
    await bench.close();
  });

  const REFUSED: readonly (readonly [what: string, options: object, message: RegExp])[] = [
    ['a port of reflection', { target: 'unix:/a', reflect_port: 80 }, /expected a target with a host.*|no port/],
    ['no path', { target: 'unix:' }, /host:port such as localhost:50051, or unix:\/path/],
    ['a path that is too long', { target: `unix:/${'x'.repeat(107)}` }, /host:port such as/],
  ];
  for (const gun of [grpc, grpcStream, grpcScenarioGun]) {
    for (const [what, options, message] of REFUSED) {
      it(`is refused by ${gun.name} with ${what}`, () => {
        const decoded = gun.options().decode(options);
        if (!isLeft(decoded)) assert.fail('it is accepted');
        const [issue] = issuesOf(decoded.left as CodecIssue[]);
        assert.match(issue?.message ?? '', message);
        assert.ok(issue?.hint !== undefined);
      });
    }
  }
});
