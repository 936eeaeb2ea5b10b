import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { isLeft } from 'fp-ts/lib/Either.js';
import { map, type Observable, of, range, toArray } from 'rxjs';
import { builtins } from '../../../../lib/builtins/builtins.js';
import {
  composite,
  discard,
  dummy,
  fileSink,
  http,
  line,
  num,
  once,
  phout,
  uri,
} from '../../../../lib/builtins/components.js';
import { ConfigError } from '../../../../lib/codec/report/configError.js';
import { text } from '../../../../lib/codec/scalars.js';
import { required, struct } from '../../../../lib/codec/struct.js';
import { type ConfigOptions, defineConfig, type PoolOptions, pool } from '../../../../lib/config/code/defineConfig.js';
import type { Config, PoolConfig } from '../../../../lib/config/config.js';
import { loadConfig } from '../../../../lib/config/loadConfig.js';
import type { Plan, Tick } from '../../../../lib/core/plan.js';
import { component } from '../../../../lib/plugin/component.js';
import { FakeLog, fakeDeps } from '../../../../lib/testing/fakeDeps.js';
import { ticks } from '../../../../operators/ticks/ticks.js';

const deps = { registry: builtins(), env: { N: '7' } };

async function configOf(value: unknown): Promise<Config> {
  const loaded = await loadConfig(value, deps)();
  if (isLeft(loaded)) assert.fail(loaded.left.message);
  return loaded.right;
}

async function issuesOf(value: unknown): Promise<readonly string[]> {
  const loaded = await loadConfig(value, deps)();
  if (!isLeft(loaded)) return [];
  assert.ok(loaded.left instanceof ConfigError, String(loaded.left));
  return loaded.left.issues.map(({ code, path }) => `${path} ${code}`);
}

const base: PoolOptions = {
  gun: http({ target: 'localhost:80' }),
  ammo: uri({ uris: ['/'] }),
  result: discard(),
  rps: once({ times: 1 }),
  startup: once({ times: 1 }),
};
const withPool = (changes: Partial<PoolOptions>): ConfigOptions =>
  defineConfig({ pools: [pool({ ...base, ...changes })] });
const poolOf = async (changes: Partial<PoolOptions>): Promise<PoolConfig> => {
  const [first] = (await configOf(withPool(changes))).pools;
  assert.ok(first);
  return first;
};
const planOf = async (rps: PoolOptions['rps']): Promise<Plan> => (await poolOf({ rps })).rps.create(fakeDeps()) as Plan;

describe('a config in code', () => {
  it('decodes to the same value as the YAML', async () => {
    const inCodeConfig = await configOf(
      defineConfig({
        pools: [
          pool({
            id: 'a',
            gun: http({ target: 'localhost:80', dial: { timeout: '1s' } }),
            ammo: uri({ uris: ['/ a'], limit: 3 }),
            result: [phout({ destination: fileSink({ path: './p.log' }) }), discard()],
            rps: [line({ from: 1, to: 5, duration: '2s' }), { type: 'once', times: 2 }],
            startup: once({ times: 4 }),
            rpsPerInstance: true,
            overflow: { policy: 'abort', after: '1s' },
            pacing: 'precise',
          }),
        ],
        log: { level: 'warn' },
        threads: 2,
      }),
    );
    const asData = await configOf({
      pools: [
        {
          id: 'a',
          gun: { type: 'http', target: 'localhost:80', dial: { timeout: '1s' } },
          ammo: { type: 'uri', uris: ['/ a'], limit: 3 },
          result: [{ type: 'phout', destination: './p.log' }, { type: 'discard' }],
          rps: [
            { type: 'line', from: 1, to: 5, duration: '2s' },
            { type: 'once', times: 2 },
          ],
          startup: { type: 'once', times: 4 },
          'rps-per-instance': true,
          overflow: { policy: 'abort', after: '1s' },
          pacing: 'precise',
        },
      ],
      log: { level: 'warn' },
      threads: 2,
    });
    const plain = ({ document: _document, registry: _registry, ...config }: Config): unknown =>
      JSON.parse(JSON.stringify(config));
    assert.deepEqual(plain(inCodeConfig), plain(asData));
  });

  it('makes new components for each run, with its deps', async () => {
    const made = http({ target: 'localhost:80' });
    const first = await poolOf({ gun: made });
    const [one, two] = [first.gun.create(fakeDeps()), first.gun.create(fakeDeps())];
    assert.ok(one !== two && one !== made);
  });

  it('keeps deps that were passed by name', async () => {
    const own = new FakeLog();
    let seen: unknown;
    const spy = component({
      kind: 'gun',
      name: 'spy',
      summary: 'Tells its log.',
      options: struct('spy', {}),
      create: (_, { log, scheduler }) => {
        seen = [log, scheduler];
        return { create: () => ({ shoot: () => [] }) };
      },
    });
    const given = fakeDeps();
    const first = await poolOf({ gun: spy({}, { log: own }) });
    first.gun.create(given);
    assert.deepEqual(seen, [own, given.scheduler]);
  });

  it('uses a component that is in no registry, by its own codec', async () => {
    const greet = component({
      kind: 'gun',
      name: 'greet',
      summary: 'Greets.',
      options: struct('greet', { word: required(text, 'what') }),
      create: () => ({ create: () => ({ shoot: () => [] }) }),
    });
    const first = await poolOf({ gun: greet({ word: 'hi' }) });
    assert.deepEqual([first.gun.name, first.gun.options], ['greet', { word: 'hi' }]);
  });

  it('plays lists, composites and data mixed as one plan', async () => {
    const parts = [composite({ nested: [once({ times: 1 }), { type: 'once', times: 2 }] }), [once({ times: 3 })]];
    assert.equal((await planOf(parts)).count, 6);
  });

  it('uses a plan, and a schedule over a plan, as that plan', async () => {
    const plan = await planOf(once({ times: 5 }));
    assert.equal(await planOf(plan), plan);
    assert.equal(await planOf(ticks(plan)), plan);
    assert.equal((await planOf([ticks(plan), once({ times: 1 })])).count, 6);
  });

  it('uses streams, gun factories and aggregators of the user unchanged', async () => {
    const gun = { create: () => ({ shoot: () => of() }) };
    const result = map(() => ({ from: 'own', received: 0, dropped: 0, final: false }));
    const first = await poolOf({ gun, result, ammo: range(0, 3), rps: of<Tick>({ index: 0, at: 0 }) });
    const given = fakeDeps();
    assert.equal(first.gun.create(given), gun);
    assert.equal(first.result[0]?.create(given), result);
    assert.deepEqual([first.gun.name, first.result.length], ['own', 1]);
  });

  it('shares a stream of the user among threads by the index of its values', async () => {
    const first = await poolOf({ ammo: range(0, 7) });
    const drawn = (index: number): Promise<unknown> =>
      new Promise((resolve) => {
        const share = { index, of: 3 };
        (first.ammo.create(fakeDeps({ share })) as Observable<unknown>).pipe(toArray()).subscribe(resolve);
      });
    assert.deepEqual(
      [await drawn(0), await drawn(1), await drawn(2)],
      [
        [0, 3, 6],
        [1, 4],
        [2, 5],
      ],
    );
  });

  it('replaces references in plain data, and none in the options of functions', async () => {
    const first = await poolOf({
      ammo: uri({ uris: ['/${N}'] }),
      rps: { type: 'once', times: '${N}' },
      result: phout({ destination: '${N}' }),
    });
    assert.equal((first.rps.create(fakeDeps()) as Plan).count, 7);
    const { destination } = first.result.map(({ options }) => options)[0] as { destination: { options: unknown } };
    assert.deepEqual(destination.options, { path: '${N}' });
  });
});

describe('the issues of a config in code', () => {
  it('are reported all at once, by path', async () => {
    assert.deepEqual(
      await issuesOf({
        pools: [
          { ...base, gun: dummy(), ammo: http({ target: 'localhost:80' }), rps: [once({ times: 1 }), discard()] },
          { gun: base.gun, ammo: { type: 'uri', uris: 5 }, result: 'phout', startup: 10 },
        ],
        extra: 1,
      }),
      [
        'extra unknown-key',
        'pools[0].gun bad-value',
        'pools[0].ammo bad-value',
        'pools[0].rps[1] bad-value',
        'pools[1].ammo.uris not-a-list',
        'pools[1].result not-a-map',
        'pools[1].rps required',
        'pools[1].startup not-a-map',
      ],
    );
  });

  it('name a component of the wrong kind', async () => {
    const loaded = await loadConfig({ pools: [{ ...base, gun: dummy() }] }, deps)();
    assert.ok(isLeft(loaded));
    assert.match(
      loaded.left.message,
      /pools\[0\]\.gun: expected a gun such as .*, got an object \(this is the provider dummy\)/,
    );
  });

  it('name a gun and ammo that do not fit, at the ammo', async () => {
    assert.deepEqual(await issuesOf({ pools: [{ ...base, ammo: num() }] }), ['pools[0].ammo bad-value']);
    const loaded = await loadConfig({ pools: [{ ...base, ammo: { type: 'num' } }] }, deps)();
    assert.ok(isLeft(loaded));
    assert.match(loaded.left.message, /expected http ammo, which the gun http can shoot \(num makes number ammo\)/);
  });
});

describe('a config file in code', () => {
  const folder = mkdtempSync(join(tmpdir(), 'elpis-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  let files = 0;
  const load = async (source: string): Promise<Config> => {
    // A module is loaded once in a process.
    const name = `load${++files}.ts`;
    writeFileSync(join(folder, name), source);
    const loaded = await loadConfig(name, { ...deps, stdin: process.stdin, cwd: folder })();
    if (isLeft(loaded)) throw loaded.left;
    return loaded.right;
  };
  const source = (gun: string, rps: string): string => `
import { constant, defineConfig, discard, http, once, pool, uri } from 'elpis';
const times: number = 3;
export default defineConfig({
  pools: [pool({ id: 'a', gun: ${gun}, ammo: uri({ uris: ['/'] }), result: discard(), rps: ${rps}, startup: once({ times }) })],
});`;

  it('is read like YAML', async () => {
    const { pools } = await load(source("http({ target: 'localhost:80' })", "constant({ ops: 5, duration: '2s' })"));
    assert.deepEqual(
      pools.map(({ id, rps }) => [id, (rps.create(fakeDeps()) as Plan).count]),
      [['a', 10]],
    );
  });

  it('reports every wrong option of every function at once, by path', async () => {
    await assert.rejects(
      load(
        source("http({ target: 'localhost', dial: { timeout: 5, dual: true } } as object)", 'constant({ ops: -1 })'),
      ),
      (error) => {
        assert.ok(error instanceof ConfigError);
        assert.deepEqual(
          error.issues.map(({ path, code, value }) => [path, code, value]),
          [
            ['pools[0].gun.target', 'endpoint', 'localhost'],
            ['pools[0].gun.dial.dual', 'unknown-key', true],
            ['pools[0].rps.ops', 'min', -1],
            ['pools[0].rps.duration', 'required', undefined],
          ],
        );
        assert.match(error.message, /^load\d\.ts {2}pools\[0\]\.gun\.target: expected host:port/);
        return true;
      },
    );
  });
});
