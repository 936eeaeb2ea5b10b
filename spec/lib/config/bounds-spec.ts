import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { isLeft } from 'fp-ts/lib/Either.js';
import { MAX_WRONG_ITEMS } from '../../../lib/codec/collections.js';
import { ConfigError } from '../../../lib/codec/report/configError.js';
import { MAX_UNKNOWN_KEYS } from '../../../lib/codec/struct.js';
import { MAX_DEPTH } from '../../../lib/codec/text/substitute.js';
import { loadConfig } from '../../../lib/config/loadConfig.js';
import { probeRegistry, probeText } from './probe.js';

async function issuesIn(source: unknown, text = '') {
  const deps = { registry: probeRegistry(), env: {}, stdin: Readable.from([text]) };
  const loaded = await loadConfig(source, deps)();
  assert.ok(isLeft(loaded) && loaded.left instanceof ConfigError, 'must be refused');
  return loaded.left.issues;
}

const COUNT = 20_000;
const numbers = Array.from({ length: COUNT }, (_, i) => i);

describe('an excessively large config', () => {
  it('has its further unknown keys counted', async () => {
    const issues = await issuesIn('-', probeText('', numbers.map((i) => `key${i}: 1`).join('\n')));
    assert.equal(issues.length, MAX_UNKNOWN_KEYS + 1);
    assert.equal(issues[0]?.message, `${COUNT - MAX_UNKNOWN_KEYS} more unknown keys in this map`);
  });

  it('has its list read up to a number of wrong items', async () => {
    const issues = await issuesIn('-', probeText(`list: [${numbers.join(', ')}]`));
    assert.equal(issues.length, MAX_WRONG_ITEMS + 1);
    assert.equal(
      issues[0]?.message,
      `${MAX_WRONG_ITEMS} items are wrong; the other ${COUNT - MAX_WRONG_ITEMS} were not checked`,
    );
  });

  it('is refused at a repeated key, also among many', async () => {
    const issues = await issuesIn('-', `${numbers.map((i) => `k${i}: 1`).join('\n')}\nk0: 2`);
    assert.deepEqual(
      issues.map(({ code, line }) => [code, line]),
      [['duplicate-key', COUNT + 1]],
    );
  });

  it('is refused at its place when it is nested too deep, in YAML, JSON and code', async () => {
    const deep = `${'['.repeat(COUNT)}${']'.repeat(COUNT)}`;
    const place = { line: 1, column: MAX_DEPTH + 1 };
    for (const text of [deep, deep.slice(0, COUNT)]) {
      const [issue] = await issuesIn('-', text);
      assert.deepEqual({ line: issue?.line, column: issue?.column }, place);
      assert.match(issue?.message ?? '', /nested more than 100 deep/);
    }
    const folder = mkdtempSync(join(tmpdir(), 'elpis-deep-'));
    try {
      writeFileSync(join(folder, 'deep.json'), deep);
      assert.equal((await issuesIn(join(folder, 'deep.json')))[0]?.column, place.column);
    } finally {
      rmSync(folder, { recursive: true });
    }
    let value: unknown = 1;
    for (let i = 0; i < COUNT; i++) value = [value];
    assert.match((await issuesIn(value))[0]?.message ?? '', /nested at most 100 deep/);
    let just: unknown = 1;
    for (let i = 0; i < MAX_DEPTH - 1; i++) just = [just];
    assert.doesNotMatch((await issuesIn(just))[0]?.message ?? '', /deep/);
  });
});

describe('the modules of a config from a URL', () => {
  let origin = '';
  let folder = '';
  const configs: Record<string, string> = {};
  const server = createServer(({ url = '' }, response) => response.end(configs[url]));
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'elpis-remote-'));
    writeFileSync(join(folder, 'mine.ts'), 'globalThis.loadedByRemote = true; export function register() {}');
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    configs['/plugins'] = probeText('', 'plugins: [./mine.ts]');
    configs['/use'] = probeText('').replace('rps:', 'operators: {ticks: [{use: ./mine.ts}]}\n    rps:');
    configs['/data'] = probeText('', 'plugins: ["data:text/javascript,globalThis.loadedByRemote = true"]');
  });
  after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  });

  const load = (location: string, allowPlugins?: boolean) =>
    loadConfig(location, {
      registry: probeRegistry(),
      env: {},
      cwd: folder,
      ...(allowPlugins === undefined ? {} : { allowPlugins }),
    })();
  const loadedFlag = (): unknown => (globalThis as { loadedByRemote?: unknown }).loadedByRemote;

  it('are not loaded, and the config is refused at each', async () => {
    for (const [path, at] of [
      ['/plugins', 'plugins[0]'],
      ['/use', 'pools[0].operators.ticks[0].use'],
      ['/data', 'plugins[0]'],
    ] as const) {
      const loaded = await load(`${origin}${path}`);
      assert.ok(isLeft(loaded) && loaded.left instanceof ConfigError, path);
      assert.deepEqual(
        loaded.left.issues.map((issue) => `${issue.path} ${issue.code}`),
        [`${at} bad-module`],
      );
      assert.equal(loadedFlag(), undefined);
    }
  });

  it('are loaded when allowed, but never from an address', async () => {
    assert.ok(isLeft(await load(`${origin}/data`, true)));
    assert.equal(loadedFlag(), undefined);
    assert.ok(!isLeft(await load(`${origin}/plugins`, true)));
    assert.equal(loadedFlag(), true);
  });
});
