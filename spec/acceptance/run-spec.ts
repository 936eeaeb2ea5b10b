import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { startTarget, type Target } from '../../lib/target/target.js';
import { config } from './config.js';
import { Bench, phoutRows } from './elpis.js';

describe('elpis run', () => {
  let target: Target;
  let bench: Bench;
  const address = (): string => `127.0.0.1:${target.port}`;
  beforeEach(async () => {
    target = await startTarget();
    bench = new Bench();
  });
  afterEach(async () => {
    await target.close();
    bench.remove();
  });

  it('the counts of the server, of phout and of the summary are the same', async () => {
    bench.write('load.yaml', config(address()));
    const { code, stdout, stderr } = await bench.run(['run', 'load.yaml', '--summary-json', 'summary.json']);
    assert.equal(code, 0, stderr);
    const rows = phoutRows(bench.read('phout.log'));
    assert.equal(rows.length, 107);
    assert.equal(target.stats().total, 107);
    assert.ok(rows.every((row) => row.length === 12));
    const codes = rows.map((row) => row[11]);
    assert.deepEqual([codes.filter((c) => c === '200').length, codes.filter((c) => c === '503').length], [54, 53]);
    assert.ok(rows.every(([, tag = '']) => /^(one|two)#\d+$/.test(tag)));
    const summary = JSON.parse(bench.read('summary.json')) as {
      pools: { total: { shots: number; badStatus: number } }[];
    };
    assert.deepEqual([summary.pools[0]?.total.shots, summary.pools[0]?.total.badStatus], [107, 53]);
    assert.match(stdout, /107/);
    assert.match(stdout, /503/);
  });

  it('is the command of a file name alone, reads stdin, and prints nothing with --quiet', async () => {
    const quick = config(address(), { rps: '{type: once, times: 3}' });
    bench.write('load.yaml', quick);
    assert.deepEqual(await bench.run(['load.yaml', '-q']), { code: 0, stdout: '', stderr: '' });
    assert.equal((await bench.run(['-', '-q'], { stdin: quick })).code, 0);
    assert.equal((await bench.run(['-q'])).code, 0, 'finds load.yaml by itself');
    assert.equal(target.stats().total, 9);
  });

  it('writes to several results at once', async () => {
    const result = '[{type: phout, destination: p.log}, {type: jsonlines, sink: j.log}, {type: csv, sink: c.csv}]';
    bench.write('load.yaml', config(address(), { result, rps: '{type: once, times: 10}' }));
    assert.equal((await bench.run(['load.yaml', '-q'])).code, 0);
    assert.equal(phoutRows(bench.read('p.log')).length, 10);
    const json = bench
      .read('j.log')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.equal(json.length, 10);
    assert.equal(bench.read('c.csv').trim().split('\n').length, 11);
  });

  it('writes nothing else to stdout when a result is written there', async () => {
    bench.write('load.yaml', config(address(), { result: '{type: phout}', rps: '{type: once, times: 3}' }));
    const { stdout, stderr } = await bench.run(['load.yaml']);
    assert.equal(phoutRows(stdout).length, 3);
    assert.match(stderr, /3 of 3 planned/);
  });

  it('keeps every instance on one connection', async () => {
    bench.write(
      'load.yaml',
      config(address(), { rps: '{type: const, ops: 200, duration: 500ms}', startup: '{type: once, times: 2}' }),
    );
    await bench.run(['load.yaml', '-q']);
    assert.ok(target.stats().connections.opened <= 3, 'two instances and the probe');
  });

  it('SIGINT drains: shots under way finish, everything is flushed, the code is 130', async () => {
    bench.write(
      'load.yaml',
      config(address(), {
        uris: '"/delay/400"',
        rps: '{type: const, ops: 50, duration: 60s}',
        startup: '{type: once, times: 40}',
      }),
    );
    const { child, finished } = bench.start(['load.yaml', '--summary-json', 's.json']);
    while (target.stats().total < 10) await delay(20);
    child.kill('SIGINT');
    const { code, stderr } = await finished;
    assert.equal(code, 130, stderr);
    // An operation that was due just as the signal came may be there too: not shot, but recorded.
    const rows = phoutRows(bench.read('phout.log'));
    const shot = rows.filter(([, tag = '']) => !tag.startsWith('unfinished'));
    assert.equal(shot.length, target.stats().total);
    assert.ok(shot.every((row) => row[11] === '200'));
    assert.ok(rows.length - shot.length <= 5, `${rows.length - shot.length} were due and not shot`);
  });

  it('a second signal stops at once and records shots under way as unfinished', async () => {
    bench.write('load.yaml', config(address(), { uris: '"/hang"', rps: '{type: once, times: 3}' }));
    const { child, finished } = bench.start(['load.yaml', '--summary-json', 's.json']);
    while (target.stats().total < 3) await delay(20);
    child.kill('SIGTERM');
    await delay(100);
    child.kill('SIGINT');
    assert.equal((await finished).code, 143);
    const summary = JSON.parse(bench.read('s.json')) as { pools: { total: { unfinished: number } }[] };
    assert.equal(summary.pools[0]?.total.unfinished, 3);
    assert.equal(phoutRows(bench.read('phout.log')).length, 3);
  });

  it('kill -9 leaves complete lines that all parse', async () => {
    bench.write(
      'load.yaml',
      config(address(), {
        rps: '{type: unlimited, duration: 60s}',
        result: '{type: phout, destination: ./phout.log, flush-time: 50ms}',
      }),
    );
    const { child, finished } = bench.start(['load.yaml']);
    while (target.stats().total < 3000) await delay(20);
    child.kill('SIGKILL');
    await finished;
    const lines = bench.read('phout.log').split('\n');
    lines.pop();
    assert.ok(lines.length > 500, String(lines.length));
    for (const line of lines) assert.match(line, /^\d+\.\d{3}\t(one|two)\t\d+(\t\d+){9}$/);
  });

  it('a missing target gives samples, not a failed run', async () => {
    const port = target.port;
    await target.close();
    bench.write('load.yaml', config(`127.0.0.1:${port}`, { rps: '{type: once, times: 5}' }));
    const { code } = await bench.run(['load.yaml', '-q']);
    assert.equal(code, 0);
    assert.ok(phoutRows(bench.read('phout.log')).every((row) => row[10] === '111' && row[11] === '0'));
  });

  for (const gun of ['http', 'fetch']) {
    it(`ammo that cannot be sent is reported by the ${gun} gun, and every instance continues`, async () => {
      const items = [
        '',
        'POST /short HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhello',
        'GET /a b HTTP/1.1\r\n\r\n',
        'GET / HTTP/1.1\r\nHost: h\r\n\r\n',
      ];
      bench.write('ammo.raw', items.map((item, i) => `${item.length} ${i}\n${item}\n`).join(''));
      bench.write(
        'load.yaml',
        `
pools:
  - gun: {type: ${gun}, target: "${address()}"}
    ammo: {type: raw, file: ammo.raw, passes: 3}
    result: {type: phout, destination: p.log}
    rps: {type: const, ops: 100, duration: 1s}
    startup: {type: once, times: 1}
`,
      );
      const { code, stderr } = await bench.run(['load.yaml']);
      assert.equal(code, 0, stderr);
      const codes = phoutRows(bench.read('p.log')).map((row) => `${row[10]} ${row[11]}`);
      assert.deepEqual(codes, Array<string[]>(3).fill(['999 0', '999 0', '999 0', '0 200']).flat());
      assert.equal(target.stats().total, 3);
    });
  }

  it('writes the log to the file of the config, also with --quiet, and refuses a log that cannot be written', async () => {
    bench.write('load.yaml', config('127.0.0.1:1', { rps: '{type: once, times: 2}', extra: 'log: {file: run.log}' }));
    assert.deepEqual(await bench.run(['load.yaml', '-q']), { code: 0, stdout: '', stderr: '' });
    assert.match(bench.read('run.log'), /connection refused/);
    bench.write('load.yaml', config('127.0.0.1:1', { extra: 'log: {file: no/such/run.log}' }));
    const { code, stderr } = await bench.run(['load.yaml']);
    assert.equal(code, 2);
    assert.match(stderr, /no\/such\/run\.log/);
  });

  it('a result that cannot be written fails the run with the reason', async () => {
    bench.write('load.yaml', config(address(), { result: '{type: phout, destination: ./}' }));
    const { code, stderr } = await bench.run(['load.yaml']);
    assert.equal(code, 1);
    assert.match(stderr, /pool "main"/);
    assert.match(stderr, /EISDIR|is a directory/);
  });
});
