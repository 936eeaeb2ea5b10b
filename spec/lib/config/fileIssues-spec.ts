import assert from 'node:assert/strict';
import { linkSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { isLeft } from 'fp-ts/lib/Either.js';
import { EMPTY } from 'rxjs';
import { builtins } from '../../../lib/builtins/builtins.js';
import { ConfigError } from '../../../lib/codec/report/configError.js';
import { required, struct } from '../../../lib/codec/struct.js';
import { loadConfig } from '../../../lib/config/loadConfig.js';
import { component, defineOperator } from '../../../lib/plugin/component.js';
import { filesUnder } from '../../../lib/plugin/traits.js';

let folder = '';

/** The codes and paths of the file issues of pools with these results. */
async function issuesOf(
  config: object | string,
  options: Partial<Parameters<typeof loadConfig>[1]> = {},
): Promise<readonly string[]> {
  const loaded = await loadConfig(config, { registry: builtins(), env: {}, ...options })();
  if (!isLeft(loaded)) return [];
  assert.ok(loaded.left instanceof ConfigError, String(loaded.left));
  return loaded.left.issues.map(({ code, path }) => `${path} ${code}`);
}

const once = { type: 'once', times: 1 };
const pool = (parts: object): object => ({
  gun: { type: 'http', target: 'localhost:80' },
  ammo: { type: 'uri', uris: ['/'] },
  result: { type: 'discard' },
  rps: once,
  startup: once,
  ...parts,
});
const phout = (name: string): object => ({ type: 'phout', destination: join(folder, name) });

describe('the files of a config', () => {
  before(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'elpis-files-')));
    mkdirSync(join(folder, 'real'));
    symlinkSync(join(folder, 'real'), join(folder, 'linked'));
    writeFileSync(join(folder, 'ammo.uri'), '/\n');
    symlinkSync(join(folder, 'ammo.uri'), join(folder, 'link.uri'));
    linkSync(join(folder, 'ammo.uri'), join(folder, 'hard.uri'));
  });
  after(() => rmSync(folder, { recursive: true }));

  const ammo = (name: string): object => ({ type: 'uri', file: join(folder, name) });
  const answlog = (name: string): object => ({
    gun: { type: 'http', target: 'localhost:80', answlog: { enabled: true, path: join(folder, name) } },
  });
  const REFUSED: readonly (readonly [sentence: string, config: () => object, issues: readonly string[]])[] = [
    [
      'two results of one pool',
      () => ({ pools: [pool({ result: [phout('a'), { type: 'csv', sink: join(folder, 'real/../a') }] })] }),
      ['pools[0].result[0].destination same-file', 'pools[0].result[1].sink same-file'],
    ],
    [
      'the results of two pools, through a folder that is a link, before the file exists',
      () => ({ pools: [pool({ result: phout('real/a') }), pool({ result: phout('linked/a') })] }),
      ['pools[0].result.destination same-file', 'pools[1].result.destination same-file'],
    ],
    [
      'a result inside a sampled one',
      () => ({ pools: [pool({ result: [phout('a'), { type: 'sampled', oneIn: 2, result: phout('a') }] })] }),
      ['pools[0].result[0].destination same-file', 'pools[0].result[1].result.destination same-file'],
    ],
    [
      'a result and the ammo, through a link',
      () => ({ pools: [pool({ ammo: ammo('ammo.uri'), result: phout('link.uri') })] }),
      ['pools[0].ammo.file same-file', 'pools[0].result.destination same-file'],
    ],
    [
      'a result and the ammo of another pool, through a hard link',
      () => ({ pools: [pool({ ammo: ammo('ammo.uri') }), pool({ result: phout('hard.uri') })] }),
      ['pools[0].ammo.file same-file', 'pools[1].result.destination same-file'],
    ],
    [
      'an answlog and a result',
      () => ({ pools: [pool({ ...answlog('a'), result: phout('a') })] }),
      ['pools[0].gun.answlog.path same-file', 'pools[0].result.destination same-file'],
    ],
    [
      'the log and the summary',
      () => ({
        pools: [pool({})],
        log: { file: join(folder, 'a') },
        observers: [{ type: 'summary-json', file: join(folder, 'a') }],
      }),
      ['log.file same-file', 'observers[0].file same-file'],
    ],
    [
      'a folder that does not exist',
      () => ({ pools: [pool({ result: phout('none/a') })] }),
      ['pools[0].result.destination missing-file'],
    ],
  ];
  for (const [sentence, config, issues] of REFUSED)
    it(`are refused: ${sentence}`, async () => assert.deepEqual(await issuesOf(config()), issues));

  const trace = (name: string): object => ({ type: 'trace', file: join(folder, name), format: 'access' });
  const WITH_OTHERS: readonly (readonly [sentence: string, config: () => object, issues: readonly string[]])[] = [
    [
      'in another pool',
      () => ({
        pools: [pool({ rps: { type: 'once', tims: 1 } }), pool({ result: [phout('a'), phout('a'), phout('none/b')] })],
        threads: 0,
      }),
      [
        'pools[0].rps.tims unknown-key',
        'pools[0].rps.times required',
        'threads min',
        'pools[1].result[0].destination same-file',
        'pools[1].result[1].destination same-file',
        'pools[1].result[2].destination missing-file',
      ],
    ],
    [
      'in the same results',
      () => ({
        pools: [
          pool({
            result: [
              { ...phout('a'), 'flush-time': 'soon' },
              { type: 'csv', sink: join(folder, 'a'), columns: ['tme'] },
            ],
          }),
        ],
      }),
      [
        'pools[0].result[0].flush-time bad-duration',
        'pools[0].result[1].columns[0] one-of',
        'pools[0].result[0].destination same-file',
        'pools[0].result[1].sink same-file',
      ],
    ],
    [
      'in the log',
      () => ({ pools: [pool({ result: phout('a') })], log: { level: 'loud', File: join(folder, 'a') } }),
      ['log.level one-of', 'pools[0].result.destination same-file', 'log.File same-file'],
    ],
    [
      'and the ammo is refused for another key',
      () => ({ pools: [pool({ ammo: { ...ammo('ammo.uri'), limit: -1 }, result: phout('link.uri') })] }),
      ['pools[0].ammo.limit negative-number', 'pools[0].ammo.file same-file', 'pools[0].result.destination same-file'],
    ],
    [
      'and the gun is refused for other keys',
      () => {
        const { gun } = answlog('a') as { readonly gun: object };
        return { pools: [pool({ gun: { ...gun, ssl: 5, dial: { timeout: 'x' }, tyop: 1 }, result: phout('a') })] };
      },
      [
        'pools[0].gun.tyop unknown-key',
        'pools[0].gun.ssl wrong-type',
        'pools[0].gun.dial.timeout bad-duration',
        'pools[0].gun.answlog.path same-file',
        'pools[0].result.destination same-file',
      ],
    ],
    [
      'and the gun is refused for a key that it needs',
      () => {
        const { gun } = answlog('no/a') as { readonly gun: object };
        return { pools: [pool({ gun: { ...gun, target: 'nowhere' } })] };
      },
      ['pools[0].gun.target endpoint', 'pools[0].gun.answlog.path missing-file'],
    ],
    [
      'and the files of an example are none of them',
      () => ({
        pools: [pool({ result: { type: 'phout', destination: './summary.json' } })],
        observers: [{ type: 'summary-json', file: 5 }],
      }),
      ['observers[0].file wrong-type'],
    ],
  ];
  for (const [sentence, config, issues] of WITH_OTHERS)
    it(`are refused together with what else is wrong: ${sentence}`, async () =>
      assert.deepEqual((await issuesOf(config())).toSorted(), issues.toSorted()));

  const READ: readonly (readonly [sentence: string, parts: () => object, path: string])[] = [
    ['a trace', () => ({ rps: trace('ammo.uri') }), 'pools[0].rps.file'],
    ['a trace inside other schedules', () => ({ startup: [once, [trace('ammo.uri')]] }), 'pools[0].startup[1][0].file'],
    [
      'the data of templates',
      () => ({ ammo: { type: 'uri', uris: ['/'], data: { users: { csv: join(folder, 'ammo.uri') } } } }),
      'pools[0].ammo.data.users.csv',
    ],
    [
      'the ammo of a mix',
      () => ({
        ammo: { type: 'mix', providers: [{ ammo: { type: 'uri', uris: ['/'] } }, { ammo: ammo('ammo.uri') }] },
      }),
      'pools[0].ammo.providers[1].ammo.file',
    ],
  ];
  for (const [sentence, parts, path] of READ)
    it(`are refused: a result and ${sentence}`, async () => {
      const issues = await issuesOf({ pools: [pool({ ...parts(), result: phout('link.uri') })] });
      assert.deepEqual(issues.toSorted(), [`${path} same-file`, 'pools[0].result.destination same-file'].toSorted());
    });

  it('are compared with the files of the command line, which the message names', async () => {
    const outputs = { '--summary-json': join(folder, 'real/../s.json') };
    const config = { pools: [pool({ result: phout('s.json') })] };
    const loaded = await loadConfig(config, { registry: builtins(), env: {}, outputs })();
    assert.ok(isLeft(loaded) && loaded.left instanceof ConfigError);
    assert.deepEqual(
      loaded.left.issues.map(({ path, message }) => `${path}: ${message}`),
      [
        `pools[0].result.destination: ${JSON.stringify(join(folder, 's.json'))} cannot be written here: --summary-json writes it`,
      ],
    );
    const ofAmmo = { '--summary-json': join(folder, 'link.uri') };
    assert.deepEqual(await issuesOf({ pools: [pool({ ammo: ammo('ammo.uri') })] }, { outputs: ofAmmo }), [
      'pools[0].ammo.file same-file',
    ]);
    assert.deepEqual(await issuesOf(config, { outputs: { '--summary-json': join(folder, 'other.json') } }), []);
  });

  it('are compared with the config itself', async () => {
    const file = join(folder, 'load.json');
    writeFileSync(file, JSON.stringify({ pools: [pool({ result: phout('real/../load.json') })] }));
    assert.deepEqual(await issuesOf(file), ['pools[0].result.destination same-file']);
  });

  it('are compared once each, although a component names those of one inside it', async () => {
    const outer = component({
      kind: 'aggregator',
      name: 'outer',
      summary: 'Names the file of its sink twice.',
      options: ({ sink }) => struct('outer', { sink: required(sink, 'where to write') }),
      create: () => () => EMPTY,
      traits: ({ sink }) => ({ files: [...(filesUnder('sink', sink).files ?? [])].flatMap((file) => [file, file]) }),
    });
    const registry = builtins().register(outer);
    const result = { type: 'outer', sink: { type: 'file', path: join(folder, 'a') } };
    assert.deepEqual(await issuesOf({ pools: [pool({ result })] }, { registry }), []);
    assert.deepEqual(await issuesOf({ pools: [pool({ result: [result, phout('a')] })] }, { registry }), [
      'pools[0].result[0].sink same-file',
      'pools[0].result[1].destination same-file',
    ]);
  });

  it('are compared with those of operators and middlewares of the user', async () => {
    const file = { path: join(folder, 'ammo.uri'), access: 'read' as const };
    const operator = defineOperator('ticks', {
      ...{ name: 'reading', summary: 'Reads a file.', options: struct('reading', {}) },
      create: () => (source) => source,
      traits: () => ({ files: [file] }),
    });
    const middleware = component({
      ...{ kind: 'middleware', name: 'reading', summary: 'Reads a file.', options: struct('reading', {}) },
      create: () => (ammo) => ammo,
      traits: () => ({ files: [file] }),
    });
    const registry = builtins().register(operator).register(middleware);
    const parts = {
      operators: { ticks: [{ type: 'reading' }] },
      ammo: { type: 'uri', uris: ['/'], middlewares: [{ type: 'reading' }] },
    };
    assert.deepEqual(
      (await issuesOf({ pools: [pool({ ...parts, result: phout('ammo.uri') })] }, { registry })).toSorted(),
      [
        'pools[0].ammo.middlewares[0] same-file',
        'pools[0].operators.ticks[0] same-file',
        'pools[0].result.destination same-file',
      ],
    );
  });

  const ACCEPTED: readonly (readonly [sentence: string, config: () => object])[] = [
    [
      'one file of ammo for two pools',
      () => ({ pools: [pool({ ammo: ammo('ammo.uri') }), pool({ ammo: ammo('link.uri') })] }),
    ],
    [
      'a device that several write',
      () => ({
        pools: [{ type: 'phout', destination: '/dev/null' }].flatMap((result) => [pool({ result }), pool({ result })]),
      }),
    ],
    [
      'an answlog that is not enabled',
      () => ({
        pools: [
          pool({
            gun: { type: 'http', target: 'localhost:80', answlog: { path: join(folder, 'a') } },
            result: phout('a'),
          }),
        ],
      }),
    ],
    ['other files in the same folder', () => ({ pools: [pool({ result: [phout('a'), phout('b')] })] })],
  ];
  for (const [sentence, config] of ACCEPTED)
    it(`are accepted: ${sentence}`, async () => assert.deepEqual(await issuesOf(config()), []));

  it('are not checked when no result is written', async () => {
    assert.deepEqual(
      await issuesOf({ pools: [pool({ result: [phout('none/a'), phout('none/a')] })] }, { writeResults: false }),
      [],
    );
  });
});
