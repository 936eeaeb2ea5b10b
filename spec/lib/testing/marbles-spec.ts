import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { delay, EMPTY, map, NEVER, of, throwError, timer } from 'rxjs';
import { type Drawing, marbles } from '../../../lib/testing/marbles.js';

interface Failure extends Error {
  readonly code: string;
  readonly expected: string;
  readonly actual: string;
}

function failureOf(draw: Drawing, title?: string): Failure {
  try {
    (title === undefined ? marbles(draw) : marbles(title, draw))();
  } catch (error) {
    return error as Failure;
  }
  throw new Error('it did not fail');
}

const FAILURES: readonly [sentence: string, draw: Drawing, message: readonly string[]][] = [
  [
    'a value at another moment',
    ({ cold, expectObservable }) => expectObservable(cold('--a---b-|')).toBe('--a--b--|'),
    [
      'the stream differs from its drawing at frame 5: expected b, found nothing',
      '',
      '  expected  --a--b--|',
      '  actual    --a---b-|',
      '                 ^',
    ],
  ],
  [
    'another value, with a key to what is not a letter',
    ({ cold, expectObservable }) =>
      expectObservable(cold('a-b|').pipe(map((tag) => ({ tag })))).toBe('a-b|', { a: { tag: 'a' }, b: { tag: 'x' } }),
    [
      'the stream differs from its drawing at frame 2: expected b, found c',
      '',
      '  expected  a-b|',
      '  actual    a-c|',
      '              ^',
      '',
      "  a = { tag: 'a' }",
      "  b = { tag: 'x' }",
      "  c = { tag: 'b' }",
    ],
  ],
  [
    'letters of texts are not given to other values',
    ({ expectObservable }) => expectObservable(of('a', 1)).toBe('(ab|)', { a: 'a', b: 2 }),
    [
      'the stream differs from its drawing at frame 0: expected (ab|), found (ac|)',
      '',
      '  expected  (ab|)',
      '  actual    (ac|)',
      '            ^',
      '',
      '  b = 2',
      '  c = 1',
    ],
  ],
  [
    'a group beside single values stays aligned',
    ({ cold, expectObservable }) => expectObservable(cold('(abc)--d|')).toBe('a------d|'),
    [
      'the stream differs from its drawing at frame 0: expected a, found (abc)',
      '',
      '  expected  a------d|',
      '  actual    (abc)--d|',
      '            ^',
    ],
  ],
  [
    'a group that is wider than the time until the next value',
    ({ expectObservable, scheduler }) => expectObservable(timer(1, scheduler).pipe(map(() => 'b'))).toBe('(ab)'),
    [
      'the stream differs from its drawing at frame 0: expected (ab), found nothing',
      '',
      '  expected  (ab)',
      '  actual    -   (b|)',
      '            ^',
    ],
  ],
  [
    'a long silence is written as its length',
    ({ cold, expectObservable }) => expectObservable(cold('a 99ms b 98ms |')).toBe('a 99ms b 99ms |'),
    [
      'the stream differs from its drawing at frame 199: expected nothing, found |',
      '',
      '  expected  a 99ms b 98ms -|',
      '  actual    a 99ms b 98ms |',
      '                          ^',
    ],
  ],
  [
    'nothing where something was drawn',
    ({ expectObservable }) => expectObservable(NEVER).toBe('--a'),
    [
      'the stream differs from its drawing at frame 2: expected a, found nothing',
      '',
      '  expected  --a',
      '  actual    --',
      '              ^',
    ],
  ],
  [
    'an end instead of an error',
    ({ expectObservable }) => expectObservable(EMPTY).toBe('#'),
    [
      'the stream differs from its drawing at frame 0: expected #, found |',
      '',
      '  expected  #',
      '  actual    |',
      '            ^',
      '',
      "  # expected = 'error'",
    ],
  ],
  [
    'another error',
    ({ expectObservable }) => expectObservable(throwError(() => new TypeError('no'))).toBe('#', {}, new Error('yes')),
    [
      'the stream ends with an error that is not the drawn one',
      '',
      '  expected  #',
      '  actual    #',
      '',
      '  # expected = Error: yes',
      '  # actual = TypeError: no',
    ],
  ],
  [
    'subscriptions that end at another moment',
    ({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('--a--|');
      expectObservable(source).toBe('--a--|');
      expectSubscriptions(source.subscriptions).toBe('^---!');
    },
    ['the subscriptions differ from their drawing', '', '  expected  ^---!', '  actual    ^----!'],
  ],
  [
    'subscriptions that were not made',
    ({ cold, expectSubscriptions }) => expectSubscriptions(cold('a|').subscriptions).toBe(['^!', '-^']),
    [
      'the subscriptions differ in number from their drawing: expected 2, found 0',
      '',
      '  expected  ^!',
      '  expected  -^',
    ],
  ],
];

describe('marbles', () => {
  it(
    'passes for a correct drawing, on the scheduler that is passed in',
    marbles(({ cold, expectObservable, expectSubscriptions, scheduler, time }) => {
      const source = cold('--a---b---|');
      expectObservable(source.pipe(delay(time('--|'), scheduler))).toBe('----a---b-|');
      expectSubscriptions(source.subscriptions).toBe('^---------!');
    }),
  );

  for (const [sentence, draw, message] of FAILURES) {
    it(`draws: ${sentence}`, () => assert.equal(failureOf(draw).message.trimEnd(), message.join('\n')));
  }

  it('is an AssertionError whose expected and actual are the lines, for every runner', () => {
    const failure = failureOf(({ cold, expectObservable }) => expectObservable(cold('-a|')).toBe('a|'), 'a title');
    assert.deepEqual([failure.name, failure.code], ['AssertionError', 'ERR_ASSERTION']);
    assert.deepEqual([failure.expected, failure.actual], ['a|', '-a|']);
    assert.match(
      failure.message,
      /^a title: the stream differs from its drawing at frame 0: expected a, found nothing/,
    );
    assert.ok(failure instanceof Error);
  });

  it('passes on exceptions of the drawing itself', () => {
    const fail = (): never => {
      throw new RangeError('mine');
    };
    assert.throws(marbles(fail), RangeError);
  });

  it('can be run again', () => {
    const test = marbles(({ cold, expectObservable }) => expectObservable(cold('a|')).toBe('a|'));
    test();
    test();
  });
});
