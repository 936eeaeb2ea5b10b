import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { isLeft } from 'fp-ts/lib/Either.js';
import { from, type Observable, take, toArray } from 'rxjs';
import { builtins } from '../../../lib/builtins/builtins.js';
import { ConfigError } from '../../../lib/codec/report/configError.js';
import { loadConfig } from '../../../lib/config/loadConfig.js';
import type { ScenarioAmmo } from '../../../lib/scenario/scenarioAmmo.js';
import { fakeDeps } from '../../../lib/testing/fakeDeps.js';

const HEAD = "import { get, scenario } from 'elpis/scenario';\n";
const TWO =
  `${HEAD}export const browse = scenario('browse', get('a', '/'));\n` +
  "export const buy = scenario('buy', get('a', '/'));\n";

let folder: string;
let modules = 0;
async function load(module: string | undefined, ammo = '{type: scenario, use: ./scenario.ts}') {
  // A module is loaded once, so each test has its own module.
  const name = `scenario${++modules}.ts`;
  if (module !== undefined) writeFileSync(join(folder, name), module);
  const text = `pools:
  - gun: {type: scenario, target: "127.0.0.1:1"}
    ammo: ${ammo.replace('scenario.ts', name)}
    result: {type: discard}
    rps: {type: once, times: 1}
    startup: {type: once, times: 1}
`;
  writeFileSync(join(folder, 'load.yaml'), text);
  return loadConfig(join(folder, 'load.yaml'), { registry: builtins(), env: {}, stdin: Readable.from([]), cwd: '/' })();
}

/** The tags of the first ammo. */
async function played(module: string, count: number, ammo?: string): Promise<string[]> {
  const loaded = await load(module, ammo);
  if (isLeft(loaded)) assert.fail(loaded.left.message);
  const made = loaded.right.pools[0]?.ammo.create(fakeDeps());
  const tags: string[] = [];
  from(made as Observable<ScenarioAmmo>)
    .pipe(take(count), toArray())
    .subscribe((all) => tags.push(...all.map(({ tag }) => tag)));
  return tags;
}

describe('ammo: {type: scenario, use: MODULE}', () => {
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'scenario-ammo-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  const forms: readonly (readonly [sentence: string, module: string, tags: readonly string[]])[] = [
    ['a scenario as default export', `${TWO}export default buy;\n`, ['buy', 'buy', 'buy']],
    ['a list', `${TWO}export default [browse, buy];\n`, ['browse', 'buy', 'browse', 'buy']],
    [
      'a list with weights',
      `${TWO}export default [{ scenario: browse, weight: 2 }, buy];\n`,
      ['browse', 'buy', 'browse', 'browse', 'buy', 'browse'],
    ],
    ['scenarios by name', `${TWO}export const users = 3;\n`, ['browse', 'buy']],
    [
      'a named weighted scenario',
      `${HEAD}export const one = { scenario: scenario('one', get('a', '/')), weight: 7 };\n`,
      ['one'],
    ],
  ];
  for (const [sentence, module, tags] of forms) {
    it(`plays ${sentence}`, async () => assert.deepEqual(await played(module, tags.length), tags));
  }

  it('has a limit, and can be a part of a mix', async () => {
    assert.deepEqual(await played(TWO, 9, '{type: scenario, use: ./scenario.ts, limit: 3}'), [
      'browse',
      'buy',
      'browse',
    ]);
    const mix = '{type: mix, providers: [{ammo: {type: scenario, use: ./scenario.ts}}]}';
    assert.deepEqual(await played(TWO, 2, mix), ['browse', 'buy']);
  });

  const refusals: readonly (readonly [sentence: string, module: string | undefined, said: RegExp, ammo?: string])[] = [
    ['a missing file', undefined, /scenario\d+\.ts/],
    ['a module that throws', `${HEAD}throw new Error('broken');\n`, /scenario\d+\.ts:2:\d+: broken/],
    ['a module without scenarios', 'export const users = 3;\n', /a module that exports scenarios/],
    ['an empty list', 'export default [];\n', /a module that exports scenarios/],
    [
      'a default that is no scenario',
      'export default 7;\n',
      /a module whose export has at 0 a map with keys such as scenario|a scenario/,
    ],
    [
      'an item that is no scenario',
      `${TWO}export default [browse, { scenario: 'buy' }];\n`,
      /at 1\.scenario a scenario/,
    ],
    [
      'a weight of 0',
      `${TWO}export default [browse, { scenario: buy, weight: 0 }];\n`,
      /at 1\.weight a number above 0/,
    ],
    [
      'two scenarios of one name',
      `${TWO}export default [buy, scenario('buy', get('a', '/'))];\n`,
      /two scenarios are named "buy"/,
    ],
    ['no module', TWO, /the key use/, '{type: scenario}'],
    ['a module that is no text', TWO, /text/, '{type: scenario, use: [a]}'],
  ];
  for (const [sentence, module, said, ammo] of refusals) {
    it(`refuses ${sentence}, at its place`, async () => {
      const loaded = await load(module, ammo);
      assert.ok(isLeft(loaded) && loaded.left instanceof ConfigError, sentence);
      assert.match(loaded.left.message, said);
      assert.match(loaded.left.message, /load\.yaml:3:\d+/);
      assert.deepEqual(
        loaded.left.issues.map(({ path }) => path.slice(0, 20)),
        [ammo === '{type: scenario}' ? 'pools[0].ammo' : 'pools[0].ammo.use'],
      );
    });
  }
});
