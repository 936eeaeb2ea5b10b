import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { TimedSample } from '../../../lib/core/sample.js';
import { mergeWindows, type Window } from '../../../lib/measure/window.js';
import { threshold } from '../../../lib/rules/parseThreshold.js';
import { limitIn, matches, measured, mergeTallies, tallyOf } from '../../../lib/rules/tally.js';
import { timed } from '../../operators/timed.js';
import { second } from './someWindows.js';

const INSTANCES = { busy: 3, instances: 4 };
const valueIn = (text: string, window: Window): number | null => {
  const rule = threshold(text);
  return measured(rule, tallyOf(rule, window, INSTANCES));
};

const metric = (name: string, value: number) => ({ kind: 'trend', name, value }) as const;
const SAMPLES: readonly TimedSample[] = [
  ...Array.from({ length: 90 }, () => timed(10, { tag: 'fast' })),
  ...Array.from({ length: 5 }, () => timed(300, { tag: 'slow', protoCode: 503, verdict: 'bad' })),
  ...Array.from({ length: 2 }, () =>
    timed(50, { tag: 'slow', protoCode: 0, netCode: 110, errorName: 'timeout', verdict: 'failed' }),
  ),
  ...Array.from({ length: 3 }, () => timed(2000, { tag: 'discarded', outcome: 'discarded' })),
  timed(700, { scope: 'scenario', tag: 'buy' }),
  timed(60, { scope: 'group', tag: 'cart' }),
  timed(1, {
    scope: 'group',
    tag: 'cart',
    metrics: [
      { kind: 'check', name: 'is in', passed: true },
      { kind: 'check', name: 'is in', passed: false },
      { kind: 'check', name: 'other', passed: true },
      { kind: 'counter', name: 'orders', value: 7 },
      { kind: 'gauge', name: 'depth', value: 4 },
      { kind: 'gauge', name: 'depth', value: 9 },
      { kind: 'rate', name: 'new', passed: true },
      metric('size', 10),
      metric('size', 30),
    ],
  }),
];
const WINDOW = { ...second(0, SAMPLES, 200), started: 97 };

describe('the value of a threshold in a window', () => {
  const rows: readonly [text: string, value: number | null][] = [
    ['max(response) < 1s', 300],
    ['min(service) < 1s', 10],
    ['p50(response) < 1s', 10.007],
    ['avg(service) < 1s', (90 * 10 + 5 * 300 + 2 * 50) / 97],
    ['max(response) < 1s of tag fast', 10],
    ['max(response) < 1s of scenario buy', 700],
    ['max(response) < 1s of group cart', 60],
    ['max(response) < 1s of tag nothing', null],
    ['errors < 1', 10],
    ['errors < 1%', 10],
    ['errors < 1% of tag slow', 100],
    ['bad < 1', 5],
    ['failed < 1', 2],
    ['discarded < 1%', 3],
    ['unfinished < 1', 0],
    ['count(ended) > 1', 97],
    ['count(ok) > 1%', 90],
    ['count(status=5xx) < 1', 5],
    ['count(status=5xx) < 1%', (100 * 5) / 97],
    ['count(status!=200) < 1', 7],
    ['count(net=xx) < 1', 2],
    ['count(net=110) < 1', 2],
    ['count(net!=0) < 1', 2],
    ['count(failure=timeout) < 1', 2],
    ['count(failure!=timeout) < 1', 95],
    ['slower(service, 50ms) < 1', 5],
    ['slower(service, 49ms) < 1%', (100 * 7) / 97],
    ['rate > 1/s', 97],
    ['rate(ended) > 1/s', 97],
    ['rate(ok) > 1/s of tag fast', 90],
    ['checks > 1%', (100 * 2) / 3],
    ['checks("is in") > 1%', 50],
    ['checks("missing") > 1%', null],
    ['metric("orders") > 1', 7],
    ['metric("depth") > 1', 9],
    ['min(metric("depth")) > 1', 4],
    ['metric("new") > 1%', 100],
    ['metric("size") > 1', 20],
    ['p50(metric("size")) > 1', 10],
    ['max(metric("size")) > 1', 30],
    ['metric("missing") > 1', null],
    ['busy < 1', 3],
    ['busy < 1%', 75],
  ];
  for (const [text, value] of rows)
    it(`${text} is ${value}`, () => {
      const found = valueIn(text, WINDOW);
      if (value === null || found === null) assert.equal(found, value);
      else assert.ok(Math.abs(found - value) < 1e-9, `${found}`);
    });

  it('is null for a percentile or a share of nothing, and 0 for a count', () => {
    const nothing = second(0, []);
    assert.deepEqual(
      ['p99(response) < 1s', 'errors < 1%', 'count(status=5xx) < 1%', 'errors < 1', 'rate > 1/s'].map((text) =>
        valueIn(text, nothing),
      ),
      [null, null, null, 0, 0],
    );
  });

  it('is compared with a part of the planned rate, unless the plan is unknown', () => {
    const rule = threshold('rate >= 0.5 x planned');
    assert.equal(limitIn(rule, tallyOf(rule, WINDOW, INSTANCES)), 100);
    assert.equal(limitIn(rule, tallyOf(rule, { ...WINDOW, planned: null }, INSTANCES)), null);
  });
});

describe('matches', () => {
  for (const [mask, code, expected] of [
    ['5xx', 503, true],
    ['5xx', 404, false],
    ['5xx', 50, false],
    ['xx', 0, false],
    ['xx', 7, true],
    ['x', 110, true],
    ['110', 110, true],
    ['11x', 113, true],
  ] as const)
    it(`${mask} ${expected ? 'is' : 'is not'} ${code}`, () => assert.equal(matches(mask, code), expected));
});

describe('tallies', () => {
  const sample = fc
    .record({
      ms: fc.integer({ min: 0, max: 5000 }),
      tag: fc.constantFrom('a', 'b'),
      protoCode: fc.constantFrom(200, 404, 503),
      bad: fc.boolean(),
      passed: fc.boolean(),
    })
    .map(({ ms, tag, protoCode, bad, passed }) =>
      timed(ms, {
        tag,
        protoCode,
        verdict: bad ? 'bad' : 'ok',
        metrics: [{ kind: 'check', name: 'c', passed }, metric('size', ms)],
      }),
    );
  const windows = fc
    .array(fc.array(sample, { maxLength: 20 }), { minLength: 1, maxLength: 6 })
    .map((list) => list.map((samples, n) => second(n, samples)));
  const TEXTS = [
    'p99(response) < 1s',
    'errors < 1%',
    'rate(ended) > 1/s of tag a',
    'checks("c") > 1%',
    'p90(metric("size")) < 5',
    'slower(service, 1s) < 1%',
    'rate >= planned',
    'count(status!=2xx) < 1 of tag b',
  ];

  it('add up in any order and grouping, to the value of the merged window', () => {
    fc.assert(
      fc.property(windows, fc.constantFrom(...TEXTS), fc.infiniteStream(fc.nat()), (parts, text, choice) => {
        const rule = threshold(text);
        const whole = tallyOf(rule, parts.reduce(mergeWindows), INSTANCES);
        const left = parts.map((part) => tallyOf(rule, part, INSTANCES));
        while (left.length > 1) {
          const [one] = left.splice((choice.next().value ?? 0) % left.length, 1);
          const at = (choice.next().value ?? 0) % left.length;
          if (one !== undefined) left[at] = mergeTallies(left[at] as typeof one, one);
        }
        const [merged = whole] = left;
        assert.equal(measured(rule, merged), measured(rule, whole));
        assert.equal(limitIn(rule, merged), limitIn(rule, whole));
      }),
    );
  });
});
