import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isLeft, isRight } from 'fp-ts/lib/Either.js';
import { ElpisError } from '../../../lib/core/errors.js';
import { parseThreshold, threshold } from '../../../lib/rules/parseThreshold.js';
import {
  COMPARATORS,
  type Limit,
  type Measure,
  OUTCOMES,
  type Threshold,
  TIME_NAMES,
  thresholdText,
} from '../../../lib/rules/threshold.js';
import { faultText } from '../../../lib/rules/tokens.js';

const PLAIN = { inARow: 1, afterMs: 0, otherwise: 'fail' } as const;
const p99: Measure = { kind: 'time', statistic: { percentile: 99 }, time: 'response' };
const errors: Measure = { kind: 'count', counted: { by: 'outcome', outcome: 'errors' } };
const limit = (value: number, unit: Limit['unit']): Limit => ({ value, unit });

describe('parseThreshold', () => {
  const accepted: readonly [text: string, expected: Partial<Threshold>][] = [
    ['p99(response) < 250ms', { measure: p99, comparator: '<', limit: limit(250, 'ms') }],
    [
      'p99.9(service)<=1.5s',
      {
        measure: { kind: 'time', statistic: { percentile: 99.9 }, time: 'service' },
        comparator: '<=',
        limit: limit(1500, 'ms'),
      },
    ],
    [
      'avg(response) < 1m30s',
      { measure: { kind: 'time', statistic: 'avg', time: 'response' }, limit: limit(90_000, 'ms') },
    ],
    ['median(wait) < 5ms', { measure: { kind: 'time', statistic: { percentile: 50 }, time: 'wait' } }],
    ['lateness < 10ms', { measure: { kind: 'time', statistic: { percentile: 99 }, time: 'lateness' } }],
    ['errors < 1%', { measure: errors, limit: limit(1, '%') }],
    ['errors < 1_000', { measure: errors, limit: limit(1000, '') }],
    [
      'discarded < 0.1%',
      { measure: { kind: 'count', counted: { by: 'outcome', outcome: 'discarded' } }, limit: limit(0.1, '%') },
    ],
    [
      'rate >= 0.98 x planned',
      { measure: { kind: 'rate', rate: 'started' }, comparator: '>=', limit: limit(0.98, 'planned') },
    ],
    ['rate >= 0.98x planned', { limit: limit(0.98, 'planned') }],
    ['rate >= 0.98 * planned', { limit: limit(0.98, 'planned') }],
    ['rate == planned', { limit: limit(1, 'planned') }],
    ['rate(ended) >= 100/s', { measure: { kind: 'rate', rate: 'ended' }, limit: limit(100, '/s') }],
    ['rate(ok) > 90/min', { measure: { kind: 'rate', rate: 'ok' }, limit: limit(1.5, '/s') }],
    [
      'count(status=5xx) == 0',
      {
        measure: { kind: 'count', counted: { by: 'status', mask: '5xx', not: false } },
        comparator: '==',
        limit: limit(0, ''),
      },
    ],
    ['count(status!=200) < 1%', { measure: { kind: 'count', counted: { by: 'status', mask: '200', not: true } } }],
    ['count(net=xx) < 25', { measure: { kind: 'count', counted: { by: 'net', mask: 'xx', not: false } } }],
    [
      'count(failure="connection refused") < 3',
      { measure: { kind: 'count', counted: { by: 'failure', name: 'connection refused', not: false } } },
    ],
    [
      'count(failure=timeout) < 3',
      { measure: { kind: 'count', counted: { by: 'failure', name: 'timeout', not: false } } },
    ],
    ['count(ended) >= 100', { measure: { kind: 'count', counted: { by: 'outcome', outcome: 'ended' } } }],
    ['slower(response, 250ms) < 5%', { measure: { kind: 'slower', time: 'response', thanMs: 250 } }],
    ['checks > 99%', { measure: { kind: 'checks', name: null } }],
    [String.raw`checks("say \"hi\"") > 99%`, { measure: { kind: 'checks', name: 'say "hi"' } }],
    ["metric('orders') > 5", { measure: { kind: 'metric', name: 'orders' }, limit: limit(5, '') }],
    ['metric("new") > 5%', { limit: limit(5, '%') }],
    ['p95(metric("size")) < 12.5', { measure: { kind: 'trend', name: 'size', statistic: { percentile: 95 } } }],
    ['busy <= 80%', { measure: { kind: 'busy' } }],
    ['errors < 1% of tag "log in"', { scope: { kind: 'tag', name: 'log in' } }],
    ['errors < 1% of tag login', { scope: { kind: 'tag', name: 'login' } }],
    ['errors < 1% of scenario buy of pool shop', { scope: { kind: 'scenario', name: 'buy' }, pool: 'shop' }],
    [
      'p99(response) < 250ms otherwise stop after 30s for 3 over 10s of group "a"',
      { scope: { kind: 'group', name: 'a' }, overMs: 10_000, inARow: 3, afterMs: 30_000, otherwise: 'stop' },
    ],
    ['errors < 1% for 3', { overMs: 1000, inARow: 3 }],
  ];
  for (const [text, expected] of accepted)
    it(`reads ${text}`, () => {
      const parsed = parseThreshold(text);
      assert.ok(isRight(parsed), JSON.stringify(parsed));
      assert.deepEqual({ ...parsed.right, ...expected }, parsed.right);
    });

  it('has defaults for the clauses, and takes them from beside the text too', () => {
    assert.deepEqual(threshold('errors < 1%'), { measure: errors, comparator: '<', limit: limit(1, '%'), ...PLAIN });
    const beside = parseThreshold('errors < 1% over 5s', { inARow: 2, pool: 'a' });
    assert.ok(isRight(beside));
    assert.deepEqual([beside.right.overMs, beside.right.inARow, beside.right.pool], [5000, 2, 'a']);
  });

  /** Each fault as the part of the text that it marks, and its sentence. */
  const refused: readonly [text: string, ...faults: (readonly [part: string, sentence: RegExp])[]][] = [
    [
      '',
      ['', /^expected a measure .*, got the end of the text/],
      ['', /^expected one of < /],
      ['', /^expected a time such as 250ms or /],
    ],
    [
      'p9(respnse) < 5ms',
      [
        'respnse',
        /one of response, service, lateness, wait or metric\("name"\), got "respnse" \(did you mean response\?\)/,
      ],
    ],
    ['p101(response) < 5ms', ['p101', /percentiles are from p0 to p100/]],
    ['erors < 1%', ['erors', /got "erors" \(did you mean errors\?\)/]],
    ['p99(response) < 250', ['250', /expected a time such as 250ms, got "250" \(add a unit: 250ms\)/]],
    ['p99(response) < 1%', ['1%', /expected a time such as 250ms, got "1%"/]],
    ['errors < 250ms', ['250ms', /expected a percentage such as 1% or a number such as 10, got "250ms"/]],
    ['errors < 5parsecs', ['5parsecs', /units of time are us, ms, s, m and h/]],
    ['checks > 0.99', ['0.99', /expected a percentage such as 1%/]],
    ['errors = 1%', ['=', /one of < <= > >= == !=, got "=" \(write ==\)/]],
    ['errors 1%', ['1', /one of < <= > >= == !=/]],
    ['count(status=5xxx) == 0', ['5xxx', /a status such as 503 or 5xx/]],
    ['count(statu=500) == 0', ['statu', /did you mean status\?/]],
    ['count(failure=) == 0', [')', /the name of a failure, such as timeout, in quotes unless it is one word/]],
    ['slower(response) < 1%', [')', /expected ","/]],
    ['errors < 1% over 10', ['10', /a duration from 1s to 1h, got "10" \(add a unit: 10s\)/]],
    ['errors < 1% over 500ms', ['500ms', /a duration from 1s to 1h/]],
    ['errors < 1% over 61m', ['61m', /a duration from 1s to 1h/]],
    ['errors < 1% for 3s', ['3s', /a number of windows .* \(for counts windows; over has a duration\)/]],
    ['errors < 1% for 0', ['0', /a number of windows in a row from 1 to 100000/]],
    ['errors < 1% for 100001', ['100001', /a number of windows in a row from 1 to 100000/]],
    ['errors < 1% of tags "a"', ['tags', /did you mean tag\?/]],
    ['errors < 1% otherwise explode', ['explode', /one of fail, stop, warn/]],
    ['errors < 1% over 5s over 6s', ['over 6s', /expected over only once/]],
    ['errors < 1% of tag "a', ['"a', /a closing quote/], ['', /the name of a tag/]],
    ['errors < 1% ; 2', [';', /no such character/], ['2', /the end of the text, or a clause with of, over/]],
    ['lateness < 1ms of tag "a"', ['lateness < 1ms of tag "a"', /a measure that a tag has, got "p99\(lateness\)"/]],
    ['rate > 5/s of tag "a"', ['rate > 5/s of tag "a"', /got "rate" \(rate\(ended\) exists for a tag\)/]],
    ['rate(ended) >= planned of tag "a"', ['rate(ended) >= planned of tag "a"', /a plan has no tags/]],
    [
      'p99(respnse) = 250 over 10 until',
      ['respnse', /did you mean response/],
      ['=', /write ==/],
      ['10', /add a unit/],
      ['until', /the end of the text/],
    ],
  ];
  for (const [text, ...faults] of refused)
    it(`refuses ${JSON.stringify(text)}, with each fault at its place`, () => {
      const parsed = parseThreshold(text);
      assert.ok(isLeft(parsed));
      assert.deepEqual(
        parsed.left.map(({ at, length }) => text.slice(at, at + length)),
        faults.map(([part]) => part),
      );
      for (const [i, fault] of parsed.left.entries()) assert.match(faultText(fault), faults[i]?.[1] as RegExp);
    });

  it('refuses a clause that is also written beside the text', () => {
    const parsed = parseThreshold('errors < 1% over 5s', { overMs: 1000 });
    assert.ok(isLeft(parsed));
    assert.match(faultText(parsed.left[0] as (typeof parsed.left)[0]), /over only once/);
  });

  it('throws in code, with each fault below its place', () => {
    assert.throws(
      () => threshold('erors < 1% over 5'),
      (error) => {
        assert.ok(error instanceof ElpisError && error.code === 'ELPIS_CONFIG');
        const lines = error.message.split('\n');
        assert.deepEqual([lines[2], lines[5]], ['  ^^^^^', `  ${' '.repeat(16)}^`]);
        return true;
      },
    );
  });

  const name = fc.string({ minLength: 1, maxLength: 12, unit: 'binary' });
  const statistic = fc.oneof(
    fc.constantFrom('avg' as const, 'min' as const, 'max' as const),
    fc.integer({ min: 0, max: 1000 }).map((tenths) => ({ percentile: tenths / 10 })),
  );
  const measured: fc.Arbitrary<readonly [Measure, Limit]> = fc.oneof(
    fc
      .tuple(statistic, fc.constantFrom(...TIME_NAMES), fc.integer({ min: 1, max: 1e7 }))
      .map(([each, time, ms]) => [{ kind: 'time', statistic: each, time } as const, limit(ms, 'ms')] as const),
    fc
      .tuple(fc.constantFrom(...OUTCOMES), fc.integer({ min: 0, max: 100 }))
      .map(
        ([outcome, share]) =>
          [{ kind: 'count', counted: { by: 'outcome', outcome } } as const, limit(share, '%')] as const,
      ),
    fc
      .tuple(name, fc.boolean(), fc.nat())
      .map(
        ([failure, not, count]) =>
          [{ kind: 'count', counted: { by: 'failure', name: failure, not } } as const, limit(count, '')] as const,
      ),
    fc
      .tuple(fc.constantFrom('5xx', '404', 'x00'), fc.boolean())
      .map(([mask, not]) => [{ kind: 'count', counted: { by: 'status', mask, not } } as const, limit(3, '%')] as const),
    fc
      .tuple(name, statistic)
      .map(([each, what]) => [{ kind: 'trend', name: each, statistic: what } as const, limit(1.5, '')] as const),
    name.map((each) => [{ kind: 'checks', name: each } as const, limit(99.5, '%')] as const),
    fc
      .constantFrom('started' as const, 'ended' as const, 'ok' as const)
      .map((rate) => [{ kind: 'rate', rate } as const, limit(0.98, 'planned')] as const),
  );
  it('reads the text of any threshold as the same threshold', () => {
    fc.assert(
      fc.property(
        measured,
        fc.constantFrom(...COMPARATORS),
        fc.record({
          overMs: fc.integer({ min: 1000, max: 3_600_000 }),
          inARow: fc.integer({ min: 1, max: 100_000 }),
          afterMs: fc.nat({ max: 1e6 }),
        }),
        ([measure, bound], comparator, clauses) => {
          const written: Threshold = { measure, comparator, limit: bound, ...clauses, otherwise: 'fail' };
          assert.deepEqual(threshold(thresholdText(written)), written);
        },
      ),
    );
  });

  it('ends with faults or a threshold for any text', () => {
    const words = fc.constantFrom(
      'p99',
      '(',
      ')',
      'response',
      '<',
      '==',
      '=',
      '250ms',
      '%',
      'of',
      'tag',
      '"a"',
      'over',
      '10s',
      'for',
      '3',
      'count',
      'status',
      '!=',
      '5xx',
      'otherwise',
      ',',
      '"',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(words).map((list) => list.join(' ')),
          fc.string({ unit: 'binary' }),
        ),
        (text) => {
          const parsed = parseThreshold(text);
          if (isRight(parsed)) return;
          assert.ok(parsed.left.length > 0);
          for (const { at, length } of parsed.left) assert.ok(at >= 0 && at + length <= text.length);
        },
      ),
    );
  });
});
