import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startTarget, type Target } from '../../../lib/target/target.js';
import { elpis } from './inProcess.js';

const folder = mkdtempSync(join(tmpdir(), 'elpis-cli-'));
after(() => rmSync(folder, { recursive: true }));

function write(name: string, content: string): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

const HTTP = { type: 'http', target: '127.0.0.1:1' };
const pool = (ammo: unknown, id = 'main', gun: unknown = HTTP): unknown => ({
  ...{ id, ammo, gun },
  result: { type: 'discard' },
  rps: { type: 'once', times: 1 },
  startup: { type: 'once', times: 1 },
});
const config = (name: string, ...pools: unknown[]): string => write(name, JSON.stringify({ pools }));

const PLUGIN = `
import { component, optional, struct, text } from 'elpis';
import { EMPTY } from 'rxjs';
export const gun = component({
  kind: 'gun', name: 'third-party', summary: 'A gun of another package.',
  options: struct('third-party gun', { word: optional(text, 'hi', 'a word') }),
  create: () => ({ create: () => ({ shoot: () => EMPTY }) }),
});
`;

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

describe('elpis plugins', () => {
  it('lists the components of one kind, with keys, types, defaults and descriptions', async () => {
    const { code, stdout } = await elpis(['plugins', 'gun']);
    assert.equal(code, 0);
    assert.match(stdout, /^gun http\n {2}\S.*\n {4}\S/m);
    assert.match(stdout, /^ {4}target .*required\n {33}\S/m);
    assert.doesNotMatch(stdout, /^(schedule|provider|aggregator) /m);
  });

  it('lists the same components as JSON', async () => {
    const [text, json] = [await elpis(['plugins']), await elpis(['plugins', '--json'])];
    const listed = (JSON.parse(json.stdout) as { kind: string; name: string }[]).map(
      ({ kind, name }) => `${kind} ${name}`,
    );
    assert.deepEqual(
      [...text.stdout.matchAll(/^(\w+ \S+)(?: \(of .*\))?\n {2}\S/gm)].map(([, name]) => name),
      listed,
    );
    assert.ok(listed.includes('provider uri') && listed.includes('aggregator phout'));
  });

  it('refuses an unknown kind and lists the kinds', async () => {
    const { code, stdout, stderr } = await elpis(['plugins', 'guns']);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /there is no kind guns; expected .*\bgun, /);
  });

  it('with a config lists the components of its modules too', async () => {
    write('mine.ts', PLUGIN);
    const plugged = JSON.stringify({
      plugins: ['./mine.ts'],
      pools: [pool({ type: 'num' }, 'main', { type: 'third-party' })],
    });
    const { code, stdout, stderr } = await elpis(['plugins', 'gun', '--config', write('plugged.json', plugged)]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^gun third-party\n {2}A gun of another package\.\n {4}word .*default "hi"\n {33}a word\n/m);
  });

  it('refuses a missing config', async () => {
    const { code, stderr } = await elpis(['plugins', '--config', join(folder, 'none.yaml')]);
    assert.equal(code, 2);
    assert.match(stderr, /none\.yaml/);
  });
});

describe('elpis explain', () => {
  const rows: readonly [key: string, text: RegExp][] = [
    [
      'gun.http',
      /^gun http\n[\s\S]*^ {4}dial\.timeout +a duration such as .*default "3s"\n {33}\S[\s\S]*^ {2}example\n {4}gun:\n {6}type: http\n/m,
    ],
    ['http.target', /^gun http\n {4}target +host:port.*; required\n/],
    ['Gun.HTTP.dial.Time-Out', /^gun http\n {4}dial\.timeout /],
    ['pools.rps', /^pools\.rps\n[\s\S]* {2}types +composite, const, .*\n {2}more +elpis explain rps\.composite\n$/],
    ['pools[0].rps', /^pools\.rps\n/],
    ['pools.0.gun.http.target', /^gun http\n {4}target /],
    ['rps.line', /^schedule line\n/],
    ['ammo.http/json', /^provider http\/json\n/],
    ['threads', /^threads\n {4}threads +a number of threads.*default 1\n/],
    ['log.level', /^log\.level\n/],
  ];
  for (const [key, text] of rows)
    it(key, async () => {
      const { code, stdout, stderr } = await elpis(['explain', key]);
      assert.equal(code, 0, stderr);
      assert.match(stdout, text);
    });

  it('explains every component that plugins lists', async () => {
    const all = JSON.parse((await elpis(['plugins', '--json'])).stdout) as {
      kind: string;
      name: string;
      summary: string;
    }[];
    for (const { kind, name, summary } of all) {
      const { code, stdout } = await elpis(['explain', `${kind}.${name}`]);
      assert.equal(code, 0, name);
      assert.ok(stdout.includes(summary), name);
    }
  });

  it('suggests a key for an unknown one', async () => {
    const { code, stderr } = await elpis(['explain', 'gun.htp']);
    assert.equal(code, 2);
    assert.match(stderr, /^ERROR {2}there is no key or component gun\.htp\nhint {3}did you mean gun\.http\?\n/);
  });

  it('explains the components of the modules of a config', async () => {
    write('mine.ts', PLUGIN);
    const file = write(
      'explained.json',
      JSON.stringify({ plugins: ['./mine.ts'], pools: [pool({ type: 'num' }, 'main', { type: 'third-party' })] }),
    );
    assert.match(
      (await elpis(['explain', 'third-party.word', '--config', file])).stdout,
      /^gun third-party\n {4}word /,
    );
  });
});

describe('elpis schema', () => {
  it('prints a JSON Schema, or writes it to a file and prints the line for editors', async () => {
    const printed = await elpis(['schema']);
    const schema = JSON.parse(printed.stdout) as { properties: Record<string, unknown> };
    assert.ok('pools' in schema.properties);
    const out = join(folder, 'schema.json');
    const written = await elpis(['schema', '--out', out]);
    assert.equal(readFileSync(out, 'utf8'), printed.stdout);
    assert.ok(written.stdout.includes(`# yaml-language-server: $schema=${out}\n`));
  });

  const places: readonly [config: readonly string[], out: string, line: string][] = [
    [[], 'elpis.schema.json', './elpis.schema.json'],
    [[], 'schemas/elpis.json', './schemas/elpis.json'],
    [['loads/load.yaml'], 'elpis.schema.json', '../elpis.schema.json'],
    [['loads/load.yaml'], 'loads/elpis.schema.json', './elpis.schema.json'],
  ];
  for (const [config, out, line] of places)
    it(`--out ${out} ${config.join('')}: the line for editors has the path relative to the config`, async () => {
      const here = mkdtempSync(join(folder, 'schema-'));
      for (const name of ['loads', 'schemas']) mkdirSync(join(here, name));
      writeFileSync(join(here, 'loads/load.yaml'), 'pools: []\n');
      const inHere = (name: string): string => relative('.', join(here, name));
      const { stdout, stderr } = await elpis(['schema', ...config.map(inHere), '--out', inHere(out)]);
      const from = config.length === 0 ? '.' : dirname(inHere(config[0] as string));
      const wanted = config.length === 0 ? inHere(out) : line;
      assert.equal(stderr, '');
      assert.ok(stdout.endsWith(`# yaml-language-server: $schema=${wanted}\n`), stdout);
      assert.ok(existsSync(join(from, wanted)));
    });

  it('has the components of the modules of a config, also when the rest of the config is wrong', async () => {
    write('mine.ts', PLUGIN);
    const file = write('plugged.yaml', 'plugins: [./mine.ts]\npools: nonsense\n');
    const { code, stdout, stderr } = await elpis(['schema', file]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /"third-party"/);
    assert.doesNotMatch((await elpis(['schema'])).stdout, /third-party/);
  });

  it('refuses a missing module, and a file that cannot be written', async () => {
    const file = write('missing.yaml', 'plugins: [./missing.mjs]\npools: []\n');
    assert.match((await elpis(['schema', file])).stderr, /missing\.mjs/);
    const { code, stderr } = await elpis(['schema', '--out', join(folder, 'no/such/schema.json')]);
    assert.equal(code, 2);
    assert.match(stderr, /no\/such\/schema\.json/);
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
