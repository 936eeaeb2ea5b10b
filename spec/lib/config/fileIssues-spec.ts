import assert from 'node:assert/strict';
import { linkSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { isLeft } from 'fp-ts/lib/Either.js';
import { builtins } from '../../../lib/builtins/builtins.js';
import { ConfigError } from '../../../lib/codec/report/configError.js';
import { loadConfig } from '../../../lib/config/loadConfig.js';

let folder = '';

/** The codes and paths of the file issues of pools with these results. */
async function issuesOf(config: object, writeResults = true): Promise<readonly string[]> {
  const loaded = await loadConfig(config, { registry: builtins(), env: {}, writeResults })();
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
      ['pools[0].result[0].destination same-file', 'pools[0].result[1].result same-file'],
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
    assert.deepEqual(await issuesOf({ pools: [pool({ result: [phout('none/a'), phout('none/a')] })] }, false), []);
  });
});
