import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { describe, it } from 'node:test';
import { isLeft } from 'fp-ts/lib/Either.js';
import { builtins } from '../../../lib/builtins/builtins.js';
import type { Endpoint } from '../../../lib/codec/net.js';
import type { Config } from '../../../lib/config/config.js';
import { describeComponents } from '../../../lib/config/describeComponents.js';
import { exampleConfig } from '../../../lib/config/exampleConfig.js';
import { loadConfig } from '../../../lib/config/loadConfig.js';
import type { ComponentKind } from '../../../lib/core/component.js';
import { isPlan } from '../../../lib/plugin/userValue.js';
import { fakeDeps } from '../../../lib/testing/fakeDeps.js';
import { probeRegistry } from '../config/probe.js';

/** The names of Pandora that Elpis has; scenarios and gRPC are not among them. */
const PANDORA: Readonly<Partial<Record<ComponentKind, readonly string[]>>> = {
  schedule: ['const', 'line', 'step', 'once', 'unlimited', 'instance_step', 'composite'],
  provider: ['uri', 'uripost', 'raw', 'http/json', 'http', 'json', 'dummy'],
  gun: ['http'],
  aggregator: ['phout', 'jsonlines', 'json', 'log', 'discard'],
  sink: ['file', 'stdout', 'stderr'],
  source: ['file', 'stdin', 'inline'],
  middleware: ['header/date'],
};

async function load(text: string) {
  const deps = { registry: builtins(), env: {}, stdin: Readable.from([text]) };
  const result = await loadConfig('-', deps)();
  if (isLeft(result)) assert.fail(result.left.message);
  return result.right;
}

const targets = ({ pools }: Config): readonly string[] =>
  pools.map(({ gun }) => (gun.options as { readonly target: Endpoint }).target.text);

describe('builtins', () => {
  it("has Pandora's components under their names", () => {
    const registry = builtins();
    for (const [kind, names] of Object.entries(PANDORA))
      for (const name of names) assert.ok(registry.find(kind as ComponentKind, name), `${kind} ${name}`);
  });

  it('is a new registry each time', () => assert.notEqual(builtins(), builtins()));
});

describe('the example config', () => {
  it('is accepted without a warning, and shoots at the bundled target', async () => {
    const config = await load(exampleConfig());
    assert.deepEqual(config.warnings, []);
    assert.deepEqual(targets(config), ['127.0.0.1:8080']);
    const [pool] = config.pools;
    assert.ok(pool);
    const plan = pool.rps.create(fakeDeps());
    assert.ok(isPlan(plan) && plan.count > 100 && plan.durationNs === 15e9);
  });

  it('shoots at the given target', async () => {
    const config = await load(exampleConfig({ target: 'example.org:80' }));
    assert.deepEqual(targets(config), ['example.org:80']);
  });
});

describe('the description of components', () => {
  it('has every key with its type, default and sentence, maps inside included', () => {
    const [probe] = describeComponents(probeRegistry()).filter(({ name }) => name === 'probe');
    assert.equal(probe?.summary, 'Has an option of every type.');
    assert.deepEqual(probe?.keys.slice(0, 2), [
      { key: 'text', type: 'text', required: false, default: '', doc: 'text' },
      { key: 'int', type: 'a whole number', required: false, default: 0, doc: 'a whole number' },
    ]);
    assert.deepEqual(probe?.keys.at(-1), {
      key: 'inner.size',
      type: 'a size such as 8mb',
      required: false,
      default: 0,
      doc: 'a size',
    });
  });

  it('spells keys as documented', () => {
    const described = describeComponents(builtins());
    const keysOf = (kind: string, name: string) =>
      described.find((component) => component.kind === kind && component.name === name)?.keys.map(({ key }) => key) ??
      [];
    for (const key of [
      'dial.dns-cache',
      'auto-tag.uri-elements',
      'shared-client.client-number',
      'tls-handshake-timeout',
    ])
      assert.ok(keysOf('gun', 'http').includes(key), key);
    assert.ok(keysOf('schedule', 'instance_step').includes('stepduration'));
    assert.ok(keysOf('aggregator', 'phout').includes('buffer-size'));
    assert.deepEqual(keysOf('aggregator', 'discard'), []);
    for (const { kind, name, summary, keys } of described) {
      assert.notEqual(summary, '', `${kind} ${name}`);
      for (const { key, doc, type } of keys) assert.ok(doc !== '' && type !== '', `${kind} ${name} ${key}`);
    }
  });
});
