import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { startTarget, type Target } from '../../lib/target/target.js';
import { Bench, phoutRows } from './elpis.js';

const config = (
  address: string,
  more: { rps?: string; startup?: string; uris?: string; result?: string; extra?: string } = {},
): string => `
pools:
  - id: main
    gun: {type: http, target: "${address}"}
    ammo: {type: uri, uris: [${more.uris ?? '"/ one", "/status/503 two"'}]}
    result: ${more.result ?? '{type: phout, destination: ./phout.log, id: true}'}
    rps: ${more.rps ?? '[{type: const, ops: 100, duration: 1s}, {type: once, times: 7}]'}
    startup: ${more.startup ?? '{type: once, times: 5}'}
${more.extra ?? ''}`;

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

  it('counts at the server, in phout and in the summary are the same', async () => {
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

  it('is what a bare file name means, takes stdin, and is silent when asked', async () => {
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

  it('leaves stdout to a result that is written there', async () => {
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

  it('SIGINT drains: what is under way finishes, everything is flushed, the code is 130', async () => {
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

  it('a second signal stops at once and records what was under way as unfinished', async () => {
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

  it('a target that is not there gives samples, not a failed run', async () => {
    const port = target.port;
    await target.close();
    bench.write('load.yaml', config(`127.0.0.1:${port}`, { rps: '{type: once, times: 5}' }));
    const { code } = await bench.run(['load.yaml', '-q']);
    assert.equal(code, 0);
    assert.ok(phoutRows(bench.read('phout.log')).every((row) => row[10] === '111' && row[11] === '0'));
  });

  for (const gun of ['http', 'fetch']) {
    it(`ammo that can not be sent is reported by the ${gun} gun, and no instance is lost`, async () => {
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

  it('writes the log where the config says, also when quiet, and refuses a log that can not be written', async () => {
    bench.write('load.yaml', config('127.0.0.1:1', { rps: '{type: once, times: 2}', extra: 'log: {file: run.log}' }));
    assert.deepEqual(await bench.run(['load.yaml', '-q']), { code: 0, stdout: '', stderr: '' });
    assert.match(bench.read('run.log'), /connection refused/);
    bench.write('load.yaml', config('127.0.0.1:1', { extra: 'log: {file: no/such/run.log}' }));
    const { code, stderr } = await bench.run(['load.yaml']);
    assert.equal(code, 2);
    assert.match(stderr, /no\/such\/run\.log/);
  });

  it('a result that can not be written fails the run and says why', async () => {
    bench.write('load.yaml', config(address(), { result: '{type: phout, destination: ./no/such/folder/p.log}' }));
    const { code, stderr } = await bench.run(['load.yaml']);
    assert.equal(code, 1);
    assert.match(stderr, /pool "main"/);
    assert.match(stderr, /no\/such\/folder/);
  });
});

describe('elpis hit', () => {
  let target: Target;
  let bench: Bench;
  beforeEach(async () => {
    target = await startTarget();
    bench = new Bench();
  });
  afterEach(async () => {
    await target.close();
    bench.remove();
  });

  it('shoots one URL at a rate, with method, headers and body', async () => {
    const { code, stdout } = await bench.run([
      'hit',
      `${target.url}/echo?a=1`,
      '--rps',
      '50',
      '--for',
      '1s',
      '--instances',
      '3',
      '--body',
      'hello',
      '--header',
      'X-A: b',
    ]);
    assert.equal(code, 0);
    assert.match(stdout, /50 of 50 planned/);
    assert.deepEqual(target.stats().methods, { POST: 50 });
  });

  it('without a rate is a closed loop', async () => {
    const { code } = await bench.run([
      'hit',
      `127.0.0.1:${target.port}/`,
      '--for',
      '300ms',
      '-q',
      '--summary-json',
      's.json',
    ]);
    const { pools } = JSON.parse(bench.read('s.json')) as {
      pools: { planned: { count: null }; total: { shots: number } }[];
    };
    assert.equal(code, 0);
    assert.equal(pools[0]?.planned.count, null);
    assert.equal(pools[0]?.total.shots, target.stats().total);
    assert.ok(target.stats().total > 100);
  });

  const wrong: readonly [args: readonly string[], message: RegExp][] = [
    [['ftp://x/'], /not an http or https URL/],
    [['http://x/', '--header', 'nonsense'], /expected "Name: value"/],
    [['http://x/', '--for', '10'], /duration.*10/s],
    [['http://x/', '--rps', '-1'], /--rps/],
    [['http://x/', '--pacing', 'fast'], /relaxed, precise/],
  ];
  for (const [args, message] of wrong) {
    it(`refuses ${args.join(' ')}`, async () => {
      const { code, stderr } = await bench.run(['hit', ...args]);
      assert.equal(code, 2);
      assert.match(stderr, message);
    });
  }
});

describe('elpis with input that can not be used', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = new Bench();
  });
  afterEach(() => bench.remove());

  it('tells everything that is wrong at once, with places and hints, and exits with 2', async () => {
    bench.write(
      'load.yaml',
      `pools:
  - gun: {type: htp, target: "localhost:80"}
    ammo: {type: uri, uris: ["/"]}
    result: {type: phout, destinaton: ./phout.log}
    rps: {type: const, ops: 10, duration: 30}
    startup: {type: once, times: "2"}
    shared: true
`,
    );
    const { code, stderr } = await bench.run(['check', 'load.yaml']);
    assert.equal(code, 2);
    assert.match(stderr, /load\.yaml:2:\d+ +pools\[0\]\.gun\.type.*did you mean http\?/s);
    assert.match(stderr, /destinaton.*did you mean destination\?/s);
    assert.match(stderr, /pools\[0\]\.rps\.duration/);
    assert.match(stderr, /pools\[0\]\.startup\.times/);
    assert.match(stderr, /pools\[0\]\.shared/);
  });

  const rows: readonly [args: readonly string[], message: RegExp][] = [
    [['run', 'missing.yaml'], /missing\.yaml/],
    [['run', 'load.toml'], /load\.toml/],
    [['run'], /load/],
    [['chekc', 'load.yaml'], /Did you mean check\?/],
    [['run', '--nope'], /unknown option '--nope'/],
    [['target', '--port', 'x'], /--port/],
    [['check', 'a.yaml', 'b.yaml'], /too many arguments/],
  ];
  for (const [args, message] of rows) {
    it(`elpis ${args.join(' ')}`, async () => {
      bench.write('load.toml', '');
      if (args.length === 1) bench.write('other', '');
      const { code, stderr } = await bench.run(args);
      assert.equal(code, 2);
      assert.match(stderr, message);
    });
  }
});

describe('elpis looks before it shoots', () => {
  let bench: Bench;
  before(() => {
    bench = new Bench();
    bench.write(
      'load.yaml',
      config('127.0.0.1:1', { rps: '[{type: line, from: 0, to: 10, duration: 10s}, {type: unlimited, duration: 1s}]' }),
    );
    bench.write(
      'fixed.yaml',
      config('127.0.0.1:1', {
        rps: '[{type: const, ops: 3, duration: 1s}, {type: once, times: 2}]',
        uris: '"[X-A: b]", "/é?q=1 tag one"',
      }),
    );
  });
  after(() => bench.remove());

  it('check --json', async () => {
    const { stdout } = await bench.run(['check', 'load.yaml', '--json']);
    assert.deepEqual(JSON.parse(stdout), {
      pools: [{ id: 'main', rpsPerInstance: false, discardOverflow: true, startupTokens: 5, rpsTokens: -1 }],
      limits: [],
    });
  });

  it('plan --json and plan --ticks', async () => {
    const plan = await bench.run(['plan', 'fixed.yaml', '--json']);
    assert.deepEqual(JSON.parse(plan.stdout), {
      pools: [{ id: 'main', shots: 5, durationMs: 1000, peakPerSecond: 3 }],
    });
    const ticks = await bench.run(['plan', 'fixed.yaml', '--ticks', '4']);
    assert.deepEqual(
      ticks.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
      [0, 333.333333, 666.666666, 1000].map((offsetMs, index) => ({ pool: 'main', index, offsetMs })),
    );
  });

  it('plan draws a chart', async () => {
    const { stdout } = await bench.run(['plan', 'fixed.yaml']);
    assert.match(stdout, /shots +5/);
    assert.match(stdout, /█/);
  });

  it('ammo --json', async () => {
    const { stdout } = await bench.run(['ammo', 'fixed.yaml', '--limit', '2', '--json']);
    const request = {
      pool: 'main',
      tag: 'tag one',
      method: 'GET',
      requestTarget: '/%C3%A9?q=1',
      host: '',
      headers: { 'X-A': ['b'] },
      body: null,
    };
    assert.deepEqual(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
      [
        { ...request, id: 1 },
        { ...request, id: 2 },
      ],
    );
  });

  it('plugins lists every kind; init writes a config that check accepts and does not overwrite', async () => {
    const { stdout } = await bench.run(['plugins']);
    for (const name of [
      'gun http',
      'provider uri',
      'schedule instance_step',
      'aggregator phout',
      'sink file',
      'source stdin',
      'middleware header/date',
    ])
      assert.ok(stdout.includes(name), name);
    assert.equal((await bench.run(['init', 'new.yaml'])).code, 0);
    assert.equal((await bench.run(['check', 'new.yaml'])).code, 0);
    assert.equal((await bench.run(['init', 'new.yaml'])).code, 2);
  });

  it('--version and --help', async () => {
    assert.match((await bench.run(['--version'])).stdout, /^elpis \d+\.\d+\.\d+\n$/);
    assert.match((await bench.run(['--help'])).stdout, /plugins/);
    for (const command of ['run', 'check', 'plan', 'ammo', 'init', 'plugins', 'target']) {
      assert.equal((await bench.run([command, '--help'])).code, 0);
    }
  });
});
