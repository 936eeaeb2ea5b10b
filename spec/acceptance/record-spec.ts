import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import type { RunEvent } from '../../lib/engine/runEvent.js';
import { readRecord } from '../../lib/record/file/readRecord.js';
import type { Target } from '../../lib/target/target.js';
import { atTarget } from './atTarget.js';
import { config } from './config.js';
import type { Bench } from './elpis.js';

describe('the record of a run', () => {
  let target: Target;
  let bench: Bench;
  atTarget((freshBench, freshTarget) => {
    bench = freshBench;
    target = freshTarget;
  });
  const address = (): string => `127.0.0.1:${target.port}`;
  const eventsOf = async (file: string): Promise<RunEvent[]> => {
    const all: RunEvent[] = [];
    for await (const event of (await readRecord(join(bench.folder, file))).events()) all.push(event);
    return all;
  };

  for (const threads of [1, 2]) {
    it(`shows the same summary as the run itself, byte by byte, in ${threads} ${threads === 1 ? 'thread' : 'threads'}`, async () => {
      bench.write('load.yaml', config(address(), { extra: `record: run.elp\nthreads: ${threads}` }));
      const live = await bench.run(['run', 'load.yaml', '--summary-json', 's.json'], {
        env: { TOKEN: 'hope-for-all' },
      });
      assert.equal(live.code, 0, live.stderr);
      const shown = await bench.run(['show', 'run.elp']);
      assert.deepEqual(shown, { code: 0, stdout: live.stdout, stderr: '' });
      const json = await bench.run(['show', 'run.elp', '--json']);
      assert.equal(json.stdout, bench.read('s.json'));
      writeFileSync(join(bench.folder, 'run.elp.gz'), gzipSync(readFileSync(join(bench.folder, 'run.elp'))));
      assert.equal((await bench.run(['show', 'run.elp.gz'])).stdout, live.stdout);
      const watched = await bench.run(['watch', 'run.elp', '--speed', '100']);
      assert.deepEqual([watched.code, watched.stdout], [0, live.stdout]);
      const exchanges = (await eventsOf('run.elp')).flatMap((event) =>
        event.type === 'exchange' ? [event.exchange] : [],
      );
      // Every second row has the tag two, so of two threads one has them all.
      assert.equal(exchanges.length, 6, 'of the tag two, 3 first ones and 3 later ones');
      assert.ok(exchanges.every(({ tag, reason }) => tag === 'two' && reason === 'status 503'));
    });
  }

  it('has the config without secrets, the seed, the versions and the machine', async () => {
    const headers = `headers: ["[Authorization: Bearer abcdef]", "[X-Mine: \${env:TOKEN}]"]`;
    bench.write('load.yaml', config(address()).replace('ammo: {type: uri,', `ammo: {type: uri, ${headers},`));
    const args = [
      'run',
      'load.yaml',
      '--record',
      'run.elp',
      '--seed',
      '7',
      '--set',
      'pools.0.gun.auth.password=glory-be',
    ];
    const refused = await bench.run(args, { env: { TOKEN: 'hope-for-all' } });
    assert.equal(refused.code, 2, 'there is no such key');
    const { code, stderr } = await bench.run(args.slice(0, -2), { env: { TOKEN: 'hope-for-all' } });
    assert.equal(code, 0, stderr);
    const { header } = await readRecord(join(bench.folder, 'run.elp'));
    const { seed, facts } = header;
    assert.equal(seed, 7);
    assert.ok(facts?.config.text.includes('"[Authorization: ***]", "[X-Mine: ${env:TOKEN}]"'), facts?.config.text);
    assert.equal(facts?.config.name, 'load.yaml');
    const whole = bench.read('run.elp');
    for (const secret of ['abcdef', 'hope-for-all']) assert.ok(!whole.includes(secret), secret);
  });

  it('of a killed run can be read and shown', async () => {
    const uris = '"/ one"';
    bench.write('load.yaml', config(address(), { uris, rps: '{type: const, ops: 100, duration: 60s}' }));
    const { child, finished } = bench.start(['run', 'load.yaml', '--record', 'run.elp']);
    const file = join(bench.folder, 'run.elp');
    const windows = (): number => readFileSync(file, 'utf8').split('{"type":"window"').length - 1;
    child.stderr?.on('data', () => undefined);
    while (statSync(file, { throwIfNoEntry: false }) === undefined || windows() < 2)
      await new Promise((resolve) => setTimeout(resolve, 50));
    child.kill('SIGKILL');
    await finished;
    const { code, stdout, stderr } = await bench.run(['show', 'run.elp']);
    assert.equal(code, 0);
    assert.match(stderr, /run\.elp: the record ends before the run has ended/);
    assert.match(stdout, / of 6,000 planned, 0 bad/);
    const ended = (await eventsOf('run.elp')).reduce(
      (n, event) => n + (event.type === 'window' ? event.window.total.ended : 0),
      0,
    );
    assert.ok(ended >= 50, `${ended}`);
    assert.match(stdout, new RegExp(`shots +${ended} of 6,000 planned`));
  });

  it('is written by hit and by rehearse, too', async () => {
    const hit = await bench.run(['hit', `http://${address()}/`, '--for', '1s', '--rps', '20', '--record', 'hit.elp']);
    assert.equal(hit.code, 0, hit.stderr);
    assert.equal((await bench.run(['show', 'hit.elp'])).stdout, hit.stdout);
    bench.write('load.yaml', config('nowhere:1', { extra: 'record: own.elp' }));
    const rehearsal = await bench.run(['rehearse', 'load.yaml', '--target', 'constant(5ms)', '--record', 'model.elp']);
    assert.equal(rehearsal.code, 0, rehearsal.stderr);
    const shown = await bench.run(['show', 'model.elp']);
    assert.match(shown.stdout, /107/);
    assert.equal(
      statSync(join(bench.folder, 'own.elp'), { throwIfNoEntry: false }),
      undefined,
      'only with --write-results',
    );
  });

  it('refuses a file that cannot be a record, and one that is used twice, before the first shot', async () => {
    bench.write('load.yaml', config(address(), { extra: 'record: ./phout.log' }));
    const twice = await bench.run(['run', 'load.yaml']);
    assert.equal(twice.code, 2);
    assert.match(twice.stderr, /"\.\/phout\.log" cannot be written here: .*writes it/);
    bench.write('load.yaml', config(address()));
    for (const [args, message] of [
      [['--record', '.'], /cannot write the record \.: it is a directory/],
      [['--record', 'no/run.elp'], /cannot write the record no\/run\.elp: ENOENT/],
      [['--record', 'a', '--summary-json', './a'], /--record a is also the file of --summary-json/],
      [['--record', 'load.yaml'], /"load\.yaml" cannot be written by --record: this config reads it/],
    ] as const) {
      const { code, stderr } = await bench.run(['run', 'load.yaml', ...args]);
      assert.equal(code, 2, stderr);
      assert.match(stderr, message);
    }
    assert.equal(target.stats().total, 0);
  });

  it('fails the command when the disk is full, and shows the results', async () => {
    bench.write('load.yaml', config(address(), { extra: '' }));
    const { code, stdout, stderr } = await bench.shell('ulimit -f 4; "$NODE" "$ELPIS" run load.yaml --record run.elp');
    assert.equal(code, 1, stderr);
    assert.match(stderr, /cannot write the record run\.elp: EFBIG/);
    assert.match(stdout, /107 planned|107/);
  });
});

describe('elpis export', () => {
  let target: Target;
  let bench: Bench;
  atTarget((freshBench, freshTarget) => {
    bench = freshBench;
    target = freshTarget;
  }, 'describe');

  it('prints the windows of each tag in each format', async () => {
    bench.write('load.yaml', config(`127.0.0.1:${target.port}`));
    const { code } = await bench.run(['run', 'load.yaml', '--record', 'run.elp', '--quiet']);
    assert.equal(code, 0);
    const text = async (...args: string[]): Promise<string> => {
      const { code: exit, stdout, stderr } = await bench.run(['export', 'run.elp', ...args]);
      assert.deepEqual([exit, stderr], [0, '']);
      return stdout;
    };
    const [head = '', ...lines] = (await text()).trimEnd().split('\n');
    const columns = head.split(',');
    const rows = lines.map((line) => Object.fromEntries(line.split(',').map((cell, i) => [columns[i], cell])));
    const sum = (scope: string, tag: string): number =>
      rows.filter((row) => row.scope === scope && row.tag === tag).reduce((n, row) => n + Number(row.ended), 0);
    assert.deepEqual([sum('total', ''), sum('tag', 'one'), sum('tag', 'two')], [107, 54, 53]);
    const objects = (await text('--format', 'jsonl'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { ended: number; scope: string });
    assert.equal(
      objects.filter(({ scope }) => scope === 'total').reduce((n, { ended }) => n + ended, 0),
      107,
    );
    const influx = await text('--format', 'influx', '--tag', 'two');
    assert.match(
      influx,
      /^elpis,pool=main,scope=tag,tag=two ended=\d+i,ok=0i,bad=\d+i,.*response_p99_ms=[\d.]+,.* \d{19}$/m,
    );
    const hdr = await text('--format', 'hdr', '--pool', 'main');
    assert.match(hdr, /^#\[Histogram log format version 1\.3\]\n#\[StartTime: \d+\.\d{3} /);
    const counts = [...hdr.matchAll(/^Tag=main\/tag\/one,[\d.]+,[\d.]+,[\d.]+,(HISTF\S+)$/gm)].map(
      ([, base64 = '']) => decodeFromCompressedBase64(base64, 'packed').totalCount,
    );
    assert.equal(
      counts.reduce((a, b) => a + b, 0),
      54,
    );
  });

  it('writes a file, and refuses the record itself, another file and a full disk', async () => {
    const written = await bench.run(['export', 'run.elp', '--out', 'run.csv']);
    assert.equal(written.code, 0);
    assert.match(bench.read('run.csv'), /^from,to,pool,scope,tag,planned,/);
    for (const [args, message] of [
      [['run.elp', '--out', './run.elp'], /--out \.\/run\.elp is the record itself/],
      [['load.yaml'], /load\.yaml:1: expected the header of a record/],
      [['no.elp'], /no\.elp: there is no such file/],
      [['run.elp', '--out', '/dev/full'], /--out \/dev\/full cannot be written: ENOSPC/],
    ] as const) {
      const { code, stderr } = await bench.run(['export', ...args]);
      assert.equal(code, 2, stderr);
      assert.match(stderr, message);
    }
  });
});
