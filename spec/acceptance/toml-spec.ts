import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Target } from '../../lib/target/target.js';
import { atTarget } from './atTarget.js';
import { type Bench, phoutRows } from './elpis.js';

let bench: Bench;
let target: Target;
atTarget((given, at) => {
  [bench, target] = [given, at];
  bench.write(
    'load.toml',
    `
[[pools]]
id = "main"
rps = [{ type = "once", times = 20 }]
startup = { type = "once", times = 4 }

[pools.gun]
type = "http"
target = "127.0.0.1:${target.port}"

[pools.ammo]
type = "uri"
uris = ["/ root", "/bytes/5 five"]

[[pools.result]]
type = "phout"
destination = "p.log"
`,
  );
});

/** Runs the command and returns what it printed. */
async function printed(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await bench.run(args);
  assert.equal(code, 0, stderr);
  return `${stdout}${stderr}`;
}

describe('a config in TOML', () => {
  it('runs, in one thread and in several', async () => {
    for (const threads of ['1', '2']) {
      await printed('load.toml', '-q', '--threads', threads);
      const tags = phoutRows(bench.read('p.log')).map((row) => row[1]);
      assert.equal(tags.filter((tag) => tag === 'root').length, 10);
      assert.equal(tags.filter((tag) => tag === 'five').length, 10);
    }
    assert.equal(target.stats().total, 40);
  });

  it('is found without a name', async () => {
    await printed('run', '-q');
    assert.equal(target.stats().total, 20);
  });

  it('is understood by check, plan and rehearse', async () => {
    assert.match(await printed('check', 'load.toml'), /main/);
    assert.match(await printed('plan', 'load.toml'), /20/);
    assert.match(await printed('rehearse', 'load.toml', '--target', 'lognormal(median=20ms, p99=80ms)'), /20/);
  });

  it('has its values replaced by --set', async () => {
    await printed('load.toml', '-q', '--set', 'pools.0.rps.0.times=3', '--set', 'pools.0.id=other');
    assert.equal(target.stats().total, 3);
  });

  it('has its references replaced, and its mistakes reported with line and column', async () => {
    const text = bench.read('load.toml').replace('"/ root"', '"/${env:NAME}"').replace('times = 4', 'times = "4"');
    bench.write('load.toml', text);
    const { code, stderr } = await bench.run(['check', 'load.toml']);
    assert.equal(code, 2);
    assert.match(stderr, /load\.toml:5:36 +pools\[0\]\.startup\.times: expected a whole number/);
    assert.match(stderr, /load\.toml:13:9 +pools\[0\]\.ammo\.uris\[0\]: .*NAME/);
  });
});
