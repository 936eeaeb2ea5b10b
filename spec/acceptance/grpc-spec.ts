import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Target } from '../../lib/target/target.js';
import { atTarget } from './atTarget.js';
import { type Bench, phoutRows } from './elpis.js';

const GUIDE = readFileSync(fileURLToPath(new URL('../../docs/GRPC.md', import.meta.url)), 'utf8');
const [, DOCUMENTED = ''] = /^```yaml\n(pools:[\s\S]*?)^```$/m.exec(GUIDE) ?? [];

const PROTO = `syntax = "proto3";
package target;
service TargetService { rpc Hello(HelloRequest) returns (HelloResponse); }
message HelloRequest { string name = 1; }
message HelloResponse { string hello = 1; }
`;

describe('gRPC, by the command line', () => {
  let bench: Bench;
  let target: Target;
  atTarget((made, started) => {
    [bench, target] = [made, started];
  });
  const at = (): string => `127.0.0.1:${target.port}`;
  const run = (...args: string[]) => bench.start(args).finished;

  it('runs the config of docs/GRPC.md against the bundled target: its counts are ours', async () => {
    bench.write('load.yaml', DOCUMENTED.replace('localhost:8080', at()).replace('duration: 5s', 'duration: 1s'));
    const { code, stderr } = await run('run', 'load.yaml');
    assert.equal(code, 0, stderr);
    const rows = phoutRows(bench.read('phout.log'));
    const { paths } = target.stats();
    assert.ok(rows.length >= 100);
    for (const [method, tag] of [
      ['Hello', 'hello'],
      ['Auth', 'login'],
      ['List', 'list'],
    ] as const) {
      assert.equal(paths[`/target.TargetService/${method}`], rows.filter(([, each]) => each === tag).length, tag);
    }
    assert.ok(rows.every((row) => row[10] === '0' && row[11] === '200'));
  });

  const config = (gun: string, file: string): string => `
pools:
  - gun: {type: grpc, target: "${at()}"${gun}}
    ammo: {type: grpc/json, file: ${file}, passes: 1}
    result: {type: phout, destination: phout.log}
    rps: {type: once, times: 10}
    startup: {type: once, times: 1}
`;
  const AMMO = [
    '{"tag":"good","call":"target.TargetService.Hello","payload":{"name":"Ann"}}',
    '{"tag":"field","call":"target.TargetService.Hello","payload":{"nme":"Ann"}}',
    '{"tag":"method","call":"target.TargetService.Hallo"}',
  ].join('\n');

  it('refuses ammo that does not fit .proto files before a shot, with lines and hints', async () => {
    bench.write('target.proto', PROTO);
    bench.write('ammo.json', AMMO);
    bench.write('load.yaml', config(', proto: {files: [target.proto]}', 'ammo.json'));
    const { code, stderr, stdout } = await run('run', 'load.yaml');
    assert.equal(code, 2);
    assert.match(
      stderr + stdout,
      /ammo\.json:2:63 {2}payload\.nme: message target\.HelloRequest has no field "nme" \(did you mean name\?\)/,
    );
    assert.match(
      stderr + stdout,
      /ammo\.json:3:24 {2}call: the method "target\.TargetService\.Hallo" is unknown \(did you mean target\.TargetService\.Hello\?\)/,
    );
    assert.equal(target.stats().total, 0);
  });

  it('records the same ammo as failed samples when the target is asked, and names them in the summary', async () => {
    bench.write('ammo.json', AMMO);
    bench.write('load.yaml', config('', 'ammo.json'));
    const { code, stderr, stdout } = await run('run', 'load.yaml');
    assert.equal(code, 0, stderr);
    const rows = phoutRows(bench.read('phout.log')).map((row) => [row[1], row[10], row[11]]);
    assert.deepEqual(rows, [
      ['good', '0', '200'],
      ['field', '0', '400'],
      ['method', '0', '0'],
    ]);
    assert.match(stderr + stdout, /grpc bad payload +1/);
    assert.match(stderr + stdout, /ammo\.json:2: payload\.nme: message target\.HelloRequest has no field/);
  });
});
