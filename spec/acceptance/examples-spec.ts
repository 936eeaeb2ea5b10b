import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startTarget, type Target } from '../../lib/target/target.js';
import { phoutRows } from './elpis.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const BIN = join(ROOT, 'dist/lib/cli/bin.js');
const TSX = fileURLToPath(import.meta.resolve('tsx'));

/** Runs node in a folder; the target's address is in TARGET. */
function node(
  args: readonly string[],
  cwd: string,
  address: string,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const env = { ...process.env, TARGET: address, TSX_TSCONFIG_PATH: join(ROOT, 'tsconfig.json') };
    const child = spawn(process.execPath, args, { cwd, env, timeout: 60_000 });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (bytes: Buffer) => {
      stdout += bytes.toString();
    });
    child.stderr.on('data', (bytes: Buffer) => {
      stderr += bytes.toString();
    });
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

describe('examples', () => {
  let target: Target;
  let folder: string;
  before(async () => {
    target = await startTarget();
    folder = mkdtempSync(join(tmpdir(), 'elpis-'));
  });
  after(async () => {
    await target.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const tried = new Set<string>();
  const example = (name: string, body: (folder: string) => Promise<void>): void => {
    tried.add(name);
    it(name, () => body(join(ROOT, 'examples', name)));
  };

  example('http-quickstart', async (example) => {
    const address = `127.0.0.1:${target.port}`;
    // Its ammo path is relative to the project, where README runs it; only the plan is checked here, `npm run demo` shoots it.
    const checked = await node([BIN, 'check', join(example, 'load.yaml'), '--json'], ROOT, address);
    assert.equal(checked.code, 0, checked.stdout);
    assert.match(checked.stdout, /"rpsTokens":1502/);
  });

  example('compose-in-code', async (example) => {
    const { code, stdout, stderr } = await node(
      ['--import', TSX, join(example, 'run.ts')],
      folder,
      `127.0.0.1:${target.port}`,
    );
    assert.equal(code, 0, stderr);
    assert.match(stdout, /210 of|shots +210/);
    assert.equal(phoutRows(readFileSync(join(folder, 'phout.log'), 'utf8')).length, 210);
  });

  example('config-in-code', async (example) => {
    const address = `127.0.0.1:${target.port}`;
    const { code, stdout, stderr } = await node([BIN, 'run', join(example, 'load.ts')], folder, address);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /shots +70|70 of/);
    const tags = phoutRows(readFileSync(join(folder, 'phout.log'), 'utf8')).map((row) => String(row[1]));
    assert.deepEqual([tags.length, new Set(tags)], [70, new Set(['home', 'search', 'cart'])]);
    const embedded = await node(['--import', TSX, join(example, 'run.ts')], folder, address);
    assert.equal(embedded.code, 0, embedded.stderr);
    assert.match(embedded.stdout, /p99 is fine/);
  });

  example('own-gun', async (example) => {
    const server = createServer((socket) => socket.end('220 hello\r\n')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { code, stdout, stderr } = await node(
      [BIN, 'run', join(example, 'load.yaml'), '-q'],
      folder,
      `127.0.0.1:${port}`,
    );
    server.close();
    assert.equal(code, 0, stderr);
    const samples = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.deepEqual([samples.length, samples[0]?.tag], [20, 'greeting']);
  });

  example('own-operators', async (example) => {
    const address = `127.0.0.1:${target.port}`;
    const load = join(example, 'load.yaml');
    const checked = await node([BIN, 'check', load], folder, address);
    assert.match(checked.stdout, /\n {2}ticks {5}\.\/jitter\.ts\n {2}samples {3}\.\/redact\.ts\n/);
    const listed = await node([BIN, 'plugins', 'operator', '--config', load], folder, address);
    for (const line of ['operator retag (of samples)', 'operator ./jitter.ts (of ticks)', '    amount '])
      assert.ok(listed.stdout.includes(`${line}`), line);
    for (const threads of ['1', '2']) {
      const { code, stdout, stderr } = await node([BIN, 'run', load, '-q', '--threads', threads], folder, address);
      assert.equal(code, 0, stderr);
      const samples = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { readonly index: number; readonly intended: number; readonly tag: string });
      assert.equal(samples.length, 100);
      assert.deepEqual([...new Set(samples.map(({ tag }) => tag))].sort(), [
        'order/ID:5xx',
        'user/ID:2xx',
        'user/ID:4xx',
      ]);
      // The plan has one every 10 ms; each is up to 30 ms later.
      const late = samples.map(({ index, intended }) => intended * 1000 - index * 10);
      const spread = Math.max(...late) - Math.min(...late);
      assert.ok(spread > 1 && spread <= 30.01, String(spread));
    }
  });

  example('shop-scenario', async (example) => {
    const address = `127.0.0.1:${target.port}`;
    const proof = await node(['--import', TSX, '--test', join(example, 'scenario-spec.ts')], folder, address);
    assert.equal(proof.code, 0, proof.stdout);
    // The same load in code and in YAML, in one thread and in two, is the same number of everything.
    for (const [file, threads] of [
      ['load.ts', '1'],
      ['load.yaml', '1'],
      ['load.ts', '2'],
      ['load.yaml', '2'],
    ] as const) {
      const before = target.stats().total;
      const args = ['run', join(example, file), '--threads', threads, '--summary-json', 'shop.json'];
      const run = await node([BIN, ...args], folder, address);
      assert.equal(run.code, 0, run.stderr);
      const { pools } = JSON.parse(readFileSync(join(folder, 'shop.json'), 'utf8')) as {
        readonly pools: readonly {
          readonly scenarios: { readonly shots: number; readonly failed: number };
          readonly total: { readonly shots: number };
          readonly tags: readonly { readonly tag: string; readonly shots: number; readonly failed: number }[];
        }[];
      };
      const [shop] = pools;
      const shots = (tag: string): number | undefined => shop?.tags.find((each) => each.tag === tag)?.shots;
      const what = `${file} in ${threads} threads`;
      assert.deepEqual([shop?.scenarios.shots, shop?.scenarios.failed], [30, 0], what);
      assert.deepEqual(
        [shots('browse'), shots('browse/goods'), shots('buy'), shots('buy/login/send'), shots('buy/cart')],
        [20, 60, 10, 10, 10],
        what,
      );
      assert.equal(target.stats().total - before, shop?.total.shots, what);
    }
    // browse takes about 660 ms, buy 330 ms: 10 starts a second keep about 5.5 instances busy.
    const [model, responses] = ['constant(20ms)', join(example, 'responses.ts')];
    for (const file of ['load.ts', 'load.yaml']) {
      const args = ['rehearse', join(example, file), '--target', model, '--responses', responses, '--json'];
      const rehearsal = await node([BIN, ...args], folder, address);
      assert.equal(rehearsal.code, 0, rehearsal.stderr);
      const { pools, summary } = JSON.parse(rehearsal.stdout) as {
        readonly pools: readonly { readonly instancesNeeded: number; readonly withoutResponse: readonly string[] }[];
        readonly summary: {
          readonly pools: readonly {
            readonly scenarios: { readonly shots: number; readonly badStatus: number };
            readonly total: { readonly shots: number };
          }[];
        };
      };
      assert.deepEqual([pools[0]?.instancesNeeded, pools[0]?.withoutResponse], [7, []], file);
      const [shop] = summary.pools;
      assert.deepEqual([shop?.scenarios.shots, shop?.scenarios.badStatus, shop?.total.shots], [30, 0, 105], file);
    }
  });

  it('every folder is run here and has a README', () => {
    const folders = readdirSync(join(ROOT, 'examples'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    for (const { name } of folders) {
      assert.ok(tried.has(name), name);
      assert.ok(existsSync(join(ROOT, 'examples', name, 'README.md')), name);
    }
  });
});
