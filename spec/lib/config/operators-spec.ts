import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { isLeft } from 'fp-ts/lib/Either.js';
import { map, of, toArray } from 'rxjs';
import { retag, sampled } from '../../../lib/builtins/components.js';
import { ConfigError } from '../../../lib/codec/report/configError.js';
import { integer } from '../../../lib/codec/scalars.js';
import { optional, struct } from '../../../lib/codec/struct.js';
import { assemblePools } from '../../../lib/config/assemblePools.js';
import type { PoolConfig } from '../../../lib/config/config.js';
import { decodeConfig } from '../../../lib/config/decodeConfig.js';
import { describeComponents } from '../../../lib/config/describeComponents.js';
import { loadConfig } from '../../../lib/config/loadConfig.js';
import type { Tick } from '../../../lib/core/plan.js';
import { defineOperator } from '../../../lib/plugin/component.js';
import type { Registry } from '../../../lib/plugin/registry.js';
import { fakeDeps } from '../../../lib/testing/fakeDeps.js';
import { probeRegistry } from './probe.js';

const shift = defineOperator('ticks', {
  name: 'shift',
  summary: 'Shifts.',
  options: struct('shift', { by: optional(integer, 1, 'by how much') }),
  create: ({ by }) => map((tick) => ({ ...tick, at: tick.at + by })),
});
const registry = (): Registry => probeRegistry().register(shift).register(retag);

/** A module with an operator of ticks, in TypeScript; `by` is its one option. */
const SHIFT = `import { defineOperator, integer, required, struct, type Tick } from 'elpis';
import { mapPulled } from 'elpis/operators';
const operator = defineOperator('ticks', { name: 'mine', summary: 'Mine.',
  options: struct('mine', { by: required(integer, 'by how much') }),
  create: ({ by }) => mapPulled((tick: Tick) => ({ ...tick, at: tick.at + by })),
});
`;

let folder: string;
const write = (name: string, text: string): void => {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
};
const config = (operators: string, more = ''): string => `${more}pools:
  - gun: {type: fake}
    ammo: {type: probe}
    result: {type: discard}
    rps: {type: once, times: 1}
    startup: {type: once, times: 1}
    operators:
${operators.replaceAll(/^/gm, '      ')}
`;

async function load(text: string) {
  write('load.yaml', text);
  const stdin = Readable.from([]);
  return loadConfig(join(folder, 'load.yaml'), {
    registry: registry(),
    env: { WHICH: './mine.ts' },
    stdin,
    cwd: '/',
  })();
}

async function accepted(text: string) {
  const loaded = await load(text);
  if (isLeft(loaded)) assert.fail(loaded.left.message);
  return loaded.right;
}

async function refused(text: string) {
  const loaded = await load(text);
  assert.ok(isLeft(loaded) && loaded.left instanceof ConfigError, JSON.stringify(loaded));
  return loaded.left;
}

const shown = ({ operators }: PoolConfig) =>
  Object.entries(operators).map(([point, list]) => [point, ...list.map(({ name, options }) => ({ [name]: options }))]);

/** The result of the operators of ticks of the only pool for a tick at 0. */
function throughTicks(pools: readonly PoolConfig[]): readonly number[] {
  const [pool] = assemblePools(pools, fakeDeps());
  let at: readonly number[] = [];
  const { ticks = [] } = pool?.operators ?? {};
  ticks
    .reduce((stream, { operator }) => operator(stream), of<Tick>({ index: 0, at: 0 }))
    .pipe(
      map((tick) => tick.at),
      toArray(),
    )
    .subscribe((all) => {
      at = all;
    });
  return at;
}

describe('operators in a config', () => {
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'elpis-'));
    write('mine.ts', `${SHIFT}export default operator;`);
    write('other.ts', `${SHIFT}export const other = operator; export const helper = 1;`);
    write(
      'sub/samples.mjs',
      `${SHIFT.replace(': Tick', '').replace(', type Tick', '').replace("'ticks'", "'samples'")}export { operator };`,
    );
    write(
      'several.ts',
      `${SHIFT}export const a = operator; export const b = Object.assign((...args) => operator(...args), operator);\nObject.defineProperty(b, 'name', { value: 'mine' });`,
    );
    write('several-default.ts', `${SHIFT}export const a = { ...operator, name: 'no' }; export default operator;`);
    write('none.ts', 'export default (source: unknown) => source;');
    write('throws.ts', '\nthrow new Error("boom");');
    write('pointless.ts', `${SHIFT}export default Object.assign(operator, { at: 'shot' });`);
  });
  after(() => rmSync(folder, { recursive: true }));

  it('there are none by default', async () => {
    const plain = await accepted(config('').replace(/ {4}operators:\s*$/, ''));
    assert.deepEqual(shown(plain.pools[0] as PoolConfig), [['ticks'], ['shots'], ['samples']]);
    const empty = await accepted(config('ticks: ~'));
    assert.deepEqual(shown(empty.pools[0] as PoolConfig), [['ticks'], ['shots'], ['samples']]);
  });

  it('are named by type or by module, relative to the config, and keep their order', async () => {
    const loaded = await accepted(
      config(`ticks:
  - {use: ./mine.ts, by: 10}
  - {type: shift}
  - {by: 100, Use: ./other.ts}
  - {use: ./several-default.ts, by: 1000}
Samples:
  - {use: ./sub/samples.mjs, by: 1}
  - {type: retag, pattern: '[0-9]'}`),
    );
    assert.deepEqual(shown(loaded.pools[0] as PoolConfig), [
      [
        'ticks',
        { './mine.ts': { by: 10 } },
        { shift: { by: 1 } },
        { './other.ts': { by: 100 } },
        { './several-default.ts': { by: 1000 } },
      ],
      ['shots'],
      ['samples', { './sub/samples.mjs': { by: 1 } }, { retag: { pattern: /[0-9]/gu, replacement: '*' } }],
    ]);
    assert.deepEqual([...loaded.used.keys()], ['./mine.ts', './other.ts', './several-default.ts', './sub/samples.mjs']);
    assert.deepEqual(throughTicks(loaded.pools), [1111]);
  });

  it('may be named by a reference, and registered by a module under plugins', async () => {
    const operators = 'ticks: [{use: "${env:WHICH}", by: 3}, {type: mine, by: 4}]';
    const loaded = await accepted(config(operators, 'plugins: [./mine.ts]\n'));
    assert.deepEqual(throughTicks(loaded.pools), [7]);
  });

  it('all their issues are reported at once, with their places', async () => {
    const error = await refused(
      config(`ticks:
  - {use: ./mine.ts}
  - {use: ./nope.ts}
  - {use: ./none.ts}
  - {type: shfit}
  - {use: ./mine.ts, by: x, bye: 1}
shots:
  - {type: shift}
samples:
  - {use: ./mine.ts, by: 1}`),
    );
    assert.deepEqual(
      error.issues.map(({ line, path, code }) => `${line} ${path} ${code}`),
      [
        '9 pools[0].operators.ticks[0].by required',
        '10 pools[0].operators.ticks[1].use bad-module',
        '11 pools[0].operators.ticks[2].use bad-module',
        '12 pools[0].operators.ticks[3].type unknown-plugin-type',
        '13 pools[0].operators.ticks[4].by wrong-type',
        '13 pools[0].operators.ticks[4].bye unknown-key',
        '15 pools[0].operators.shots[0].type bad-value',
        '17 pools[0].operators.samples[0].use bad-value',
      ],
    );
  });

  const REFUSED: readonly (readonly [sentence: string, operators: string, message: RegExp])[] = [
    [
      'a module that is not there',
      'ticks: [{use: ./nope.ts}]',
      /ticks\[0\]\.use: .*got "\.\/nope\.ts"(?:.|\n)*nope\.ts/,
    ],
    ['a module that fails', 'ticks: [{use: ./throws.ts}]', /throws\.ts:2:\d+: boom/],
    [
      'a module without an operator',
      'ticks: [{use: ./none.ts}]',
      /it exports no operator: export default defineOperator/,
    ],
    ['a module with several', 'ticks: [{use: ./several.ts}]', /it exports several operators \(mine, mine\)/],
    ['a module whose operator has no point', 'ticks: [{use: ./pointless.ts}]', /it exports no operator/],
    [
      'the wrong point',
      'samples: [{use: ./mine.ts}]',
      /an operator of samples(?:.|\n)*mine is one of ticks: write it under ticks/,
    ],
    ['the wrong point, by name', 'ticks: [{type: retag}]', /retag is one of samples: write it under samples/],
    ['a name that is not known', 'samples: [{type: retga}]', /one of retag(?:.|\n)*did you mean retag\?/],
    [
      'a name where none is known',
      'shots: [{type: x}]',
      /an operator of shots: none has a name(?:.|\n)*use: \.\/my-operator\.ts/,
    ],
    [
      'neither',
      'ticks: [{by: 1}]',
      /the key type with the name of an operator of ticks, or the key use with the path of a module/,
    ],
    ['both', 'ticks: [{type: shift, use: ./mine.ts}]', /one of the keys type and use, once/],
    ['use twice', 'ticks: [{use: ./mine.ts, USE: ./mine.ts}]', /one of the keys type and use, once/],
    ['an empty module', 'ticks: [{use: ""}]', /a text that is not empty/],
    ['a module that is a number', 'ticks: [{use: 5}]', /expected text/],
    ['a name that is a list', 'ticks: [{type: [a]}]', /expected text/],
    ['text', 'ticks: [./mine.ts]', /an operator of ticks such as \{use: \.\/my-operator\.ts\}/],
    ['no list', 'ticks: {use: ./mine.ts}', /a list/],
    ['another point', 'ammo: []', /unknown key; expected one of the keys ticks, shots, samples/],
    ['a list of points', '- ticks', /a map with keys such as ticks, shots, samples, got a list/],
  ];
  for (const [sentence, operators, message] of REFUSED)
    it(`refused: ${sentence}`, async () => assert.match((await refused(config(operators))).message, message));

  it('in code are functions, which keep their point and stand for their options if they have any', () => {
    const pool = {
      gun: { type: 'fake' },
      ammo: { type: 'probe' },
      result: { type: 'discard' },
      rps: { type: 'once', times: 1 },
      startup: { type: 'once', times: 1 },
    };
    const decode = (operators: unknown) => decodeConfig({ pools: [{ ...pool, operators }] }, registry());
    function twice(source: never): never {
      return source;
    }
    const decoded = decode({ ticks: [twice, map(() => 1)], samples: [retag({ pattern: /a/, replacement: 'b' })] });
    if (isLeft(decoded)) assert.fail(JSON.stringify(decoded.left));
    assert.deepEqual(shown(decoded.right.pools[0] as PoolConfig), [
      ['ticks', { twice: {} }, { operator: {} }],
      ['shots'],
      ['samples', { retag: { pattern: /a/gu, replacement: 'b' } }],
    ]);
    const wrong = [
      decode({ ticks: [retag({ pattern: 'a' })] }),
      decode({ ticks: [sampled({ oneIn: 2, result: { type: 'discard' } })] }),
      decode({ ticks: [{ use: './mine.ts' }] }),
    ];
    for (const result of wrong) assert.ok(isLeft(result));
    const [chosen] = decoded.right.pools[0]?.operators.samples ?? [];
    assert.ok(isLeft(decode({ ticks: [chosen] })), 'one that was chosen for samples');
    assert.ok(!isLeft(decode({ samples: [chosen] })));
  });

  it('are listed with their points and keys, those of modules under the name of the module', async () => {
    const loaded = await accepted(config('ticks: [{use: ./mine.ts, by: 1}]'));
    const operators = describeComponents(loaded.registry, loaded.used).filter(({ kind }) => kind === 'operator');
    assert.deepEqual(
      operators.map(({ name, at, keys }) => [name, at, ...keys.map(({ key }) => key)]),
      [
        ['shift', 'ticks', 'by'],
        ['retag', 'samples', 'pattern', 'replacement'],
        ['./mine.ts', 'ticks', 'by'],
      ],
    );
  });
});
