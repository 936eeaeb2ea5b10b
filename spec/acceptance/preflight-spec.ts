import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import type { Target } from '../../lib/target/target.js';
import { atTarget } from './atTarget.js';
import { type Bench, BIN, type Finished } from './elpis.js';

describe('elpis in a shell that allows few open files', () => {
  let target: Target;
  let bench: Bench;
  atTarget((freshBench, freshTarget) => {
    bench = freshBench;
    target = freshTarget;
  }, 'describe');

  /** Runs the built command where no process may have more than 200 files open. */
  const run = async (...args: readonly string[]): Promise<Finished> => {
    const child = spawn('bash', ['-c', 'ulimit -n 200 && exec "$@"', 'bash', process.execPath, BIN, ...args], {
      cwd: bench.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 30_000,
      killSignal: 'SIGKILL',
    });
    const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    return { code: code as number | null, stdout, stderr };
  };
  const config = (instances: number): string => `
pools:
  - id: many
    gun: {type: http, target: "127.0.0.1:${target.port}"}
    ammo: {type: uri, uris: ["/"]}
    result: {type: discard}
    rps: {type: once, times: 500}
    startup: {type: once, times: ${instances}}
`;

  it('run refuses more instances than files before the first shot, with the arithmetic', async () => {
    bench.write('load.yaml', config(300));
    const { code, stdout, stderr } = await run('run', 'load.yaml');
    assert.equal(code, 2);
    assert.equal(stdout, '');
    assert.match(
      stderr,
      /many may open 300 connections \(300 instances x 1\) \+ 64 other files = 364, but this process may have 200 files open/,
    );
    assert.match(stderr, /hint +ulimit -n 364/);
    assert.equal(target.stats().connections.opened, 0);
  });

  it('16 threads with few files are refused before the first shot, with the arithmetic', async () => {
    bench.write('load.yaml', config(16));
    const { code, stderr } = await run('run', 'load.yaml', '--threads', '16');
    assert.equal(code, 2, stderr);
    assert.match(stderr, /16 threads may open 364 files \(64 \+ 15 threads x 20\).*may have 200 files open/);
    assert.equal(target.stats().connections.opened, 0);
  });

  it('a process that may not open its own modules reports that', async () => {
    bench.write('load.yaml', config(1));
    const { code, stderr } = await bench.shell('ulimit -n 25; "$NODE" "$ELPIS" run load.yaml');
    // Newer versions of Node open their modules one after another, and need fewer files.
    if (code === 0) return;
    assert.equal(code, 2, stderr);
    assert.match(stderr, /^ERROR {2}this process may not have so many files open: EMFILE.*\nhint {3}ulimit -n 1024/);
  });

  it('hit refuses too', async () => {
    const before = target.stats().connections.opened;
    const { code, stderr } = await run('hit', `http://127.0.0.1:${target.port}/`, '--instances', '250', '--for', '1s');
    assert.equal(code, 2, stderr);
    assert.match(stderr, /250 instances x 1/);
    assert.equal(target.stats().connections.opened, before);
  });

  it('check reports it, and that the config is valid', async () => {
    bench.write('load.yaml', config(300));
    const { code, stdout } = await run('check', 'load.yaml');
    assert.equal(code, 0);
    assert.match(stdout, /on this machine: many may open 300 connections.*\n +hint +ulimit -n 364.*\nfine: 1 pool/);
    const { issues } = JSON.parse((await run('check', 'load.yaml', '--json')).stdout) as {
      issues: { code: string; severity: string; path: string }[];
    };
    assert.deepEqual(
      issues.map(({ code, severity, path }) => [code, severity, path]),
      [['open-files', 'error', 'pools[0]']],
    );
  });

  it('a run that fits is shot, with a warning when it nearly reaches the limit', async () => {
    bench.write('load.yaml', config(150));
    const before = target.stats().total;
    const { code, stderr } = await run('run', 'load.yaml', '--quiet');
    assert.equal(code, 0, stderr);
    assert.equal(target.stats().total - before, 500);
    bench.write('load.yaml', `${config(150)}log: {file: run.log}\n`);
    assert.equal((await run('run', 'load.yaml')).code, 0);
    assert.match(bench.read('run.log'), /150 instances x 1\) \+ 64 other files = 214, but/);
  });
});
