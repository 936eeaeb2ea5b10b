import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Target } from '../../lib/target/target.js';
import { atTarget } from './atTarget.js';
import { type Bench, phoutRows } from './elpis.js';

const ELPIS = new URL('../../dist/lib/index.js', import.meta.url).href;

describe('a config in code', () => {
  let target: Target;
  let bench: Bench;
  atTarget((freshBench, freshTarget) => {
    bench = freshBench;
    target = freshTarget;
  }, 'describe');

  const config = (log: string, from: string): string => `
import { defineConfig, http, line, once, phout, pool, uri } from '${from}';
export default defineConfig({
  pools: [
    pool({
      gun: http({ target: '127.0.0.1:${target.port}' }),
      ammo: uri({ uris: ['/ a', '/ b', '/ c'] }),
      result: phout({ destination: '${log}', id: true }),
      rps: [line({ from: 100, to: 300, duration: '200ms' }), once({ times: 5 })],
      startup: once({ times: 4 }),
    }),
  ],
});`;

  /** Runs a script beside the config. */
  const script = (source: string): Promise<{ readonly code: number | null; readonly output: string }> => {
    bench.write('script.mjs', `import { run } from '${ELPIS}';\n${source}`);
    return new Promise((resolve) => {
      const child = spawn(process.execPath, ['script.mjs'], { cwd: bench.folder, timeout: 30_000 });
      let output = '';
      const hear = (bytes: Buffer): void => {
        output += bytes.toString();
      };
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
      child.on('close', (code) => resolve({ code, output }));
    });
  };
  const TELL = `
const seen = new Set();
run(config, settings).subscribe({
  next: (event) => {
    seen.add(event.type);
    if (event.type === 'run-started') console.log('threads', event.threads);
    if (event.type === 'run-finished') console.log('shots', event.summaries[0].total.ended, [...seen].sort().join(' '));
  },
  error: (error) => console.log(error.code, error.message),
});`;
  /** Every row of ammo was shot as often as in one thread, under its own number. */
  const isWhole = (log: string): void => {
    const tags = phoutRows(bench.read(log)).map((row) => String(row[1]));
    assert.equal(tags.length, 45);
    assert.deepEqual(tags.sort(), Array.from({ length: 45 }, (_, i) => `${'abc'[i % 3]}#${i + 1}`).sort());
  };

  it('is checked, planned and run by the command line, in one thread and in two', async () => {
    bench.write('load.ts', config('cli.log', 'elpis'));
    const checked = await bench.run(['check', 'load.ts', '--json']);
    assert.match(checked.stdout, /"startupTokens":4,"rpsTokens":45/, checked.stderr);
    const planned = await bench.run(['plan', 'load.ts', '--json']);
    assert.match(planned.stdout, /"shots":45/);
    for (const threads of ['1', '2']) {
      const { code, stdout, stderr } = await bench.run(['load.ts', '--threads', threads]);
      assert.equal(code, 0, stderr);
      assert.match(stdout, /45/);
      isWhole('cli.log');
    }
  });

  it('is run by run(), in one thread and in two, from its value and from its file', async () => {
    bench.write('value.mjs', config('value.log', ELPIS));
    bench.write('file.ts', config('file.log', 'elpis'));
    for (const threads of [1, 2]) {
      const settings = `const settings = { threads: ${threads}, progressEveryMs: 20, seed: 1 };`;
      for (const [from, log] of [
        ["const { default: config } = await import('./value.mjs');", 'value.log'],
        ["const config = 'file.ts';", 'file.log'],
        ["const config = new URL('./file.ts', import.meta.url);", 'file.log'],
      ] as const) {
        const { code, output } = await script(`${from}\n${settings}\n${TELL}`);
        assert.equal(code, 0, output);
        const types = 'pool-finished pool-started( process)? progress report run-finished run-started window';
        assert.match(output, new RegExp(`^threads ${threads}\\nshots 45 ${types}`), output);
        isWhole(log);
      }
    }
  });

  // Its name exists in that folder only, so a thread that does not know cwd cannot read it.
  it('is found in the folder that cwd names, with the files that it reads and writes, by every thread', async () => {
    mkdirSync(join(bench.folder, 'there'));
    bench.write('there/ammo.uri', '/ a\n/ b\n/ c\n');
    const here = config('there.log', 'elpis').replace(/uris: .*\]/, "file: './ammo.uri'");
    bench.write('there/only.ts', here);
    for (const threads of [1, 2]) {
      const settings = `const settings = { threads: ${threads}, cwd: './there', seed: 1 };`;
      const { code, output } = await script(`const config = 'only.ts';\n${settings}\n${TELL}`);
      assert.equal(code, 0, output);
      assert.match(output, new RegExp(`^threads ${threads}\\nshots 45 `), output);
      isWhole('there/there.log');
    }
    const value = `const config = { pools: [{
      gun: { type: 'http', target: '127.0.0.1:${target.port}', answlog: { enabled: true, path: 'answers', filter: 'all' } },
      ammo: { type: 'uri', file: 'ammo.uri' }, result: { type: 'phout', destination: 'value.log', id: true },
      rps: { type: 'once', times: 45 }, startup: { type: 'once', times: 4 },
    }] };`;
    const { code, output } = await script(`${value}\nconst settings = { threads: 2, cwd: './there' };\n${TELL}`);
    assert.equal(code, 0, output);
    isWhole('there/value.log');
    assert.match(bench.read('there/answers'), /REQUEST:\n/);

    // The files that a scenario file names, and the default name of the answlog.
    bench.write('there/users.csv', 'name\nann\n');
    bench.write(
      'there/shop.yaml',
      `variable_sources: [{type: file/csv, name: users, file: users.csv, ignore_first_line: true}]
requests: [{name: a, uri: "/{{.request.a.preprocessor.user.name}}", preprocessor: {mapping: {user: "source.users[next]"}}}]
scenarios: [{name: s, requests: [a]}]
`,
    );
    const scenario = `const config = { pools: [{
      gun: { type: 'http/scenario', target: '127.0.0.1:${target.port}', answlog: { enabled: true, filter: 'all' } },
      ammo: { type: 'http/scenario', file: 'shop.yaml', limit: 6 }, result: { type: 'discard' },
      rps: { type: 'once', times: 6 }, startup: { type: 'once', times: 2 },
    }] };`;
    for (const threads of [1, 2]) {
      const settings = `const settings = { threads: ${threads}, cwd: './there' };`;
      const { code: ended, output: told } = await script(`${scenario}\n${settings}\n${TELL}`);
      assert.equal(ended, 0, told);
      assert.equal(bench.read('there/answ.log').match(/GET \/ann HTTP/g)?.length, 6, `threads: ${threads}`);
    }
  });

  it('reports every wrong option at once, with exit code 2', async () => {
    bench.write('wrong.ts', config('p.log', 'elpis').replace('127.0.0.1:', '').replace('times: 5', 'times: 0'));
    const { code, stderr } = await bench.run(['wrong.ts']);
    assert.equal(code, 2);
    assert.match(stderr, /wrong\.ts {2}pools\[0\]\.gun\.target: expected host:port/);
    assert.match(stderr, /pools\[0\]\.rps\[1\]\.times: expected .* at least 1, got 0/);
    assert.match(stderr, /2 errors in wrong\.ts/);
  });
});
