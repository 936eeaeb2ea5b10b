import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startTarget, type Target } from '../../../lib/target/target.js';
import { cliFolder, PLUGIN, pool } from './cliFolder.js';
import { elpis } from './inProcess.js';

const { folder, write, config } = cliFolder();

describe('elpis ammo', () => {
  const uris = ['[Host: shop.test]', '/a one', '/b?q=1'];

  /** Ammo that is no request is shown as JSON. */
  const number = (value: number): string => {
    const shown = { id: value + 1, tag: '' };
    return JSON.stringify({ pool: '', ...shown, value: { protocol: 'number', ...shown, value } });
  };

  it('shows the first requests of each pool: number, method, target, host and tag', async () => {
    write('mine.ts', PLUGIN);
    const pools = [pool({ type: 'uri', uris }), pool({ type: 'num' }, 'numbers', { type: 'third-party' })];
    const file = write('ammo.json', JSON.stringify({ plugins: ['./mine.ts'], pools }));
    const { code, stdout, stderr } = await elpis(['ammo', file, '--limit', '3']);
    assert.deepEqual([code, stderr], [0, '']);
    assert.equal(
      stdout,
      `main
     1  GET /a  host shop.test  tag one
     2  GET /b?q=1  host shop.test
     3  GET /a  host shop.test  tag one
numbers
${[0, 1, 2].map((value) => number(value)).join('\n')}
`,
    );
  });

  it('shows the size of a body in bytes, not in characters', async () => {
    const raw = 'POST /é HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\n\u00e9\u00e9';
    const ammo = write('body.raw', `${Buffer.byteLength(raw)} up\n${raw}\n`);
    const { stdout } = await elpis(['ammo', config('body.json', pool({ type: 'raw', file: ammo })), '--limit', '1']);
    assert.match(stdout, /POST .*tag up {2}\(4 bytes\)\n$/);
  });

  it('with --json prints a line for each, and nothing else', async () => {
    const { stdout } = await elpis([
      'ammo',
      config('json.json', pool({ type: 'uri', uris })),
      '--limit',
      '2',
      '--json',
    ]);
    const lines = stdout.trim().split('\n');
    assert.deepEqual(
      lines.map((line) => (JSON.parse(line) as { requestTarget: string }).requestTarget),
      ['/a', '/b?q=1'],
    );
  });

  it('continues with the next pool when one cannot be read, and ends with 1', async () => {
    const bad = pool({ type: 'uri', file: write('bad.uri', '/a\n/bad%zz\n') }, 'bad');
    const { code, stdout, stderr } = await elpis([
      'ammo',
      config('two.json', bad, pool({ type: 'uri', uris: ['/c'] })),
      '--limit',
      '2',
    ]);
    assert.equal(code, 1);
    assert.match(stderr, /bad\.uri:2/);
    assert.match(stdout, /^bad\n {5}1 {2}GET \/a\nmain\n {5}1 {2}GET \/c\n/);
  });

  it('refuses an invalid config with 2', async () => {
    const { code, stderr } = await elpis(['ammo', config('wrong.json', pool({ type: 'urii' }))]);
    assert.equal(code, 2);
    assert.match(stderr, /did you mean uri\?/);
  });
});

describe('elpis init', () => {
  it('writes a config that check accepts, for the given target', async () => {
    const file = join(folder, 'init.yaml');
    const { code, stdout } = await elpis(['init', file, '--target', 'shop.test:81']);
    assert.equal(code, 0);
    assert.match(stdout, /wrote .*init\.yaml/);
    assert.match(readFileSync(file, 'utf8'), /shop\.test:81/);
    assert.equal((await elpis(['check', file])).code, 0);
  });

  it('does not change an existing file, except with --force', async () => {
    const file = write('mine.yaml', 'mine');
    const { code, stderr } = await elpis(['init', file]);
    assert.equal(code, 2);
    assert.match(stderr, /mine\.yaml already exists; --force replaces it/);
    assert.equal(readFileSync(file, 'utf8'), 'mine');
    assert.equal((await elpis(['init', file, '--force'])).code, 0);
    assert.notEqual(readFileSync(file, 'utf8'), 'mine');
  });

  const kinds: readonly [args: readonly string[], files: readonly string[], next: RegExp][] = [
    [[], ['load.yaml'], /npx elpis schema --out \S*elpis\.schema\.json +# /],
    [
      ['--scenario'],
      ['load.yaml', 'scenario.ts', 'responses.ts'],
      /npx elpis rehearse \S*load\.yaml --target 'constant\(20ms\)' --responses \S*responses\.ts +# /,
    ],
    [['--typescript'], ['load.ts'], /npx elpis run \S*load\.ts +# /],
    [['--scenario', '--typescript'], ['load.ts', 'scenario.ts', 'responses.ts'], /npx elpis target & +# /],
  ];
  for (const [args, files, next] of kinds)
    it(`${['init', ...args].join(' ')} writes ${files.join(' and ')}, which shoot at the bundled target`, async () => {
      const here = mkdtempSync(join(folder, 'init-'));
      const target = await startTarget();
      try {
        const paths = files.map((name) => join(here, name));
        const [file = ''] = paths;
        const { code, stdout } = await elpis(['init', file, ...args, '--target', `127.0.0.1:${target.port}`]);
        assert.equal(code, 0);
        assert.equal(stdout.split('\n\n')[0], paths.map((path) => `wrote ${path}`).join('\n'));
        assert.match(stdout, next);
        if (file.endsWith('.yaml'))
          assert.match(readFileSync(file, 'utf8'), /^# yaml-language-server: \$schema=\.\/elpis\.schema\.json\n/);
        const ran = await elpis([
          ...[
            'run',
            file,
            '--duration',
            '1s',
            '--set',
            'pools.0.result={type: discard}',
            '--summary-json',
            join(here, 's.json'),
          ],
        ]);
        assert.equal(ran.code, 0, ran.stderr);
        const { pools } = JSON.parse(readFileSync(join(here, 's.json'), 'utf8')) as {
          pools: [{ total: { shots: number; failed: number; badStatus: number } }];
        };
        const { shots, failed, badStatus } = pools[0].total;
        assert.ok(shots >= 20);
        assert.deepEqual([failed, badStatus], [0, 0]);
      } finally {
        await target.close();
      }
    });

  it('writes nothing when one of its files exists', async () => {
    const here = mkdtempSync(join(folder, 'init-'));
    writeFileSync(join(here, 'scenario.ts'), 'mine');
    const { code, stderr } = await elpis(['init', join(here, 'load.yaml'), '--scenario']);
    assert.equal(code, 2);
    assert.match(stderr, /scenario\.ts already exists/);
    assert.ok(!existsSync(join(here, 'load.yaml')));
  });

  it('reports why a file cannot be written', async () => {
    const { code, stderr } = await elpis(['init', join(folder, 'no/such/folder.yaml')]);
    assert.equal(code, 2);
    assert.match(stderr, /no\/such\/folder\.yaml/);
    assert.doesNotMatch(stderr, /--force/);
  });
});

describe('elpis hit', () => {
  let target: Target;
  before(async () => {
    target = await startTarget();
  });
  after(() => target.close());

  it('shoots the URL at the rate, with method, headers and body, and writes the summary', async () => {
    const summary = join(folder, 'hit.json');
    const { code, stdout, stderr } = await elpis([
      ...['hit', `${target.url}/echo?a=1`, '--rps', '200', '--for', '100ms', '--instances', '3'],
      ...['--body', 'hello', '--header', 'X-A: b', '--summary-json', summary],
    ]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /20 of 20 planned/);
    assert.deepEqual(target.stats().methods, { POST: 20 });
    const { pools } = JSON.parse(readFileSync(summary, 'utf8')) as { pools: { total: { shots: number } }[] };
    assert.deepEqual(
      pools.map(({ total }) => total.shots),
      [20],
    );
  });

  const wrong: readonly [args: readonly string[], message: RegExp][] = [
    [['ftp://x/'], /not an http or https URL/],
    [['http://x/', '--header', 'nonsense'], /expected "Name: value"/],
    [['http://x/', '--for', '1'], /--for: expected .*duration.*, got "1"\nhint {3}add a unit: 1s or 1ms/],
    [['http://x/', '--rps', '-1'], /--rps/],
    [['http://x/', '--pacing', 'fast'], /relaxed, precise/],
    [['http://x/', '--instances', '0'], /--instances: expected a whole number of at least 1, got "0"/],
    [[], /missing required argument 'url'/],
  ];
  for (const [args, message] of wrong) {
    it(`refuses: elpis hit ${args.join(' ')}`, async () => {
      const { code, stderr } = await elpis(['hit', ...args]);
      assert.equal(code, 2);
      assert.match(stderr, message);
    });
  }
});

describe('elpis target', () => {
  it('serves until a signal arrives, which is its normal end', async () => {
    const signals = new EventEmitter();
    const answers: Promise<number>[] = [];
    const { code, stdout } = await elpis(['target', '--port', '0'], {
      signals,
      heard: (said) => {
        const url = /http:\S+/.exec(said)?.[0];
        if (url === undefined) return;
        answers.push(fetch(url).then(({ status }) => status));
        void answers[0]?.finally(() => signals.emit('SIGTERM', 'SIGTERM'));
      },
    });
    assert.equal(code, 0);
    assert.match(stdout, /^listening on http:\/\/127\.0\.0\.1:\d+\n$/);
    assert.deepEqual(await Promise.all(answers), [200]);
  });

  it('reports why it cannot listen', async () => {
    const taken = await startTarget();
    try {
      const { code, stderr } = await elpis(['target', '--port', String(taken.port)]);
      assert.equal(code, 2);
      assert.match(stderr, /EADDRINUSE/);
    } finally {
      await taken.close();
    }
  });
});
