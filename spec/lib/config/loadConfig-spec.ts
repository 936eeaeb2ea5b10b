import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { isLeft } from 'fp-ts/lib/Either.js';
import { ConfigError } from '../../../lib/codec/report/configError.js';
import type { Config } from '../../../lib/config/config.js';
import { loadConfig } from '../../../lib/config/loadConfig.js';
import { type ElpisError, isElpisError } from '../../../lib/core/errors.js';
import { probeRegistry, probeText } from './probe.js';

let folder = '';

function write(name: string, text: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}

function load(location: string | undefined, stdin = '') {
  const deps = { registry: probeRegistry(), env: {}, stdin: Readable.from([stdin]), cwd: folder };
  return loadConfig(location, deps)();
}

async function loaded(location: string | undefined, stdin?: string): Promise<Config> {
  const result = await load(location, stdin);
  if (isLeft(result)) assert.fail(`${result.left.code}: ${result.left.message}`);
  return result.right;
}

async function refused(location: string | undefined, stdin?: string): Promise<ElpisError> {
  const result = await load(location, stdin);
  assert.ok(isLeft(result), 'must be refused');
  return result.left;
}

const named = (id: string): string => probeText('').replace('- gun', `- id: ${id}\n    gun`);
const idOf = ({ pools }: Config): string | undefined => pools[0]?.id;
const asToml = (id: string): string => `
[[pools]]
id = "${id}"
gun.type = "fake"
ammo.type = "probe"
result.type = "discard"
rps = [{ type = "once", times = 1 }]
startup = { type = "once", times = 1 }
`;
const asJson = (id: string): string => {
  const once = { type: 'once', times: 1 };
  const [gun, ammo, result] = [{ type: 'fake' }, { type: 'probe' }, { type: 'discard' }];
  return JSON.stringify({ pools: [{ id, gun, ammo, result, rps: [once], startup: once }] });
};

describe('loading a config', () => {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'elpis-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('reads a file by its extension; without one it is YAML', async () => {
    for (const name of ['a.yaml', 'b.yml', 'c', 'sub/d.YAML']) {
      write(name, named('yes'));
      assert.equal(idOf(await loaded(name)), 'yes', name);
    }
    write('f.TOML', asToml('toml'));
    assert.equal(idOf(await loaded('f.TOML')), 'toml');
    write('e.json', asJson('json'));
    assert.equal(idOf(await loaded('e.json')), 'json');
    assert.equal(idOf(await loaded(join(folder, 'e.json'))), 'json');
  });

  it('is strict about JSON, and ignores a byte order mark', async () => {
    write('a.json', named('yaml'));
    assert.match((await refused('a.json')).message, /^a\.json:1:1 /);
    write('b.json', `\uFEFF${asJson('json')}`);
    assert.equal(idOf(await loaded('b.json')), 'json');
    write('c.yaml', `\uFEFF${named('yaml')}`);
    assert.equal(idOf(await loaded('c.yaml')), 'yaml');
  });

  it('reads standard input as YAML', async () => {
    assert.equal(idOf(await loaded('-', named('in'))), 'in');
    assert.equal(idOf(await loaded('-', asJson('json is YAML'))), 'json is YAML');
  });

  it('searches load.* in the folder and in ./config, in a fixed order', async () => {
    assert.match((await refused(undefined)).hint ?? '', /elpis init/);
    const order = ['config/load.yml', 'config/load.yaml', 'config/load.json', 'load.yml', 'load.yaml'];
    for (const name of order) {
      write(name, name.endsWith('json') ? asJson(name) : named(name));
      const found = await loaded(undefined);
      assert.equal(idOf(found), name);
      assert.equal(found.document.name, name);
    }
    mkdirSync(join(folder, 'load.json'));
    assert.equal(idOf(await loaded(undefined)), 'load.yaml', 'a folder is no file');
    write('load.toml', 'pools = []');
    assert.equal((await loaded(undefined)).document.name, 'load.toml', 'before YAML, as in Pandora');
  });

  it('reports why a location cannot be read', async () => {
    mkdirSync(join(folder, 'dir.yaml'));
    const rows: readonly (readonly [location: string, message: RegExp])[] = [
      ['nope.yaml', /^nope\.yaml: there is no such file$/],
      ['dir.yaml', /^dir\.yaml: it is a folder$/],
      ['a.hcl', /^a\.hcl: .* hcl$/],
      ['nope.ts', /nope\.ts.*nope\.ts/],
    ];
    for (const [location, message] of rows) {
      const error = await refused(location);
      assert.ok(isElpisError(error, 'ELPIS_CONFIG_READ'), location);
      assert.match(error.message, message);
    }
    assert.match((await refused('a.hcl')).hint ?? '', /yaml.*json.*toml/);
  });

  it('reads from an http address', async () => {
    const server = createServer(({ url }, response) => {
      const texts: Readonly<Record<string, string>> = {
        '/a': named('yaml'),
        '/a.json': asJson('json'),
        '/a.toml?v=1': asToml('toml'),
      };
      const text = texts[url ?? ''];
      response.writeHead(text === undefined ? 404 : 200).end(text);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      assert.equal(idOf(await loaded(`${origin}/a`)), 'yaml');
      assert.equal(idOf(await loaded(`${origin}/a.json`)), 'json');
      assert.equal(idOf(await loaded(`${origin}/a.toml?v=1`)), 'toml');
      assert.match((await refused(`${origin}/nope`)).message, /\/nope: the server responded with 404/);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
    assert.match((await refused('http://127.0.0.1:1/a')).message, /^http:\/\/127\.0\.0\.1:1\/a: connect ECONNREFUSED/);
  });

  it('reads a module in TypeScript or JavaScript that exports a value or a function that returns one', async () => {
    write('pools.ts', `export const pools: readonly unknown[] = ${asJson('ts')}.pools;`);
    write('load.ts', `import { pools } from './pools.ts';\nexport default { pools, log: { level: 'warn' as const } };`);
    const typed = await loaded('load.ts');
    assert.equal(idOf(typed), 'ts');
    assert.equal(typed.log.level, 'warn');
    write('load.mjs', `const made = await Promise.resolve(${asJson('mjs')});\nexport default async () => made;`);
    assert.equal(idOf(await loaded('load.mjs')), 'mjs');
    write('load.cjs', `module.exports = ${asJson('cjs')};`);
    assert.equal(idOf(await loaded('load.cjs')), 'cjs');
  });

  it('reports the place of an error in a module', async () => {
    write('syntax.ts', 'export default {\n  a: ,\n};');
    assert.match((await refused('syntax.ts')).message, /syntax\.ts:2:5: /);
    write('throws.ts', '\n\nthrow new Error("boom");\nexport default {};');
    assert.match((await refused('throws.ts')).message, /throws\.ts:3:\d+: boom$/);
    write('nothing.ts', 'export const a = 1;');
    assert.match((await refused('nothing.ts')).message, /no default export/);
    write('flawed.ts', `export default ${asJson('a').replace('"probe"', '"probe", wait: "30"')};`);
    assert.match((await refused('flawed.ts')).message, /^flawed\.ts {2}pools\[0\]\.ammo\.wait: .*30s/);
  });
});

const USER_GUN = `
import { component, struct, optional, text, type Gun } from 'elpis';
import { EMPTY } from 'rxjs';
export const gun = component({
  kind: 'gun', name: 'mine', summary: 'A gun of my own.',
  options: struct('my gun', { word: optional(text, 'hi', 'a word') }),
  create: ({ word }: { word: string }) => ({ create: (): Gun<unknown, never> => ({ shoot: () => EMPTY }), word }),
});
`;

describe("a user's own modules", () => {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'elpis-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const using = (plugins: string): string =>
    `plugins: ${plugins}\n${probeText('').replace('{type: fake}', '{type: mine, word: ho}')}`;

  it('are loaded from TypeScript, relative to the config, and add components', async () => {
    write('sub/guns/mine.ts', USER_GUN);
    write('sub/load.yaml', using('[./guns/mine.ts]'));
    const config = await loaded('sub/load.yaml');
    assert.deepEqual(config.pools[0]?.gun.options, { word: 'ho' });
    assert.deepEqual(config.registry.names('gun'), ['fake', 'mine']);
    assert.deepEqual(config.plugins, ['./guns/mine.ts']);
  });

  it('may export one component, several, a list, or a function that registers them', async () => {
    const forms: readonly string[] = [
      'export default gun;',
      'export default [gun]; export const helper = 1;',
      'export { gun as a, gun as b };',
      'export function register(registry: Registry) { registry.register(gun); }',
      'export default async (registry: Registry) => void registry.register(gun);',
    ];
    for (const [i, form] of forms.entries()) {
      write(`mine${i}.ts`, `import type { Registry } from 'elpis';${USER_GUN.replace('export const', 'const')}${form}`);
      write('load.yaml', using(`[./mine${i}.ts]`));
      assert.ok((await loaded('load.yaml')).registry.find('gun', 'mine'), form);
    }
  });

  it('share the running copy of elpis and rxjs, in any folder', async () => {
    write(
      'mine.ts',
      `${USER_GUN}
      import { Observable } from 'rxjs';
      import * as operators from 'elpis/operators';
      import { ElpisError } from 'elpis';
      Object.assign(gun, { seen: { Observable, operators, ElpisError } });`,
    );
    write('load.yaml', using('[./mine.ts]'));
    const gun = (await loaded('load.yaml')).registry.find('gun', 'mine') as unknown as {
      seen: Record<string, unknown>;
    };
    assert.equal(gun.seen.Observable, (await import('rxjs')).Observable);
    assert.equal(gun.seen.ElpisError, (await import('../../../lib/core/errors.js')).ElpisError);
    assert.equal(
      (gun.seen.operators as Record<string, unknown>).shoot,
      (await import('../../../operators/shots/shoot.js')).shoot,
    );
  });

  it('are evaluated once, for any number of modules and configs that import them', async () => {
    write('shared.ts', 'export const names: string[] = [];');
    for (const name of ['one', 'two']) {
      const gun = USER_GUN.replace("'mine'", `'${name}'`).replace('export const gun', 'export const gun: object');
      write(
        `${name}.ts`,
        `import { names } from './shared.ts';\nnames.push('${name}');${gun}\nObject.assign(gun, { names });`,
      );
    }
    write('load.yaml', `plugins: [./one.ts, ./two.ts]\n${probeText('')}`);
    const two = (await loaded('load.yaml')).registry.find('gun', 'two') as unknown as { names: readonly string[] };
    assert.deepEqual(two.names, ['one', 'two']);
  });

  it('may be a package beside the config', async () => {
    write('node_modules/my-guns/package.json', '{"name": "my-guns", "main": "index.mjs", "type": "module"}');
    write(
      'node_modules/my-guns/index.mjs',
      USER_GUN.replace(', type Gun', '').replace(/: (Gun<.*?>|\{ word: string \})/g, ''),
    );
    write('load.yaml', using('[my-guns]'));
    assert.ok((await loaded('load.yaml')).registry.find('gun', 'mine'));
  });

  it('that cannot be used are reported with file, line and cause', async () => {
    const rows: readonly (readonly [name: string, text: string | undefined, message: RegExp])[] = [
      ['./nope.ts', undefined, /nope\.ts/],
      ['no-such-package', undefined, /no-such-package/],
      ['./syntax.ts', 'const a = ;', /syntax\.ts:1:10: /],
      ['./throws.ts', '\nthrow new Error("boom");', /throws\.ts:2:\d+: boom/],
      ['./empty.ts', 'export const a = 1;', /empty\.ts: .*no component/],
      ['./twice.ts', USER_GUN.replace("'mine'", "'fake'"), /twice\.ts: gun "fake" is registered twice/],
      ['./fails.ts', 'export function register() {\n  throw new Error("no");\n}', /fails\.ts:2:\d+: no/],
    ];
    for (const [name, text, message] of rows) {
      if (text !== undefined) write(name, text);
      write('load.yaml', using(`["${name}"]`));
      const error = await refused('load.yaml');
      assert.ok(error instanceof ConfigError, `${name}: ${error.message}`);
      assert.equal(error.issues[0]?.path, 'plugins[0]');
      assert.match(error.message, message);
    }
  });
});
