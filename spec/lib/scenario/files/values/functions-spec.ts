import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EvaluationError } from '../../../../../lib/scenario/files/values/evaluationError.js';
import { FILE_FUNCTIONS, parseCall } from '../../../../../lib/scenario/files/values/functions.js';
import type { GoValue } from '../../../../../lib/scenario/files/values/goValue.js';
import { seededRandom } from '../../../../../lib/time/seededRandom.js';

const PRINT = { numbers: 'plain' } as const;

function call(name: string, args: readonly GoValue[], random = seededRandom(1)): string {
  const called = FILE_FUNCTIONS.get(name);
  assert.ok(called);
  return called(args, random, PRINT);
}

/** All values that many calls return. */
function drawn(name: string, args: readonly GoValue[], times = 400): Set<string> {
  const random = seededRandom(7);
  return new Set(Array.from({ length: times }, () => call(name, args, random)));
}

const numbers = (from: number, to: number): Set<string> =>
  new Set(Array.from({ length: to - from + 1 }, (_, i) => String(from + i)));

describe('randInt', () => {
  const rows: [args: readonly GoValue[], from: number, to: number, sentence: string][] = [
    [[], 0, 9, 'without arguments'],
    [[0n], 0, 9, 'up to 0'],
    [['0', 0n], 0, 9, 'between zeros'],
    [[3n], 0, 2, 'below a number'],
    [['-3'], -3, -1, 'from a negative number'],
    [[5n, 8n], 5, 7, 'between two numbers, the upper one excluded'],
    [['8', '5'], 5, 7, 'between two numbers in the other order, as texts'],
    [[-1n, '+1'], -1, 0, 'over zero'],
    [[7n, 8n], 7, 7, 'between neighbours'],
  ];
  for (const [args, from, to, sentence] of rows)
    it(sentence, () =>
      assert.deepEqual(new Set([...drawn('randInt', args)].sort((a, b) => Number(a) - Number(b))), numbers(from, to)),
    );

  it('over the whole range of 64 bits', () => {
    for (const value of drawn('randInt', [-(2n ** 63n), 2n ** 63n - 1n], 50))
      assert.ok(BigInt(value) >= -(2n ** 63n) && BigInt(value) < 2n ** 63n - 1n);
    assert.ok([...drawn('randInt', ['9000000000000000000'], 50)].some((value) => BigInt(value) % 2n === 1n));
  });
});

describe('randString', () => {
  const rows: [args: readonly GoValue[], expected: RegExp, sentence: string][] = [
    [[], /^[\w-]$/, 'one character'],
    [[0n], /^[\w-]$/, 'one character for a length of 0'],
    [[12n], /^[\w-]{12}$/, 'of a length'],
    [['5', 'ab'], /^[ab]{5}$/, 'of given letters'],
    [[4n, 'жü😀'], /^[жü😀]{4}$/u, 'by character, not by byte'],
    [[3n, ''], /^[\w-]{3}$/, 'of the usual letters when none are given'],
    [[3n, 77n], /^7{3}$/, 'of the digits of a number'],
  ];
  for (const [args, expected, sentence] of rows) it(sentence, () => assert.match(call('randString', args), expected));

  it('has at most 1,048,576 characters', () => {
    assert.equal(call('randString', [1_048_576n]).length, 1_048_576);
    assert.throws(() => call('randString', [1_048_577n]), /expected at most 1048576/);
  });

  it('uses all 64 letters', () => {
    assert.equal(drawn('randString', [], 5000).size, 64);
  });
});

it('uuid is one of version 4, whatever its arguments', () => {
  for (const value of drawn('uuid', [1n, 'x', 3n], 200))
    assert.match(value, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(drawn('uuid', [], 1000).size, 1000);
});

describe('functions refuse', () => {
  const rows: [name: string, args: readonly GoValue[], code: string][] = [
    ['randInt', [5n, 5n], 'equal-bounds'],
    ['randInt', ['-2', -2n], 'equal-bounds'],
    ['randInt', ['x'], 'not-an-integer'],
    ['randInt', ['1.5'], 'not-an-integer'],
    ['randInt', [''], 'not-an-integer'],
    ['randInt', [' 1'], 'not-an-integer'],
    ['randInt', [7], 'not-an-integer'],
    ['randInt', [null], 'not-an-integer'],
    ['randInt', [true], 'not-an-integer'],
    ['randInt', ['9223372036854775808'], 'not-an-integer'],
    ['randInt', [1n, 2n, 3n], 'too-many-arguments'],
    ['randString', [-1n], 'negative-length'],
    ['randString', [1.5], 'not-an-integer'],
    ['randString', ['a', 'b'], 'not-an-integer'],
    ['randString', [1n, 'a', 'b'], 'too-many-arguments'],
    ['randString', [1_048_577n], 'too-long'],
  ];
  for (const [name, args, code] of rows)
    it(`${name}(${args.map(String).join(', ')})`, () =>
      assert.throws(
        () => call(name, args),
        (error) => error instanceof EvaluationError && error.code === code,
      ));
});

describe('a call in a mapping', () => {
  const rows: [text: string, name: string | undefined, args: readonly string[]][] = [
    ['uuid', 'uuid', []],
    ['uuid()', 'uuid', []],
    ['randInt( 1 , 2 )', 'randInt', ['1', '2']],
    ['randInt(1', 'randInt', ['1']],
    ['randString(3, a(b)', 'randString', ['3', 'a(b']],
    ['randInt (1)', undefined, []],
    [' uuid', undefined, []],
    ['uuidv4()', undefined, []],
    ['', undefined, []],
  ];
  for (const [text, name, args] of rows)
    it(JSON.stringify(text), () => {
      const read = parseCall(text);
      assert.deepEqual([read?.name, read?.args ?? []], [name, args]);
    });
});
