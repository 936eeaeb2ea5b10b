import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { isLeft } from 'fp-ts/lib/Either.js';
import { builtins } from '../../../lib/builtins/builtins.js';
import { loadConfig } from '../../../lib/config/loadConfig.js';
import { type MadeBundle, makeBundle, sendBundle } from '../../../lib/mesh/bundle/makeBundle.js';
import { Permissions } from '../../../lib/mesh/bundle/permissions.js';
import { unpackBundle } from '../../../lib/mesh/bundle/unpackBundle.js';
import type { Bundle } from '../../../lib/mesh/groupMessages.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { MemoryBus, MemoryServer } from './memoryBus.js';

let root: string;
let here: string;
let there: string;

const write = (name: string, text: string): string => {
  const path = join(here, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
};

const CONFIG = (more = '', ammo = 'data/a.uri'): string => `
pools:
  - id: p
    gun: {type: http, target: "127.0.0.1:80"}
    ammo: {type: uri, file: ${ammo}}
    result: {type: phout, destination: p.log}
    rps: {type: once, times: 1}
    startup: {type: once, times: 1}
${more}`;

async function config(text: string, env: Record<string, string> = {}) {
  write('load.yaml', text);
  const loaded = await loadConfig('load.yaml', { registry: builtins(), env, cwd: here })();
  return isLeft(loaded) ? assert.fail(loaded.left.message) : loaded.right;
}

async function bundled(
  text: string,
  more: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<MadeBundle> {
  return makeBundle(await config(text, env), { location: 'load.yaml' }, { cwd: here, more });
}

const files = () => new MemoryBus(new MemoryServer(), new VirtualClock(0)).files;
const tree = (folder: string): readonly string[] =>
  (
    readdirSync(folder, { recursive: true, withFileTypes: true }) as {
      name: string;
      parentPath: string;
      isFile(): boolean;
    }[]
  )
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

describe('the bundle of a run', () => {
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'elpis-bundle-')));
    here = join(root, 'here');
    there = join(root, 'there');
    mkdirSync(here);
    write('data/a.uri', '/ a\n');
    write('unused.txt', 'secret');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('has what the config names and nothing else, and each content is sent once', async () => {
    write('lib/every.ts', "export { n } from '../lib/n.js';\n");
    write('lib/n.ts', 'export const n = 7;\n');
    write('mine.ts', "import { n } from './lib/every';\nexport default [];\nexport const register = () => n;\n");
    write('same.txt', '/ a\n');
    const made = await bundled(CONFIG('plugins: [./mine.ts]'), ['same.txt']);
    const store = files();
    const sent = await sendBundle(made, store);
    assert.equal(await sendBundle(made, store), 0, 'the second time everything is there');
    assert.ok(sent < made.bytes, 'two files with one content');
    const cwd = await unpackBundle(made.bundle, there, store);
    assert.equal(cwd, there);
    assert.deepEqual(tree(there), ['data/a.uri', 'lib/every.ts', 'lib/n.ts', 'load.yaml', 'mine.ts', 'same.txt']);
    assert.equal(made.bundle.modules, true);
    assert.deepEqual(
      made.bundle.files
        .filter(({ code }) => code)
        .map(({ path }) => path)
        .sort(),
      ['lib/every.ts', 'lib/n.ts', 'mine.ts'],
    );
  });

  it('keeps relative paths that leave the working directory', async () => {
    writeFileSync(join(root, 'shared.uri'), '/ s\n');
    const made = await makeBundle(
      await config(CONFIG()),
      { location: 'load.yaml' },
      { cwd: here, more: ['../shared.uri'] },
    );
    const store = files();
    await sendBundle(made, store);
    const cwd = await unpackBundle(made.bundle, there, store);
    assert.equal(cwd, join(there, 'here'));
    assert.equal(readFileSync(join(cwd, '../shared.uri'), 'utf8'), '/ s\n');
  });

  it('names the variables that the config reads, and not their values', async () => {
    const { bundle } = await bundled(CONFIG('x-note: "${NOTE}"'), [], { NOTE: 'the-secret' });
    assert.deepEqual(bundle.env, ['NOTE']);
    assert.ok(!JSON.stringify(bundle).includes('the-secret'));
  });

  it('a file outside of the working directory with an absolute path is not sent, and is compared by its hash', async () => {
    const absolute = join(root, 'big.uri');
    writeFileSync(absolute, '/ big\n');
    const made = await bundled(CONFIG('', absolute));
    assert.deepEqual(
      made.bundle.present.map(({ path }) => path),
      [absolute],
    );
    const store = files();
    await sendBundle(made, store);
    await unpackBundle(made.bundle, there, store);
    writeFileSync(absolute, '/ other\n');
    await assert.rejects(
      unpackBundle(made.bundle, there, store),
      /big\.uri has another content here than at the coordinator/,
    );
    rmSync(absolute);
    await assert.rejects(unpackBundle(made.bundle, there, store), /big\.uri: .*no such file/);
  });

  const lies: readonly [what: string, lie: (bundle: Bundle) => Bundle, message: RegExp][] = [
    [
      'a file outside of the folder',
      (b) => ({ ...b, files: b.files.map((f) => ({ ...f, path: '../../evil' })) }),
      /outside of its folder/,
    ],
    [
      'an absolute path',
      (b) => ({ ...b, files: b.files.map((f) => ({ ...f, path: '/tmp/evil' })) }),
      /outside of its folder/,
    ],
    ['a working directory outside of the folder', (b) => ({ ...b, cwd: '..' }), /outside of its folder/],
    [
      'a content that is not stored',
      (b) => ({ ...b, files: b.files.map((f) => ({ ...f, hash: '0'.repeat(64) })) }),
      /NATS does not have the file/,
    ],
    [
      'more bytes than announced',
      (b) => ({ ...b, files: b.files.map((f) => ({ ...f, bytes: 1 })) }),
      /has more than the announced 1 bytes/,
    ],
  ];
  for (const [what, lie, message] of lies)
    it(`${what} is refused`, async () => {
      const made = await bundled(CONFIG());
      const store = files();
      await sendBundle(made, store);
      await assert.rejects(unpackBundle(lie(made.bundle), there, store), message);
      assert.ok(!existsSync(join(root, 'evil')) && !existsSync('/tmp/evil'));
    });

  it('a stored content that does not have its hash is refused', async () => {
    const made = await bundled(CONFIG());
    const server = new MemoryServer();
    const store = new MemoryBus(server, new VirtualClock(0)).files;
    await sendBundle(made, store);
    for (const [hash, content] of server.contents) server.contents.set(hash, Buffer.alloc(content.length, 120));
    await assert.rejects(unpackBundle(made.bundle, there, store), /has another content than its hash/);
  });
});

describe('what a worker allows', () => {
  const BUNDLE: Bundle = {
    origin: { location: 'load.yaml' },
    files: [],
    present: [],
    cwd: '',
    env: [],
    modules: false,
  };
  const file = { path: '/data/a', hash: '0'.repeat(64), bytes: 1, code: false };

  const bundles: readonly [what: string, bundle: Bundle, allow: string, message: RegExp][] = [
    ['modules', { ...BUNDLE, modules: true }, 'modules', /modules of its own, which this worker does not allow/],
    ['a config that is a module', { ...BUNDLE, origin: { location: 'load.ts' } }, 'modules', /the config is a module/],
    ['a variable', { ...BUNDLE, env: ['TOKEN'] }, 'env=TOKEN', /reads the variable TOKEN/],
    ['a file of its own', { ...BUNDLE, present: [file] }, 'files=/data', /reads \/data\/a, outside of its folder/],
    [
      'a config of its own',
      { ...BUNDLE, origin: { location: '/data/load.yaml' } },
      'files=/data',
      /\/data\/load\.yaml, outside/,
    ],
  ];
  for (const [what, bundle, allow, message] of bundles)
    it(`${what} needs --allow ${allow}`, () => {
      assert.throws(() => new Permissions([]).checkBundle(bundle), { code: 'ELPIS_MESH', message });
      assert.throws(() => new Permissions(['env=OTHER', 'files=/dat']).checkBundle(bundle), { code: 'ELPIS_MESH' });
      new Permissions([allow]).checkBundle(bundle);
    });

  it('a result outside of the folder, and another target, are refused; what is allowed is not', async () => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'elpis-bundle-')));
    here = root;
    write('data/a.uri', '/ a\n');
    const inside = await config(CONFIG());
    new Permissions([]).checkConfig(inside, root);
    new Permissions(['target=127.0.0.1']).checkConfig(inside, root);
    new Permissions(['target=127.0.0.1:80']).checkConfig(inside, root);
    assert.throws(
      () => new Permissions(['target=127.0.0.1:81']).checkConfig(inside, root),
      /shoots at 127\.0\.0\.1:80/,
    );
    const outside = await config(CONFIG().replace('p.log', '/tmp/p.log'));
    assert.throws(() => new Permissions([]).checkConfig(outside, root), /writes \/tmp\/p\.log, outside of its folder/);
    new Permissions(['files=/tmp']).checkConfig(outside, root);
    assert.throws(() => new Permissions(['files=/tm']).checkConfig(outside, root), /outside of its folder/);
    rmSync(root, { recursive: true, force: true });
  });

  it('only allowed variables are visible', () => {
    assert.deepEqual(new Permissions(['env=A']).variables({ A: '1', B: '2' }), { A: '1' });
  });

  it('an unknown form is bad usage', () => {
    assert.throws(() => new Permissions(['everything']), {
      code: 'ELPIS_USAGE',
      message: /--allow: expected modules, env=NAME/,
    });
  });
});
