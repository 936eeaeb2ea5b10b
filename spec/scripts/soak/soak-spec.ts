// Alone: it counts the memory of its threads.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FUZZERS } from '../../../scripts/soak/fuzzers.js';
import { parseMillis, soak } from '../../../scripts/soak/soak.js';
import { PLANTED } from './planted.js';

const parts = {
  program: new URL('./plantedWorker.ts', import.meta.url),
  fuzzers: PLANTED,
  longestInputMs: 5000,
  mostMemory: 64,
};

async function soaked(only: readonly string[], { seed = 1, rounds = 2, forMs = 60_000 } = {}) {
  const printed: string[] = [];
  const fine = await soak({ seed, rounds, forMs, only }, (text) => printed.push(text), parts);
  return { fine, text: printed.join('\n') };
}

describe('the soak', () => {
  it('prints the seed first, and how often each fuzzer ran', async () => {
    const { fine, text } = await soaked(['nothing'], { seed: 77, rounds: 3 });
    assert.ok(fine);
    assert.match(text, /^soak: seed 77\n/);
    assert.match(text, /^nothing +3 +300 +\d+\.\d +0$/m);
    assert.match(text, /\nsoak: seed 77, no defects$/);
  });

  it('shows a failure once, with the smallest input and the seed that finds it again, and continues with the others', async () => {
    const { fine, text } = await soaked(['nothing', 'failure']);
    assert.ok(!fine);
    assert.match(text, /✖ failure: failure never happens\n {2}seed 1; [^\n]*\n {2}700\n {2}Error: 700 is too large/);
    assert.match(text, /again: npm run soak -- --seed 1 --rounds 1 failure/);
    assert.match(text, /^nothing +2 +200 /m);
    assert.match(text, /^failure +1 .* 1$/m);
    assert.equal(text.match(/✖/g)?.length, 1);
  });

  it('finds the same failure again with the printed seed', async () => {
    const defectOf = (text: string): unknown => /seed (-?\d+); .*\n.*\n/.exec(text)?.[0];
    const first = (await soaked(['failure'], { seed: 5 })).text;
    assert.equal(defectOf((await soaked(['failure'], { seed: 5 })).text), defectOf(first));
  });

  const rows: readonly (readonly [name: string, sentence: string, error: RegExp])[] = [
    ['loop', 'an endless loop', /the input takes more than 5 s/],
    ['silence', 'a check that never ends', /the thread ended with code/],
    ['growth', 'memory that grows without bound', /the thread ended: .*memory/],
    ['exit', 'the end of the process', /the thread ended with code 0/],
    ['uncaught', 'an exception outside of any call', /the thread ended: Error: thrown later/],
  ];
  for (const [name, sentence, error] of rows)
    it(`shows ${sentence} with its input`, async () => {
      const { fine, text } = await soaked([name]);
      assert.ok(!fine);
      assert.match(text, error);
      assert.match(text, /\n {2}([7-9]\d\d|1000)\n/);
    });

  it('ends after the given time', async () => {
    const { fine, text } = await soaked(['nothing'], { rounds: Number.MAX_SAFE_INTEGER, forMs: 300 });
    assert.ok(fine, text);
    assert.match(text, /^nothing +\d+ /m);
  });

  it('reads durations', () => {
    const times = ['90s', '5m', '1.5h', '250ms', '5', 's', '-5s', '5 m'].map(parseMillis);
    assert.deepEqual(times, [90_000, 300_000, 5_400_000, 250, undefined, undefined, undefined, undefined]);
  });

  it('has fuzzers with names of their own, whose inputs depend on the seed alone', () => {
    assert.equal(new Set(FUZZERS.map(({ name }) => name)).size, FUZZERS.length);
    for (const { name, inputAt } of FUZZERS) {
      assert.equal(inputAt(3, 5), inputAt(3, 5), name);
      assert.notEqual([1, 2, 3].map((n) => inputAt(3, n)).join(), [1, 2, 3].map((n) => inputAt(4, n)).join(), name);
    }
  });
});
