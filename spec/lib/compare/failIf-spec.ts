import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Difference } from '../../../lib/compare/compareRuns.js';
import { compareText } from '../../../lib/compare/compareText.js';
import { failIf, failuresOf, unjudged } from '../../../lib/compare/failIf.js';

const row = (fields: Partial<Difference>): Difference => ({
  subject: { pool: 'p' },
  metric: 'p99',
  before: 100,
  after: 112,
  change: 12,
  interval: [8, 16],
  verdict: 'higher',
  ...fields,
});
const login = { pool: 'p', tag: 'login' };

describe('failIf', () => {
  for (const [text, expected] of [
    ['p99 +10%', { metric: 'p99', limit: 10 }],
    [' rate -5 ', { metric: 'rate', limit: -5 }],
    ['errors +0.5% of "log in"', { metric: 'errors', limit: 0.5, tag: 'log in' }],
    ['mean +2% of tag login', { metric: 'mean', limit: 2, tag: 'login' }],
  ] as const) {
    it(`reads ${text}`, () => {
      assert.deepEqual(failIf(text), { text: text.trim(), ...expected });
    });
  }

  for (const text of ['p98 +10%', 'p99 10%', 'p99 > 10%', 'p99 +x%', '', 'p99 +10% of']) {
    it(`refuses ${JSON.stringify(text)}, with what was expected`, () => {
      assert.throws(() => failIf(text), {
        code: 'ELPIS_USAGE',
        message: /^--fail-if: expected rate, errors, mean, p50, p90, p95, p99, then \+ or - and a percentage, got /,
      });
    });
  }

  for (const [text, difference, fails] of [
    ['p99 +10%', row({}), true],
    ['p99 +12%', row({}), false],
    ['p99 +10%', row({ verdict: 'same' }), false],
    ['p99 -10%', row({}), false],
    ['p99 -10%', row({ change: -12, verdict: 'lower' }), true],
    ['p99 -12%', row({ change: -12, verdict: 'lower' }), false],
    ['p99 +10%', row({ change: -12, verdict: 'lower' }), false],
    ['p99 +10%', row({ subject: login }), false],
    ['p99 +10% of login', row({ subject: login }), true],
    ['p99 +10%', row({ subject: { pool: 'p', stage: 2 } }), true],
    ['p95 +10%', row({}), false],
  ] as const) {
    it(`${text} ${fails ? 'fails' : 'allows'} ${JSON.stringify(difference.subject)} ${difference.change} ${difference.verdict}`, () => {
      assert.equal(failuresOf([failIf(text)], [difference]).length, fails ? 1 : 0);
    });
  }

  it('is not judged without such a number', () => {
    const conditions = ['p99 +10%', 'p95 +10%', 'p99 +10% of nothing'].map(failIf);
    assert.deepEqual(
      unjudged(conditions, [row({})]).map(({ text }) => text),
      ['p95 +10%', 'p99 +10% of nothing'],
    );
  });
});

describe('compareText', () => {
  const options = { before: 'a.elp', after: 'b.elp', failures: [], remarks: [] };

  it('has failures, sentences, remarks and a table', () => {
    const differences = [
      row({}),
      row({ subject: { ...login, stage: 2 }, metric: 'rate', change: 0.5, interval: [-1, 2], verdict: 'same' }),
    ];
    const failures = failuresOf([failIf('p99 +10%')], differences);
    const comparison = { differences, onlyBefore: [{ pool: 'p', tag: 'old' }], onlyAfter: [] };
    const sentence = 'The p99 of pool "p" is higher: 112 ms instead of 100 ms, +12.0 % (+8.00 to +16.0).';
    assert.equal(
      compareText(comparison, { ...options, failures, remarks: ['The configs of the runs differ.'] }),
      [
        '# b.elp compared with a.elp',
        '',
        `- FAILED \`p99 +10%\`: ${sentence}`,
        '',
        `- ${sentence}`,
        '',
        '- The configs of the runs differ.',
        '- Only a.elp has tag "old" of pool "p".',
        '',
        '| pool | stage | tag | number | a.elp | b.elp | change (95 % interval) | |',
        '| --- | --- | --- | --- | ---: | ---: | ---: | --- |',
        '| p | all | (all) | p99 | 100 ms | 112 ms | +12.0 % (+8.00 to +16.0) | **higher** |',
        '| p | 2 | login | rate | 100/s | 112/s | +0.50 % (-1.00 to +2.00) |  |',
        '',
      ].join('\n'),
    );
  });

  it('says when nothing differs, and when nothing could be compared', () => {
    const same = compareText({ differences: [row({ verdict: 'same' })], onlyBefore: [], onlyAfter: [] }, options);
    assert.match(same, /No difference was found: none of 1 numbers differs by more than chance explains\./);
    const none = compareText({ differences: [], onlyBefore: [], onlyAfter: [] }, options);
    assert.match(none, /none of 0 numbers/);
  });
});
