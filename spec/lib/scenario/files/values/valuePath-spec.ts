import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EvaluationError } from '../../../../../lib/scenario/files/values/evaluationError.js';
import type { GoMap } from '../../../../../lib/scenario/files/values/goValue.js';
import { countersOf } from '../../../../../lib/scenario/files/values/iterator.js';
import { parsePath, valueAt } from '../../../../../lib/scenario/files/values/valuePath.js';
import { seededRandom } from '../../../../../lib/time/seededRandom.js';

const ROOT: GoMap = {
  source: {
    list: ['a', 'b', 'c'],
    empty: [],
    nest: [{ in: [{ v: 1 }, { v: 2 }] }],
    text: 'x',
    none: null,
    'a b': { 'c-d': 1 },
    'x]': 2,
  },
};

function evaluator(share = { index: 0, of: 1 }, shared = new WeakMap<object, unknown>(), owner = {}) {
  const counters = countersOf({ shared, share }, owner);
  const random = seededRandom(3);
  return (path: string) => valueAt(ROOT, parsePath(path), { random, counters });
}

describe('a path', () => {
  const rows: [path: string, value: unknown][] = [
    ['source.list[0]', 'a'],
    ['source.list[3]', 'a'],
    ['source.list[-1]', 'c'],
    ['source.list[-4]', 'c'],
    ['source.list[+1]', 'b'],
    ['source.list[LAST]', 'c'],
    ['source.list[ last ]', 'c'],
    [' source . list[1] ', 'b'],
    ['.source.list[1]', 'b'],
    ['source.nest[0].in[1].v', 2],
    ['source.a b.c-d', 1],
    ['source.x]', 2],
    ['source.none', null],
    ['source.nest[0]', { in: [{ v: 1 }, { v: 2 }] }],
  ];
  for (const [path, value] of rows) it(`${path} leads to a value`, () => assert.deepEqual(evaluator()(path), value));

  const wrong: [path: string, code: string][] = [
    ['source.nope', 'missing-key'],
    ['nope', 'missing-key'],
    ['', 'missing-key'],
    ['source.list [0]', 'missing-key'],
    ['source.list[0', 'missing-key'],
    ['source.text.x', 'not-a-map'],
    ['source.none.x', 'not-a-map'],
    ['source.list.x', 'not-a-map'],
    ['source.text[0]', 'not-a-list'],
    ['source.none[0]', 'not-a-list'],
    ['source.list[x]', 'bad-index'],
    ['source.list[]', 'bad-index'],
    ['source.list[1.5]', 'missing-key'],
    ['source.list[0x1]', 'bad-index'],
    ['source.list[0][0]', 'bad-index'],
    ['source.empty[0]', 'empty-list'],
    ['source.empty[rand]', 'empty-list'],
    ['source.constructor', 'missing-key'],
    ['source.__proto__', 'missing-key'],
    ['source.list.length', 'not-a-map'],
  ];
  for (const [path, code] of wrong)
    it(`${path} is ${code}`, () =>
      assert.throws(
        () => evaluator()(path),
        (error) => error instanceof EvaluationError && error.code === code,
      ));

  it('[rand] leads to every entry', () => {
    const evaluate = evaluator();
    assert.deepEqual(
      new Set(Array.from({ length: 100 }, () => evaluate('source.list[rand]'))),
      new Set(['a', 'b', 'c']),
    );
  });
});

describe('[next]', () => {
  it('counts from 0 and wraps around, by the text up to the bracket', () => {
    const evaluate = evaluator();
    const take = (path: string) => evaluate(path);
    assert.deepEqual(
      [1, 2, 3, 4].map(() => take('source.list[next]')),
      ['a', 'b', 'c', 'a'],
    );
    assert.equal(take('.source.list[next]'), 'b', 'a dot in front makes no difference');
    assert.equal(take('source.list[NEXT]'), 'a', 'another text has a counter of its own');
  });

  it('does not count when the list is empty', () => {
    const evaluate = evaluator();
    assert.throws(() => evaluate('source.empty[next]'), EvaluationError);
  });

  it('is shared by the instances of a pool, and not by two scenarios', () => {
    const shared = new WeakMap<object, unknown>();
    const [one, two] = [{}, {}];
    const share = { index: 0, of: 1 };
    assert.equal(evaluator(share, shared, one)('source.list[next]'), 'a');
    assert.equal(evaluator(share, shared, one)('source.list[next]'), 'b');
    assert.equal(evaluator(share, shared, two)('source.list[next]'), 'a');
  });

  it('takes every number once over all threads', () => {
    const threads = [0, 1, 2].map((index) => {
      const counters = countersOf({ shared: new WeakMap(), share: { index, of: 3 } }, {});
      return Array.from({ length: 4 }, () => counters.next('k'));
    });
    assert.deepEqual(threads, [
      [0, 3, 6, 9],
      [1, 4, 7, 10],
      [2, 5, 8, 11],
    ]);
  });
});
