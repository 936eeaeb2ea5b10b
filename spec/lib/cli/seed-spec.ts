import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startTarget, type Target } from '../../../lib/target/target.js';
import { elpis } from './inProcess.js';

const folder = mkdtempSync(join(tmpdir(), 'elpis-seed-'));
after(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};

// Its samples are tagged by the random numbers of the run.
write(
  'random.ts',
  `import { component, NetSample, struct } from 'elpis';
import { of } from 'rxjs';
export const gun = component({
  kind: 'gun', name: 'random', summary: 'Draws a number for each shot.', options: struct('random gun', {}),
  create: (_options, { random }) => ({
    create: () => ({ shoot: (_ammo, shot) => {
      const sample = NetSample.of(shot);
      sample.tag = String(random());
      return of(sample.end(shot.started));
    } }),
  }),
});
`,
);

const config = (seed?: number): string =>
  write(
    `load-${seed}.json`,
    JSON.stringify({
      plugins: ['./random.ts'],
      ...(seed === undefined ? {} : { seed }),
      pools: [
        {
          gun: { type: 'random' },
          ammo: { type: 'num' },
          result: { type: 'discard' },
          rps: { type: 'once', times: 3 },
          startup: { type: 'once', times: 1 },
        },
      ],
    }),
  );

interface Summary {
  readonly seed: number;
  readonly pools: readonly { readonly tags: readonly { readonly tag: string }[] }[];
}

/** The seed in the text, the seed in the JSON, and the drawn values. */
async function drawn(
  ...args: readonly string[]
): Promise<readonly [text: number, json: number, numbers: readonly string[]]> {
  const file = join(folder, 'summary.json');
  const { code, stdout, stderr } = await elpis([...args, '--summary-json', file]);
  assert.equal(code, 0, stderr);
  const { seed, pools } = JSON.parse(readFileSync(file, 'utf8')) as Summary;
  const [, text] = /^Seed (\d+): with it another run has the same random values$/m.exec(stdout) ?? [];
  return [Number(text), seed, (pools[0]?.tags ?? []).map(({ tag }) => tag).sort()];
}

describe('the seed of a run', () => {
  let target: Target;
  before(async () => {
    target = await startTarget();
  });
  after(() => target.close());

  it('is in the text and in the JSON of each summary, and reproduces the random values', async () => {
    const [text, json, numbers] = await drawn('run', config());
    assert.equal(text, json);
    assert.equal(new Set(numbers).size, 3);
    assert.deepEqual(await drawn('run', config(), '--seed', String(json)), [json, json, numbers]);
    assert.notDeepEqual((await drawn('run', config(), '--seed', String((json + 1) % 2 ** 32)))[2], numbers);
  });

  it('is the key seed of the config, and --seed has priority over it', async () => {
    const [text, json, numbers] = await drawn('run', config(7));
    assert.deepEqual([text, json], [7, 7]);
    assert.deepEqual(await drawn('run', config(8), '--seed', '7'), [7, 7, numbers]);
  });

  it('exists in hit too', async () => {
    const [text, json] = await drawn('hit', target.url, '--for', '10ms', '--rps', '100', '--seed', '4294967295');
    assert.deepEqual([text, json], [4_294_967_295, 4_294_967_295]);
  });

  const rehearsals: readonly [sentence: string, args: readonly string[], seed: number][] = [
    ['rehearse has 1 by default', [config()], 1],
    ['rehearse has that of the config', [config(9)], 9],
    ['rehearse --seed has priority', [config(9), '--seed', '3'], 3],
  ];
  for (const [sentence, args, seed] of rehearsals)
    it(sentence, async () => {
      const all = ['rehearse', ...args, '--target', 'constant(1ms)'];
      assert.match((await elpis(all)).stdout, new RegExp(`, seed ${seed}\\n`));
      const { stdout } = await elpis([...all, '--json']);
      const json = JSON.parse(stdout) as { seed: number; summary: Summary };
      assert.deepEqual([json.seed, json.summary.seed], [seed, seed]);
    });

  for (const seed of ['-1', '4294967296', '1.5.0', 'x'])
    it(`refuses --seed ${seed}`, async () => {
      const { code, stderr } = await elpis(['run', config(), `--seed=${seed}`]);
      assert.equal(code, 2);
      assert.match(stderr, new RegExp(`^ERROR {2}--seed: expected a whole number.*, got "${seed}"`));
    });
});
