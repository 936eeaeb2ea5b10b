import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { threshold } from '../../../lib/rules/parseThreshold.js';
import { ThresholdFold } from '../../../lib/rules/thresholdFold.js';
import { ThresholdJudge } from '../../../lib/rules/thresholdJudge.js';
import { timed } from '../../operators/timed.js';
import { drawnWindows, second } from './someWindows.js';

/**
 * The states after each window: `-` pending, `p` passes, `f` fails, `V` violated and failing, `v` violated and passing. After the blank:
 * the state at the end.
 */
function judged(text: string, drawing: string): string {
  const fold = new ThresholdFold(threshold(text));
  const letter = (end?: number): string => {
    const { status, violated } = fold.state(end);
    if (status === 'pending') return '-';
    const fails = status === 'fails';
    return violated ? (fails ? 'V' : 'v') : fails ? 'f' : 'p';
  };
  const windows = drawnWindows(drawing);
  const states = windows.map((window) => {
    fold.add([[window, { busy: 0, instances: 0 }]]);
    return letter();
  });
  return `${states.join('')} ${letter(windows.at(-1)?.to ?? 0)}`;
}

describe('a threshold over the windows of a run', () => {
  const rows: readonly [sentence: string, text: string, windows: string, states: string][] = [
    ['is decided at the end', 'max(response) < 250ms', '20 280 20', 'pff V'],
    [
      'passes at the end when the whole run does, also after a bad begin',
      'p50(response) < 250ms',
      '280 20 20',
      'fpp p',
    ],
    ['that stops is decided after each window', 'p50(response) < 250ms otherwise stop', '280 20 20', 'Vvv v'],
    ['of single windows is violated once and stays so', 'p99(response) < 250ms over 1s', '20 280 20', 'pVv v'],
    [
      'needs as many windows in a row as it says',
      'p99(response) < 250ms for 3',
      '280 280 20 280 280 280 20',
      'ffpffVv v',
    ],
    ['is not violated by one window fewer', 'p99(response) < 250ms for 3', '280 280 20 280 280', 'ffpff f'],
    ['is not judged before its length is full', 'p50(response) < 250ms over 3s', '280 280 280 20', '--VV V'],
    [
      'is not judged a whole second before a long length is full',
      'p50(response) < 250ms over 20s',
      Array.from({ length: 20 }, () => '280').join(' '),
      `${'-'.repeat(19)}V V`,
    ],
    [
      'judges the last windows of its length together',
      'p50(response) < 250ms over 3s',
      '20 20 20 280 280 20 20',
      '--ppVVv v',
    ],
    ['forgets windows that are older', 'max(response) < 250ms over 2s otherwise warn', '280 20 20', '-Vv v'],
    ['does not judge the begin', 'max(response) < 250ms after 2s', '280 280 20', '--p p'],
    ['counts the window that begins exactly then', 'max(response) < 250ms after 2s', '20 20 280', '--f V'],
    ['begins to slide after that time', 'p99(response) < 250ms over 2s after 2s', '280 280 20 20 280', '---pV V'],
    ['starts its length again after a partial window', 'max(response) < 250ms over 2s', '20 20| 280 20', '---V V'],
    ['of the whole run counts partial windows', 'max(response) < 250ms', '20 280|', 'pf V'],
    ['is not changed by windows without a value', 'p99(response) < 250ms for 2', '280 . 280', 'ffV V'],
    ['is pending without any value', 'p99(response) < 250ms', '. .', '-- -'],
    ['of a tag that does not appear is pending', 'max(response) < 250ms of tag b', '20 20', '-- -'],
    ['counts nothing as 0', 'count(status=5xx) == 0', '. 20', 'pp p'],
  ];
  for (const [sentence, text, windows, states] of rows)
    it(`${sentence}: ${text}`, () => assert.equal(judged(text, windows), states));

  it('has its value, its limit, their unit, its margin and the end of the window that violated it', () => {
    const fold = new ThresholdFold(threshold('max(response) < 250ms over 1s of pool "main" otherwise warn'));
    const [slow, fast] = drawnWindows('300 200');
    fold.add([[slow as typeof slow & object, { busy: 0, instances: 0 }]]);
    fold.add([[fast as typeof fast & object, { busy: 0, instances: 0 }]]);
    assert.deepEqual(fold.state(), {
      ...{ condition: 'max(response) < 250ms over 1s', pool: 'main', otherwise: 'warn' },
      ...{ status: 'passes', violated: true, violatedAt: 1000, value: 200, limit: 250, unit: 'ms', margin: 0.2 },
    });
  });

  for (const [text, margin] of [
    ['count(ended) > 8', 0.25],
    ['count(ended) >= 20', -0.5],
    ['count(ended) == 10', 0],
    ['count(ended) == 8', -0.25],
    ['count(ended) != 8', 0.25],
    ['count(ended) < 0', null],
  ] as const)
    it(`has the margin ${margin} for 10 of ${text}`, () => {
      const fold = new ThresholdFold(threshold(text));
      fold.add([[drawnWindows('20')[0] as ReturnType<typeof second>, { busy: 0, instances: 0 }]]);
      assert.equal(fold.state().margin === 0 ? 0 : fold.state().margin, margin);
    });

  it('has the planned rate as its limit', () => {
    const fold = new ThresholdFold(threshold('rate >= 0.9 x planned'));
    fold.add([
      [
        { ...second(0, [timed(1)], 10), started: 8 },
        { busy: 0, instances: 0 },
      ],
    ]);
    const { value, limit, unit, status } = fold.state();
    assert.deepEqual([value, limit, unit, status], [8, 9, '/s', 'fails']);
  });
});

describe('ThresholdJudge', () => {
  const slow = second(0, [timed(300)]);
  const fast = second(0, [timed(10), timed(10)]);

  it('judges a pool by its own windows, and all pools together when each has sent its window', () => {
    const judge = new ThresholdJudge(
      [threshold('count(ended) >= 2 over 1s of pool b'), threshold('count(ended) == 3 over 1s')],
      ['a', 'b'],
    );
    assert.equal(judge.window('a', slow), false, 'no threshold has all its windows');
    assert.equal(judge.window('b', fast), true);
    assert.deepEqual(
      judge.states.map(({ status, value }) => [status, value]),
      [
        ['passes', 2],
        ['passes', 3],
      ],
    );
  });

  it('does not wait for a pool that has finished', () => {
    const judge = new ThresholdJudge([threshold('count(ended) == 1 over 1s')], ['a', 'b']);
    assert.equal(judge.window('a', slow), false);
    assert.equal(judge.finished('b'), true);
    assert.equal(judge.states[0]?.status, 'passes');
    assert.equal(judge.finished('a'), false);
  });

  it('does not wait for a pool longer than one window', () => {
    const judge = new ThresholdJudge([threshold('count(ended) == 1 over 1s')], ['a', 'b']);
    assert.equal(judge.window('a', slow), false);
    assert.equal(judge.window('a', second(1, [timed(1), timed(1)])), true);
    assert.equal(judge.states[0]?.value, 1);
    assert.equal(judge.end(5000)[0]?.value, 2, 'the last windows are judged at the end');
  });

  it('uses the instances of the pools', () => {
    const judge = new ThresholdJudge([threshold('busy < 50%')], ['a', 'b']);
    judge.instances('a', { busy: 1, instances: 4 });
    judge.instances('b', { busy: 2, instances: 2 });
    judge.window('a', slow);
    judge.window('b', fast);
    assert.deepEqual(
      judge.states.map(({ value, status }) => [value, status]),
      [[50, 'fails']],
    );
  });

  it('names the thresholds of which nothing has appeared', () => {
    const judge = new ThresholdJudge(['errors < 1% of tag "x"', 'checks("c") > 1%', 'errors < 1%'].map(threshold), [
      'a',
    ]);
    judge.window('a', fast);
    assert.deepEqual(judge.unseen, ['errors < 1% of tag "x"', 'checks("c") > 1%']);
  });
});
