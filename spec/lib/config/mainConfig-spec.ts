import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isLeft } from 'fp-ts/lib/Either.js';
import { ConfigError, issueText } from '../../../lib/codec/report/configError.js';
import { assemblePools } from '../../../lib/config/assemblePools.js';
import { decodeConfig } from '../../../lib/config/decodeConfig.js';
import { fakeDeps } from '../../../lib/testing/fakeDeps.js';
import { loadText } from './loadText.js';
import { probeRegistry, probeText } from './probe.js';

async function issuesIn(text: string): Promise<readonly string[]> {
  const result = await loadText(text);
  if (!isLeft(result)) return [];
  assert.ok(result.left instanceof ConfigError, String(result.left));
  return result.left.issues.map(({ code, path }) => `${path} ${code}`);
}

async function configOf(text: string) {
  const result = await loadText(text);
  if (isLeft(result)) assert.fail(result.left.message);
  return result.right;
}

const DEFAULT_MONITORING = {
  expvar: { enabled: false, port: 1234, host: '127.0.0.1' },
  cpuprofile: { enabled: false, file: 'cpuprofile.log' },
  memprofile: { enabled: false, file: 'memprofile.log' },
};
const pool = (changes: string): string => `pools:
  - gun: {type: fake}
    ammo: {type: probe}
    startup: {type: once, times: 1}
    ${changes}
`;
const REST = 'result: {type: discard}\n    rps: {type: once, times: 1}\n    ';

const missing = (...keys: readonly string[]): readonly string[] => keys.map((key) => `pools[0].${key} required`);

const REFUSED: readonly (readonly [sentence: string, text: string, issues: readonly string[]])[] = [
  ['nothing at all', '', ['pools required']],
  ['only a comment', '# nothing', ['pools required']],
  ['a scalar', 'pools', ['top level not-a-map']],
  ['a list', '- a', ['top level not-a-map']],
  ['pools that are null', 'pools:', ['pools required']],
  ['pools that are a map', 'pools: {a: 1}', ['pools not-a-list']],
  ['a pool that is a scalar', 'pools: [1]', ['pools[0] not-a-map']],
  ['a pool that is null', 'pools: [~]', ['pools[0] not-a-map']],
  ['a pool without anything', 'pools: [{}]', missing('gun', 'ammo', 'result', 'rps', 'startup')],
  ['an unknown top-level key', probeText('', 'anchors: &a {}'), ['anchors unknown-key']],
  ['an unknown key of a pool', pool(`${REST}shared: true`), ['pools[0].shared unknown-key']],
  ['an id that is a number', pool(`${REST}id: 5`), ['pools[0].id wrong-type']],
  ['an unknown overflow policy', pool(`${REST}overflow: wait`), ['pools[0].overflow one-of']],
  ['an overflow policy that is a list', pool(`${REST}overflow: [queue]`), ['pools[0].overflow one-of']],
  ['no overflow policy', pool(`${REST}overflow: {after: 1s}`), ['pools[0].overflow.policy required']],
  ['growth without a limit', pool(`${REST}overflow: grow`), ['pools[0].overflow.max-instances bad-value']],
  [
    'growth to nothing',
    pool(`${REST}overflow: {policy: grow, max-instances: 0}`),
    ['pools[0].overflow.max-instances min'],
  ],
  [
    'a limit for another policy',
    pool(`${REST}overflow: {policy: abort, Max_Instances: 5}`),
    ['pools[0].overflow.Max_Instances bad-value'],
  ],
  ['a time for a queue', pool(`${REST}overflow: {policy: queue, after: 5s}`), ['pools[0].overflow.after bad-value']],
  ['a time below 0', pool(`${REST}overflow: {policy: abort, after: -5s}`), ['pools[0].overflow.after min-time']],
  [
    'two overflow policies',
    pool(`${REST}overflow: queue\n    discard-overflow: false`),
    ['pools[0].overflow bad-value'],
  ],
  [
    'growth of instances that have schedules of their own',
    pool(`${REST}rps-per-instance: true\n    overflow: {policy: grow, max-instances: 5}`),
    ['pools[0].overflow bad-value'],
  ],
  ['an empty list of results', pool('rps: []\n    result: []'), ['pools[0].result min']],
  ['a schedule that is a scalar', pool('result: {type: discard}\n    rps: 5'), ['pools[0].rps not-a-map']],
  ['an unknown log level', probeText('', 'log: {level: loud}'), ['log.level one-of']],
  ['a log level that is a number', probeText('', 'log: {level: 1}'), ['log.level wrong-type']],
  ['an unknown key of log', probeText('', 'log: {colour: true}'), ['log.colour unknown-key']],
  ['port 0', probeText('', 'monitoring: {expvar: {port: 0}}'), ['monitoring.expvar.port required']],
  ['port 65536', probeText('', 'monitoring: {expvar: {port: 65536}}'), ['monitoring.expvar.port max']],
  ['a key of monitoring', probeText('', 'monitoring: {pprof: {}}'), ['monitoring.pprof unknown-key']],
  ['plugins that are text', probeText('', 'plugins: ./a.ts'), ['plugins not-a-list']],
  ['a key that is there twice', probeText('', 'log: {}\nlog: {}'), [' duplicate-key']],
  ['a key that is there twice, inside', probeText('int: 1, int: 2'), [' duplicate-key']],
  ['broken YAML', 'pools: [', [' syntax']],
  ['two documents', 'pools: []\n---\npools: []', [' syntax']],
  ['a list that contains itself', 'pools: &a [*a]', ['pools[0] bad-value']],
  [
    'a map that contains itself',
    'pools:\n  - &a\n    gun: *a',
    [...missing('ammo', 'result', 'rps', 'startup'), 'pools[0].gun bad-value'],
  ],
  ['anchors that multiply', `a: &a [${'x,'.repeat(99)}]\nb: &b [${'*a,'.repeat(99)}]\npools: [*b, *b]`, [' syntax']],
  ['a map as a key', 'pools: []\n? {a: 1}\n: 2', ['["{ a: 1 }"] unknown-key']],
  ['an alias without its anchor', 'pools: [*a]', ['pools[0] bad-reference']],
];

describe('the main config', () => {
  for (const [sentence, text, issues] of REFUSED) {
    it(`refused: ${sentence}`, async () => assert.deepEqual(await issuesIn(text), issues));
  }

  it('has defaults for everything except the pools', async () => {
    const config = await configOf(probeText(''));
    assert.deepEqual(config.log, { level: 'info', file: 'stdout' });
    assert.deepEqual(config.monitoring, DEFAULT_MONITORING);
    assert.deepEqual(config.warnings, []);
    assert.deepEqual(config.plugins, []);
    const [first] = config.pools;
    assert.deepEqual([first?.id, first?.rpsPerInstance, first?.discardOverflow], ['pool_0', false, true]);
    assert.deepEqual([first?.tailLimit, config.judging.failOn], [30_000, null]);
  });

  it('keeps the written values, with keys in any case', async () => {
    const config = await configOf(
      pool(`${REST}ID: a\n    Rps-Per-Instance: true\n    discard_overflow: false
LOG: {Level: WARN, file: stderr}
monitoring: {expvar: {enabled: true, port: 80}, CPUProfile: {enabled: true, file: c}, memprofile: ~}`),
    );
    assert.deepEqual(config.log, { level: 'warn', file: 'stderr' });
    assert.deepEqual(config.monitoring, {
      expvar: { enabled: true, port: 80, host: '127.0.0.1' },
      cpuprofile: { enabled: true, file: 'c' },
      memprofile: { enabled: false, file: 'memprofile.log' },
    });
    const [first] = config.pools;
    assert.deepEqual([first?.id, first?.rpsPerInstance, first?.discardOverflow], ['a', true, false]);
  });

  it('has a limit for the tail of a pool; 0s is no limit', async () => {
    const limits: readonly [written: string, tailMs: number][] = [
      ['', 30_000],
      ['tail-limit: 90s', 90_000],
      ['tail_limit: 0s', Number.POSITIVE_INFINITY],
    ];
    for (const [written, tailMs] of limits) {
      const { pools } = await configOf(probeText('').replace('- ', `- ${written}\n    `));
      assert.equal(assemblePools(pools, fakeDeps())[0]?.tailMs, tailMs, written);
    }
  });

  it('accepts every overflow policy, and the name of Pandora for one of them', async () => {
    const policies: readonly [written: string, overflow: unknown, discards: boolean][] = [
      ['', { policy: 'discard', afterMs: 2000 }, true],
      ['discard_overflow: true', { policy: 'discard', afterMs: 2000 }, true],
      ['discard_overflow: false', { policy: 'queue' }, false],
      ['discard_overflow: ~\n    overflow: queue', { policy: 'queue' }, false],
      ['overflow: discard', { policy: 'discard', afterMs: 2000 }, true],
      ['overflow: {policy: discard, after: 500ms}', { policy: 'discard', afterMs: 500 }, true],
      ['overflow: {policy: grow, max-instances: 5}', { policy: 'grow', maxInstances: 5, afterMs: 0 }, false],
      [
        'overflow: {policy: grow, max-instances: 5, after: 1s}',
        { policy: 'grow', maxInstances: 5, afterMs: 1000 },
        false,
      ],
      ['overflow: abort', { policy: 'abort', afterMs: 0 }, false],
      ['overflow: {policy: abort, after: 10ms}', { policy: 'abort', afterMs: 10 }, false],
    ];
    for (const [written, overflow, discards] of policies) {
      const [first] = (await configOf(pool(`${REST}${written}`))).pools;
      assert.deepEqual([first?.overflow, first?.discardOverflow], [overflow, discards], written);
    }
  });

  it('accepts every log level, and empty text for info', async () => {
    for (const level of ['debug', 'info', 'warn', 'error', 'dpanic', 'panic', 'fatal', 'DPanic'])
      assert.equal((await configOf(probeText('', `log: {level: ${level}}`))).log.level, level.toLowerCase());
    assert.equal((await configOf(probeText('', 'log: {level: ""}'))).log.level, 'info');
  });

  it('names pools without an id by their index', async () => {
    const one = probeText('').replace('pools:\n', '');
    const config = await configOf(`pools:\n${one}${one.replace('- gun', '- id: b\n    gun')}${one}`);
    assert.deepEqual(
      config.pools.map(({ id }) => id),
      ['pool_0', 'b', 'pool_2'],
    );
  });

  it('accepts anchors and merges inside pools', async () => {
    const config = await configOf(`pools:
  - &first
    gun: &gun {type: fake}
    ammo: {type: probe, int: 3}
    result: {type: discard}
    rps: &once {type: once, times: 2}
    startup: *once
  - <<: *first
    id: second
    gun: *gun
`);
    assert.deepEqual(
      config.pools.map(({ id, ammo, gun }) => [id, (ammo.options as { int: number }).int, gun.name]),
      [
        ['pool_0', 3, 'fake'],
        ['second', 3, 'fake'],
      ],
    );
  });

  it('accepts several results', async () => {
    const config = await configOf(pool('rps: []\n    result: [{type: discard}, {type: discard}]'));
    assert.equal(config.pools[0]?.result.length, 2);
  });

  it('warns about what is probably not intended, with its place', async () => {
    const config = await configOf(probeText('wait: 30, int: 2.5, float: 2.5, unsigned: 2'));
    assert.deepEqual(
      config.warnings.map((warning) => issueText(warning, config.document.name)),
      [
        'stdin:3:31  pools[0].ammo.wait: a bare number is nanoseconds; write a unit for any other, such as 5s',
        'stdin:3:40  pools[0].ammo.int: 2.5 counts as 2: the fraction is cut off',
      ],
    );
    assert.deepEqual(config.warnings[1], {
      code: 'unlikely',
      severity: 'warning',
      path: 'pools[0].ammo.int',
      line: 3,
      column: 40,
      length: 3,
      value: 2.5,
      expected: 'a whole number',
      message: '2.5 counts as 2: the fraction is cut off',
    });
    const empty = await configOf('pools: []');
    assert.deepEqual(
      empty.warnings.map(({ path, message }) => `${path}: ${message}`),
      ['pools: the list is empty, so nothing is shot'],
    );
  });

  it('can be a plain object in code, with keys in camel case and configured components', () => {
    const registry = probeRegistry();
    const guns = { create: () => ({ shoot: () => [] }) };
    const gun = { kind: 'gun', name: 'own', options: {}, create: () => guns, describe: () => 'own', traits: {} };
    const once = { type: 'once', times: 1 };
    const result = decodeConfig(
      {
        pools: [
          {
            gun,
            ammo: { type: 'probe' },
            result: { type: 'discard' },
            rps: [once, once],
            startup: once,
            rpsPerInstance: true,
          },
        ],
      },
      registry,
    );
    if (isLeft(result)) assert.fail(JSON.stringify(result.left.map(({ message }) => message)));
    assert.equal(result.right.pools[0]?.gun, gun);
    assert.equal(result.right.pools[0]?.rpsPerInstance, true);
  });
});
