import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { map, NEVER, of, Subject, throwError, toArray } from 'rxjs';
import { retag } from '../../../lib/builtins/components.js';
import { ConfigError } from '../../../lib/codec/report/configError.js';
import { sampleOf } from '../aggregators/sampleOf.js';

const ROWS: readonly (readonly [
  sentence: string,
  options: Parameters<typeof retag>[0],
  tag: string,
  expected: string,
])[] = [
  ['replaces by a star', { pattern: '[0-9]+' }, '/user/17', '/user/*'],
  ['replaces every match', { pattern: '[0-9]+' }, '/user/17/order/4711', '/user/*/order/*'],
  ['replaces by another text', { pattern: '[0-9]+', replacement: 'ID' }, '/user/17', '/user/ID'],
  ['replaces by nothing', { pattern: '\\?.*', replacement: '' }, '/search?q=a', '/search'],
  ['knows groups', { pattern: '^/([a-z]+)/.*', replacement: '$1' }, '/user/17', 'user'],
  ['leaves what does not match', { pattern: '[0-9]+' }, '/user', '/user'],
  ['leaves a sample without a tag', { pattern: '^', replacement: 'x' }, '', ''],
  ['reads code points', { pattern: '^.$', replacement: 'one' }, '\u{1f600}', 'one'],
];

describe('retag', () => {
  for (const [sentence, options, tag, expected] of ROWS) {
    it(sentence, () => {
      const sample = sampleOf({ tag });
      const seen: string[] = [];
      of(sample)
        .pipe(retag(options))
        .subscribe((passed) => seen.push(passed.tag));
      assert.deepEqual([seen, sample.tag], [[expected], tag]);
    });
  }

  it('passes on a changed copy of every sample, in order, and the error', () => {
    const samples = [sampleOf({ tag: 'a1' }), sampleOf({ tag: 'b2' })];
    of(...samples)
      .pipe(retag({ pattern: '[0-9]' }), toArray())
      .subscribe((passed) =>
        assert.deepEqual(
          passed,
          samples.map((sample) => sample.with({ tag: `${sample.tag.slice(0, 1)}*` })),
        ),
      );
    throwError(() => new Error('gun'))
      .pipe(
        map((): never => assert.fail()),
        retag({ pattern: 'a' }),
      )
      .subscribe({ error: (error: unknown) => assert.match(String(error), /gun/) });
    const source = new Subject<ReturnType<typeof sampleOf>>();
    source
      .pipe(retag({ pattern: 'a' }))
      .subscribe()
      .unsubscribe();
    assert.equal(source.observed, false);
  });

  it('ends with an error that names the pattern and the tag when the expression takes too long', () => {
    const tag = `${'a'.repeat(40)}!`;
    of(sampleOf({ tag: 'aa' }), sampleOf({ tag }))
      .pipe(retag({ pattern: '^(a+)+$', replacement: 'b' }), toArray())
      .subscribe({
        next: () => assert.fail('it ends with an error'),
        error: (error: unknown) =>
          assert.match(String(error), /the pattern \^\(a\+\)\+\$ took over 500 ms for the tag "a{40}!"/),
      });
  });

  it('rewrites more different tags than it caches', () => {
    const tags = Array.from({ length: 2500 }, (_, i) => `x${i % 1200}`);
    const seen: string[] = [];
    of(...tags.map((tag) => sampleOf({ tag })))
      .pipe(retag({ pattern: '^x', replacement: 'y' }))
      .subscribe(({ tag }) => seen.push(tag));
    assert.deepEqual(
      seen,
      tags.map((tag) => tag.replace('x', 'y')),
    );
  });

  it('refuses an invalid regular expression, with the reason', () => {
    for (const [options, message] of [
      [{}, /pattern: missing; expected a regular expression/],
      [{ pattern: '' }, /pattern: expected a regular expression/],
      [{ pattern: '(' }, /Unterminated group|Invalid regular expression/],
      [{ pattern: 'a', mark: 'b' }, /mark: unknown key/],
    ] as const)
      assert.throws(
        () => NEVER.pipe(retag(options as Parameters<typeof retag>[0])),
        (error) => error instanceof ConfigError && message.test(error.message),
      );
  });
});
