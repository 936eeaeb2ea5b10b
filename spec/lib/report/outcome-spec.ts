import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DOMParser } from '@xmldom/xmldom';
import fc from 'fast-check';
import type { RunVerdict, ThresholdState } from '../../../lib/measure/runVerdict.js';
import { type SummarySnapshot, summaryOf } from '../../../lib/measure/summary.js';
import { junitXml } from '../../../lib/report/junitXml.js';
import { headline, outcomeText, type RunOutcome, thresholdLines } from '../../../lib/report/outcomeText.js';
import { summaryMarkdown } from '../../../lib/report/summaryMarkdown.js';
import { timed } from '../../operators/timed.js';
import { second } from '../rules/someWindows.js';

const SAMPLES = [timed(10, { tag: 'a' }), timed(30, { tag: 'b', verdict: 'bad', protoCode: 500 })];
const summaries: readonly SummarySnapshot[] = [summaryOf(second(0, SAMPLES), { pool: 'main' })];

const state = (fields: Partial<ThresholdState> = {}): ThresholdState => ({
  ...{
    condition: 'errors < 1%',
    otherwise: 'fail',
    status: 'passes',
    violated: false,
    value: 0.5,
    limit: 1,
    unit: '%',
    margin: 0.5,
  },
  ...fields,
});
const STATES = [
  state(),
  state({
    condition: 'p99(response) < 250ms',
    pool: 'main',
    status: 'fails',
    violated: true,
    value: 1234.5678,
    unit: 'ms',
    margin: -4,
  }),
  state({ otherwise: 'warn', status: 'fails', violated: true, value: 3 }),
  state({ status: 'pending', value: null, margin: null }),
];
const INVALID: RunVerdict = {
  level: 'INVALID',
  reasons: [
    { code: 'lateness', level: 'INVALID', text: 'the generator was late', value: 11, limit: 10 },
    { code: 'gc', level: 'DEGRADED', pool: 'main', text: 'the collector stopped it', value: 2, limit: 1 },
  ],
};
const ended: RunOutcome = { ending: { by: 'plan', text: 'the plan ended after 1s' } };

describe('headline', () => {
  it('has the verdict, what happened, and why the run ended', () => {
    assert.equal(headline(summaries, ended), 'VALID: 2 operations ended, 1 bad (50.00 %); the plan ended after 1s');
    assert.equal(headline(summaries, { verdict: INVALID }), 'INVALID: the generator was late');
  });
});

describe('outcomeText', () => {
  it('has the headline, the other reasons and the thresholds, in lines that fit', () => {
    const text = outcomeText(summaries, { ...ended, verdict: INVALID, thresholds: STATES, colour: false, width: 60 });
    assert.equal(
      text,
      `INVALID: the generator was late; the plan ended after 1s

  ! pool "main": the collector stopped it

  passed      errors < 1%                         0.5 %
  failed      pool "main": p99(response) < 250ms  1234.57 ms
  warning     errors < 1%                         3 %
  not judged  errors < 1%                         no value
`,
    );
  });

  it('is red only when the run is INVALID', () => {
    const red = '\u001b[31m';
    const first = (verdict: RunVerdict): string =>
      outcomeText(summaries, { verdict, colour: true, width: 80 }).split('\n')[0] ?? '';
    assert.ok(first(INVALID).startsWith(`${red}INVALID`));
    assert.ok(!first({ level: 'VALID', reasons: [] }).includes(red));
  });

  it('has no lines without thresholds', () => assert.deepEqual(thresholdLines([]), []));
});

const parse = (xml: string) => {
  const problems: string[] = [];
  const document = new DOMParser({
    onError: (level, message) => void problems.push(`${level} ${message}`),
  }).parseFromString(xml, 'text/xml');
  // The parser warns about U+FFFD, which is what such text must contain.
  assert.deepEqual(
    problems.filter((problem) => !/replacement character/.test(problem)),
    [],
  );
  return document;
};

describe('junitXml', () => {
  const run = { summaries, durationMs: 1234, thresholds: STATES, ...ended };

  it('has a case for the end, for the verdict and for each threshold', () => {
    const document = parse(junitXml({ ...run, verdict: INVALID }));
    const root = document.documentElement;
    const counts = ['tests', 'failures', 'errors', 'skipped', 'time'].map((name) => root?.getAttribute(name));
    assert.deepEqual(counts, ['6', '2', '0', '1', '1.234']);
    const cases = [...document.getElementsByTagName('testcase')].map((each) => {
      const [result] = [...each.childNodes].filter(({ nodeType }) => nodeType === 1);
      return `${each.getAttribute('classname')} ${each.getAttribute('name')}: ${result?.nodeName}`;
    });
    assert.deepEqual(cases, [
      'elpis.run the run ends without an error: system-out',
      'elpis.run the run is evidence about its target: failure',
      'elpis.thresholds errors < 1%: system-out',
      'elpis.thresholds pool "main": p99(response) < 250ms: failure',
      'elpis.thresholds errors < 1%: system-out',
      'elpis.thresholds errors < 1%: skipped',
    ]);
    const [, failure] = [...document.getElementsByTagName('failure')];
    assert.equal(failure?.getAttribute('message'), 'pool "main": p99(response) < 250ms was 1234.57 ms');
  });

  it('has an error only for a run that failed by something else than its judgement', () => {
    const errors = (code: string) =>
      parse(junitXml({ ...run, failure: { code, message: 'why' } })).documentElement?.getAttribute('errors');
    assert.deepEqual(['ELPIS_GUN', 'ELPIS_THRESHOLDS', 'ELPIS_VERDICT'].map(errors), ['1', '0', '0']);
  });

  it('is well-formed for any text, and keeps all that XML can hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (text) => {
        const document = parse(
          junitXml({ ...run, thresholds: [state({ condition: text })], failure: { code: 'ELPIS_GUN', message: text } }),
        );
        const name = [...document.getElementsByTagName('testcase')].at(-1)?.getAttribute('name');
        const kept = /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u.test(text);
        assert.equal(name === text, kept);
      }),
    );
  });

  it('replaces what XML cannot hold', () => {
    const name = (condition: string) =>
      [...parse(junitXml({ ...run, thresholds: [state({ condition })] })).getElementsByTagName('testcase')]
        .at(-1)
        ?.getAttribute('name');
    assert.equal(name('\u0000\u001b[31m\uD800\uFFFF]]>&<"\'\t\n'), '\uFFFD\uFFFD[31m\uFFFD\uFFFD]]>&<"\'\t\n');
  });
});

describe('summaryMarkdown', () => {
  it('has the headline, the reasons, the thresholds with their margin, and the tags', () => {
    assert.equal(
      summaryMarkdown(summaries, { ...ended, verdict: INVALID, thresholds: STATES.slice(0, 2) }),
      `## Load test

❌ **INVALID: the generator was late; the plan ended after 1s**

- ⚠️ pool "main": the collector stopped it

| threshold | value | margin | result |
| --- | ---: | ---: | ---: |
| errors &lt; 1% | 0.5 % | 50.0 % | ✅ passed |
| pool "main": p99(response) &lt; 250ms | 1234.57 ms | -400.0 % | ❌ failed |

### Pool main

| tag | ended | bad | rate | p50, ms | p95, ms | p99, ms | max, ms |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
| all | 2 | 50.00 % | 66.7/s | 10.01 | 30.00 | 30.00 | 30.00 |
| a | 1 | 0.00 % | 100/s | 10.00 | 10.00 | 10.00 | 10.00 |
| b | 1 | 100.00 % | 33.3/s | 30.00 | 30.00 | 30.00 | 30.00 |
`,
    );
  });

  it('shows text of users as it is, in its cell', () => {
    const text = summaryMarkdown(summaries, { thresholds: [state({ condition: 'a|b\n<img src=x>*_`[x](y)' })] });
    assert.match(text, /\| a\\\|b &lt;img src=x&gt;\\\*\\_\\`\\\[x\\\]\(y\) \|/);
  });

  it('has at most 50 tags of a pool', () => {
    const many = Array.from({ length: 52 }, (_, i) => timed(10, { tag: `t${i}` }));
    const text = summaryMarkdown([summaryOf(second(0, many), { pool: '' })]);
    assert.match(text, /\nand 2 more tags\n/);
    assert.equal(text.split('\n').filter((line) => line.startsWith('| t')).length, 51, 'with the heading');
  });
});
