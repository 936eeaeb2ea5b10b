import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, it } from 'node:test';
import { cliFolder, PLUGIN, pool } from './cliFolder.js';
import { elpis } from './inProcess.js';

const { folder, write } = cliFolder();

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
    ['pools[0].gun.target', /^gun connect\n {4}target [\s\S]*^gun http\n {4}target /m],
    ['pools.0.result.destination', /^aggregator phout\n {4}destination /],
    ['rps.line', /^schedule line\n/],
    ['ammo.http/json', /^provider http\/json\n/],
    ['threads', /^threads\n {4}threads +a number of threads.*default 1\n/],
    ['log.level', /^log\.level\n/],
    ['gun.http.dial', /^keys with gun\.http\.dial in their name\n {2}dial\.timeout +how long .*\n +of gun\.http\n/],
    [
      'tls',
      /^keys with tls in their name\n {2}mesh\.tls\.ca +file of .*\n[\s\S]*^ {2}tls\.verify +.*\n +of .*gun\.http2,/m,
    ],
    ['Timeout', /^ {2}thread-timeout .*\n[\s\S]*^ {2}dial\.timeout .*\n +of .*\n[\s\S]*^ {2}idle-conn-timeout /m],
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
