import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Target } from '../../lib/target/target.js';
import { atTarget } from './atTarget.js';
import { type Bench, phoutRows } from './elpis.js';

interface Row {
  readonly index: number;
  readonly id: number;
  readonly tag: string;
  readonly instance: number;
  /** Unix seconds. */
  readonly intended: number;
}

describe('elpis run in several threads', () => {
  let target: Target;
  let bench: Bench;
  atTarget((freshBench, freshTarget) => {
    bench = freshBench;
    target = freshTarget;
  });

  const config = (rps: string, more = '', uris = '"/ a", "/ b", "/ c", "/status/404 d"'): string => `
pools:
  - id: main
    gun: {type: http, target: "127.0.0.1:${target.port}"}
    ammo: {type: uri, uris: [${uris}]}
    result: [{type: phout, destination: p.log, id: true}, {type: csv, sink: s.csv}, {type: jsonlines, sink: j.log}]
    rps: ${rps}
    startup: {type: once, times: 6}
${more}`;

  const tags = (): string[] =>
    phoutRows(bench.read('p.log'))
      .map((row) => String(row[1]))
      .sort();

  it('the union of the shares is the run of one thread: operations, moments, rows and instances', async () => {
    const rps = '[{type: line, from: 10, to: 200, duration: 1s}, {type: once, times: 7}]';
    const rows: Row[][] = [];
    const phout: string[][] = [];
    for (const threads of [1, 3]) {
      bench.write('load.yaml', config(rps, `threads: ${threads}`));
      const { code, stderr } = await bench.run(['load.yaml', '-q']);
      assert.equal(code, 0, stderr);
      const lines = bench
        .read('j.log')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Row);
      rows.push(lines.sort((a, b) => a.index - b.index));
      phout.push(tags());
      assert.equal(bench.read('s.csv').trim().split('\n').length, lines.length + 1, 'one header');
    }
    const [single = [], shared = []] = rows;
    assert.equal(shared.length, 112);
    const offsets = (all: readonly Row[]): number[] => all.map(({ intended }) => intended - Number(all[0]?.intended));
    assert.deepEqual(
      shared.map(({ index, id, tag }) => [index, id, tag]),
      single.map(({ index, id, tag }) => [index, id, tag]),
    );
    const apart = offsets(shared).map((offset, i) => Math.abs(offset - Number(offsets(single)[i])));
    assert.ok(Math.max(...apart) < 3e-6, 'the same moments, to the rounding of a microsecond each');
    assert.deepEqual(new Set(shared.map(({ instance }) => instance)), new Set([0, 1, 2, 3, 4, 5]));
    assert.deepEqual(phout[1], phout[0]);
  });

  it('counts at the server, in the files and in the merged summary agree, and every thread is shown', async () => {
    bench.write('load.yaml', config('{type: unlimited, duration: 60s}').replace('uris:', 'limit: 400, uris:'));
    const { code, stdout, stderr } = await bench.run(['load.yaml', '--threads', '2', '--summary-json', 's.json']);
    assert.equal(code, 0, stderr);
    const { pools } = JSON.parse(bench.read('s.json')) as {
      pools: { total: { shots: number }; threads: { shots: number }[] }[];
    };
    const { total } = target.stats();
    assert.deepEqual([total, pools[0]?.total.shots, tags().length], [400, 400, 400]);
    assert.equal(
      pools[0]?.threads.reduce((sum, { shots }) => sum + shots, 0),
      total,
    );
    assert.match(stdout, /thread 1 .*lateness/);
  });

  it('a signal drains every thread and everything is flushed', async () => {
    bench.write('load.yaml', config('{type: const, ops: 100, duration: 60s}', 'threads: 2', '"/delay/300 slow"'));
    const { child, finished } = bench.start(['load.yaml']);
    while (target.stats().total < 20) await delay(20);
    child.kill('SIGINT');
    const { code, stderr } = await finished;
    assert.equal(code, 130, stderr);
    assert.equal(tags().length, target.stats().total + tags().filter((tag) => tag.startsWith('unfinished')).length);
  });

  it('a failure in the threads fails the run with its message, and what was recorded is kept', async () => {
    bench.write('ammo.uri', '/ a\n/ b\n/ c\n/ d\n/bad%zz x\n');
    bench.write(
      'load.yaml',
      config('{type: const, ops: 100, duration: 5s}', 'threads: 2').replace(/uris: .*\]}/, 'file: ammo.uri}'),
    );
    const { code, stderr } = await bench.run(['load.yaml']);
    assert.equal(code, 1);
    assert.match(stderr, /ammo\.uri:5.*thread \d/s);
  });

  it('a thread that exits before its last message fails the run, which names what is missing; the other thread reports', async () => {
    bench.write(
      'exits.ts',
      `import { defineOperator, struct } from 'elpis';
import { map } from 'rxjs';
export default defineOperator('ticks', {
  name: 'exits', summary: 'Exits.', options: struct('exits', {}),
  create: (_config, { share }) => map((tick) => {
    if (share.index === 1 && tick.index > 50) process.exit(0);
    return tick;
  }),
});
`,
    );
    bench.write(
      'load.yaml',
      config('{type: const, ops: 100, duration: 2s}', 'threads: 2\nplugins: [./exits.ts]').replace(
        'startup:',
        'operators: {ticks: [{type: exits}]}\n    startup:',
      ),
    );
    const { code, stdout, stderr } = await bench.run(['load.yaml']);
    assert.equal(code, 1, stdout);
    assert.match(
      stderr,
      /thread 1 of 2 closed its link while it was running, without its last message; not finished: "main"/,
    );
    assert.match(stderr, /ELPIS_SHARE: see docs\/ERRORS\.md#elpis_share/);
    assert.ok(tags().length > 25 && tags().length < 150, String(tags().length));
  });

  it('a result that cannot be written fails the run', async () => {
    bench.write('load.yaml', config('{type: once, times: 4}', 'threads: 2').replace('p.log', './'));
    const { code, stderr } = await bench.run(['load.yaml']);
    assert.equal(code, 1);
    assert.match(stderr, /EISDIR|is a directory/);
  });

  it('fewer instances than threads: every share needs one, so fewer threads run, with a warning', async () => {
    bench.write('load.yaml', config('{type: once, times: 20}', 'threads: 4').replace('times: 6', 'times: 1'));
    const { code, stdout } = await bench.run(['load.yaml']);
    assert.equal(code, 0);
    assert.match(stdout, /running in 1 of 4 threads/);
    assert.equal(target.stats().total, 20);
  });

  it('works for hit and for a config from stdin', async () => {
    assert.equal(
      (await bench.run(['hit', `127.0.0.1:${target.port}/`, '--rps', '50', '--for', '1s', '--threads', '2', '-q']))
        .code,
      0,
    );
    assert.equal(target.stats().total, 50);
    assert.equal((await bench.run(['-', '-q'], { stdin: config('{type: once, times: 10}', 'threads: 2') })).code, 0);
    assert.equal(target.stats().total, 60);
    assert.equal((await bench.run(['hit', 'x', '--threads', '0'])).code, 2);
  });
});
