import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isLeft } from 'fp-ts/lib/Either.js';
import { parseItem, readRequestList } from '../../../../lib/scenario/files/requestList.js';

const KNOWN = new Set(['a', 'b', 'with blank', '']);
const read = (...items: string[]) =>
  readRequestList(items, (name) => (KNOWN.has(name) ? undefined : 'no such request'));

describe('an item of a list of requests', () => {
  const ITEMS: readonly (readonly [text: string, name: string, count: number, sleepMs: number])[] = [
    ['a', 'a', 1, 0],
    ['a(3)', 'a', 3, 0],
    ['a(3,100)', 'a', 3, 100],
    [' a ( 3 , 100 ) ', 'a', 3, 100],
    ['a(,100)', 'a', 1, 100],
    ['a(2,)', 'a', 2, 0],
    ['a(2, 3, what, ever)', 'a', 2, 3],
    ['with blank(2)', 'with blank', 2, 0],
    ['a)', 'a)', 1, 0],
    ['a(+2, -5)', 'a', 2, -5],
    ['a(1000000000)', 'a', 1_000_000_000, 0],
  ];
  for (const [text, name, count, sleepMs] of ITEMS) {
    it(`reads ${JSON.stringify(text)}`, () => {
      const item = parseItem(text);
      assert.deepEqual(isLeft(item) ? item.left : item.right, { name, count, sleepMs });
    });
  }

  for (const text of [
    'a(',
    'a(1',
    'a(1) x',
    'a(1)(2)',
    'a(one)',
    'a(1, 2.5)',
    'a(0x10)',
    'a(1_000)',
    'a(99999999999999999999)',
  ]) {
    it(`refuses ${JSON.stringify(text)}`, () => assert.ok(isLeft(parseItem(text))));
  }
});

describe('a list of requests', () => {
  it('keeps counts as counts, and adds sleeps to the last request', () => {
    assert.deepEqual(read('a(1000000000, 10)', 'sleep(5)', 'sleep', 'b(0)', 'sleep(1)', 'b'), {
      runs: [
        { name: 'a', count: 1_000_000_000, sleepMs: 10, lastSleepMs: 17, item: 0 },
        { name: 'b', count: 1, sleepMs: 0, lastSleepMs: 0, item: 5 },
      ],
      issues: [],
    });
  });

  it('refuses a sleep before the first request, also behind a request that is sent no times', () => {
    for (const items of [
      ['sleep(1)', 'a'],
      ['a(0)', 'sleep'],
      ['a(-1)', 'sleep()'],
    ]) {
      const { issues } = read(...items);
      assert.deepEqual(
        issues.map(({ expected }) => expected),
        ['a request before the first sleep'],
      );
    }
  });

  it('tells everything that is wrong, once', () => {
    const { issues } = read('a', 'c', 'sleep(x)', 'b(');
    assert.deepEqual(
      issues.map(({ item, code, hint }) => [item, code, hint]),
      [
        [1, 'one-of', 'no such request'],
        [2, 'bad-value', 'write name(COUNT, SLEEP_MS)'],
        [3, 'bad-value', 'write name(COUNT, SLEEP_MS), such as order(3, 100)'],
      ],
    );
    // A sleep behind an unknown request is not a second mistake.
    assert.equal(read('c', 'sleep').issues.length, 1);
  });

  it('stops after 20 mistakes', () => {
    let asked = 0;
    const { issues } = readRequestList(
      Array.from({ length: 1000 }, () => 'c'),
      () => {
        asked++;
        return 'no such request';
      },
    );
    assert.equal(issues.length, 20);
    assert.equal(asked, 20);
  });
});
