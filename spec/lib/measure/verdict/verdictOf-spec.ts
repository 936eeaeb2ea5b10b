import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NO_CONNECTIONS } from '../../../../lib/measure/connectionCounts.js';
import type { Histogram } from '../../../../lib/measure/histogram.js';
import { HistogramRecorder } from '../../../../lib/measure/histogramRecorder.js';
import { EMPTY_LOOP } from '../../../../lib/measure/loopWatch.js';
import type { ProcessReading } from '../../../../lib/measure/processReading.js';
import { type SummaryFacts, type SummarySnapshot, summaryOf } from '../../../../lib/measure/summary.js';
import { DEFAULT_VERDICT, type ReasonCode, type VerdictSettings } from '../../../../lib/measure/verdict/limits.js';
import { addReading, NO_PROCESS } from '../../../../lib/measure/verdict/processTotals.js';
import { atLeastAsBad, type VerdictFacts, verdictOf } from '../../../../lib/measure/verdict/verdictOf.js';
import { emptyWindow, type Window } from '../../../../lib/measure/window.js';
import { EMPTY_COUNTS, type WindowCounts } from '../../../../lib/measure/windowCounts.js';

/** 100 times, of which `slow` are long. */
function times(usualMs: number, slow = 0, slowMs = 0): Histogram {
  const recorder = new HistogramRecorder();
  for (let i = 0; i < 100; i++) recorder.record(Math.round((i < slow ? slowMs : usualMs) * 1000));
  return recorder.take();
}

const DONE: WindowCounts = {
  ...EMPTY_COUNTS,
  count: 100,
  ended: 100,
  ok: 100,
  response: times(20),
  service: times(20),
};

const pool = (
  total: Partial<WindowCounts> = {},
  window: Partial<Window> = {},
  facts: Partial<SummaryFacts> = {},
): SummarySnapshot =>
  summaryOf(
    { ...emptyWindow(0), lateness: times(1), total: { ...DONE, ...total }, ...window },
    { pool: 'main', planned: { count: 100, durationMs: 10_000 }, ...facts },
  );

const reading = (fields: Partial<ProcessReading> = {}): ProcessReading => ({
  ...{ spanMs: 1000, userMs: 100, systemMs: 50, rssBytes: 1, heapUsedBytes: 1, gcPauseMs: 0, longestGcPauseMs: 0 },
  ...{ openFiles: 20, openFilesLimit: 1000, ...fields },
});
const process = (...readings: readonly Partial<ProcessReading>[]): VerdictFacts => ({
  usage: readings.map(reading).reduce(addReading, NO_PROCESS),
});

/** The reasons as `code LEVEL`, and the text of the first. */
const said = (pools: readonly SummarySnapshot[], facts?: VerdictFacts): readonly [string, string] => {
  const { level, reasons } = verdictOf(pools, facts);
  return [[level, ...reasons.map((reason) => `${reason.code} ${reason.level}`)].join(', '), reasons[0]?.text ?? ''];
};

const loop = (delay: Histogram, busy = 0.1): Partial<Window> => ({
  loop: { ...EMPTY_LOOP, delay, activeMs: 1000 * busy, idleMs: 1000 * (1 - busy) },
});

const collected = (gcMs: number): Partial<Window> => ({
  loop: { ...EMPTY_LOOP, activeMs: 1500, idleMs: 500, gcMs, longestGcMs: 7 },
});

describe('the verdict on a pool', () => {
  const rows: readonly [sentence: string, summary: SummarySnapshot, verdict: string, text: RegExp][] = [
    ['the collector stopped its threads for 1 % of their time', pool({}, collected(20)), 'VALID', /^$/],
    ['for more', pool({}, collected(21)), 'DEGRADED, gc DEGRADED', /stopped the generator for 1\.1 %.*up to 7\.0 ms/],
    ['for more than a tenth', pool({}, collected(201)), 'INVALID, gc INVALID', /10 % of the time/],
    ['nothing is wrong', pool(), 'VALID', /^$/],
    [
      'nothing was shot',
      pool({ ...EMPTY_COUNTS }),
      'INVALID, nothing-shot INVALID',
      /nothing was shot, so the run proves nothing/,
    ],
    ['nothing was planned', pool({ ...EMPTY_COUNTS }, {}, { planned: { count: 0, durationMs: 0 } }), 'VALID', /^$/],
    [
      '99.5 % of a long plan were shot',
      pool({ discarded: 5 }, {}, { planned: { count: 1000, durationMs: 1 } }),
      'DEGRADED, not-shot DEGRADED',
      /^0\.50 % of the planned operations were not shot: /,
    ],
    ['1 % was not shot', pool({ discarded: 1 }), 'DEGRADED, not-shot DEGRADED', /^1 % of/],
    [
      '2 % were not shot',
      pool({ discarded: 2 }),
      'INVALID, not-shot INVALID',
      /^2 % of the planned operations were not shot: /,
    ],
    ['lateness within half of the limit', pool({}, { lateness: times(5) }), 'VALID', /^$/],
    [
      'lateness above half of the limit',
      pool({}, { lateness: times(5.1) }),
      'DEGRADED, lateness DEGRADED',
      /late \(p99 5\.1 ms, limit 10\.0 ms\): small times are not exact/,
    ],
    ['lateness at the limit', pool({}, { lateness: times(9.9) }), 'DEGRADED, lateness DEGRADED', /p99 9\.9 ms/],
    [
      'lateness above the limit',
      pool({}, { lateness: times(10.1) }),
      'INVALID, lateness INVALID',
      /the generator, not the target, was late \(p99 10\.1 ms, limit 10\.0 ms\): do not trust these times/,
    ],
    ['a slow target allows 5 % of its median', pool({ response: times(1000) }, { lateness: times(25) }), 'VALID', /^$/],
    [
      'and no more',
      pool({ response: times(1000) }, { lateness: times(51) }),
      'INVALID, lateness INVALID',
      /limit 50\.0 ms/,
    ],
    ['one late shot of a hundred is not the p99', pool({}, { lateness: times(1, 1, 500) }), 'VALID', /^$/],
    [
      'a blocked event loop',
      pool({}, loop(times(1, 2, 500))),
      'INVALID, event-loop INVALID',
      /the event loop of the generator was blocked \(p99 500\.0 ms, limit 10\.0 ms\)/,
    ],
    [
      'a busy event loop',
      pool({}, loop(times(1), 0.95)),
      'DEGRADED, busy DEGRADED',
      /a core was used up \(95 % busy\)/,
    ],
    ['a less busy event loop', pool({}, loop(times(1), 0.94)), 'VALID', /^$/],
    [
      'a busy event loop in a run without operations',
      pool({ ...EMPTY_COUNTS }, loop(EMPTY_LOOP.delay, 0.99), { planned: { count: 0, durationMs: 0 } }),
      'VALID',
      /^$/,
    ],
    [
      'the plan was not kept, but nothing was lost',
      pool({}, {}, { applied: { planned: 100, begun: 97 } }),
      'DEGRADED, missed-rate DEGRADED',
      /the load was lower than the plan: 3 of 100 operations/,
    ],
    ['a little behind the plan', pool({}, {}, { applied: { planned: 100, begun: 98 } }), 'VALID', /^$/],
    [
      'far behind the plan',
      pool({}, {}, { applied: { planned: 100, begun: 89 } }),
      'INVALID, missed-rate INVALID',
      /11 of 100/,
    ],
    ['behind a plan of few operations', pool({}, {}, { applied: { planned: 19, begun: 9 } }), 'VALID', /^$/],
    [
      'a missed rate that lost operations explain',
      pool({ discarded: 30 }, {}, { applied: { planned: 100, begun: 80 } }),
      'INVALID, not-shot INVALID',
      /30 % of/,
    ],
    [
      'a share was lost, and others have taken it over',
      pool({}, {}, { lostShares: [{ share: 2, reason: 'silent', missing: 3, taken: true }] }),
      'DEGRADED, lost-share DEGRADED',
      /^share 2 was lost: 3 of its operations are missing/,
    ],
    [
      'two shares were lost, one with an unknown number of operations',
      pool(
        {},
        {},
        {
          lostShares: [
            { share: 0, reason: 'silent', missing: null, taken: false },
            { share: 1, reason: 'silent', missing: 7, taken: true },
          ],
        },
      ),
      'DEGRADED, lost-share DEGRADED',
      /^2 shares were lost: at least 7 of their operations are missing/,
    ],
    [
      'some shots without a local port',
      pool({ ended: 1000, failures: [{ netCode: 99, name: 'no local address', count: 4 }] }),
      'DEGRADED, ports DEGRADED',
      /4 operations failed on this machine, not at the target: local ports/,
    ],
    [
      'many',
      pool({ failures: [{ netCode: 98, name: 'no local port', count: 2 }] }),
      'INVALID, ports INVALID',
      /2 operations failed/,
    ],
    [
      'shots without a file',
      pool({ failures: [{ netCode: 24, name: 'too many open files', count: 2 }] }),
      'INVALID, files INVALID',
      /raise ulimit -n/,
    ],
    [
      'failures of the target are results',
      pool({ failures: [{ netCode: 110, name: 'timeout', count: 50 }] }),
      'VALID',
      /^$/,
    ],
    [
      'connections that the target closes',
      pool({ ended: 200 }, { connections: { ...NO_CONNECTIONS, opened: 30, closedByTarget: 21 } }),
      'DEGRADED, connections DEGRADED',
      /closed 21 connections, one for 11 % of the operations/,
    ],
    [
      'connections that the generator closes, and those that break',
      pool({ ended: 200 }, { connections: { ...NO_CONNECTIONS, opened: 200, closedByGenerator: 100, broken: 100 } }),
      'VALID',
      /^$/,
    ],
    [
      'a few of them',
      pool({ ended: 200 }, { connections: { ...NO_CONNECTIONS, opened: 30, closedByTarget: 20 } }),
      'VALID',
      /^$/,
    ],
    [
      'a thread with half of the work',
      pool({}, {}, { threads: [100, 33].map((ended) => ({ ended, latenessP50Ms: 0, latenessP99Ms: 0 })) }),
      'DEGRADED, threads DEGRADED',
      /thread 1 ended 33 operations, 50 % of the mean/,
    ],
    [
      'threads that are alike',
      pool({}, {}, { threads: [100, 34].map((ended) => ({ ended, latenessP50Ms: 0, latenessP99Ms: 0 })) }),
      'VALID',
      /^$/,
    ],
    [
      'a late thread',
      pool({}, {}, { threads: [1, 11].map((latenessP99Ms) => ({ ended: 50, latenessP50Ms: 0, latenessP99Ms })) }),
      'DEGRADED, threads DEGRADED',
      /thread 1 was late \(p99 11\.0 ms, limit 10\.0 ms\)/,
    ],
  ];
  for (const [sentence, summary, verdict, text] of rows)
    it(`${sentence}: ${verdict}`, () => {
      const [found, first] = said([summary]);
      assert.equal(found, verdict);
      assert.match(first, text);
    });

  it('has the worst reason first, names the pool when there are several, and has one for the common event loop', () => {
    const blocked = loop(times(1, 2, 500));
    const pools = [pool({ discarded: 1 }, blocked), { ...pool({}, blocked), pool: 'b' }];
    const { reasons } = verdictOf(pools);
    assert.deepEqual(
      reasons.map(({ code, pool: of }) => [code, of]),
      [
        ['event-loop', 'main'],
        ['not-shot', 'main'],
      ],
    );
    assert.equal(verdictOf([pool({ discarded: 1 })]).reasons[0]?.pool, undefined);
  });

  it('has limits and reasons that can be changed', () => {
    const settings = (change: Partial<VerdictSettings>): VerdictFacts => ({
      settings: { ...DEFAULT_VERDICT, ...change },
    });
    const late = pool({ discarded: 50 }, { lateness: times(40) });
    assert.equal(verdictOf([late], settings({ latenessMs: 100 })).reasons[0]?.code, 'not-shot');
    assert.deepEqual(said([late], settings({ latenessMs: 100, notShotPercent: 50 }))[0], 'DEGRADED, not-shot DEGRADED');
    const ignore: readonly ReasonCode[] = ['lateness', 'not-shot'];
    assert.deepEqual(said([late], settings({ ignore }))[0], 'VALID');
  });
});

describe('the verdict on the process', () => {
  const rows: readonly [sentence: string, facts: VerdictFacts, verdict: string, text: RegExp][] = [
    ['an idle process', process({}, {}), 'VALID', /^$/],
    [
      'a core that is used up',
      process({ userMs: 900 }, { userMs: 900 }),
      'DEGRADED, cpu DEGRADED',
      /used 95 % of a core/,
    ],
    ['two threads that use one core', { ...process({ userMs: 950 }), threads: 2 }, 'VALID', /^$/],
    [
      'two threads that use two cores',
      { ...process({ userMs: 1900 }), threads: 2 },
      'DEGRADED, cpu DEGRADED',
      /98 % of 2 cores/,
    ],
    ['1 % of the time in the collector', process({ gcPauseMs: 10, longestGcPauseMs: 4 }), 'VALID', /^$/],
    [
      'more',
      process({ gcPauseMs: 11, longestGcPauseMs: 4 }),
      'DEGRADED, gc DEGRADED',
      /for 1\.1 % of the time, for up to 4\.0 ms/,
    ],
    ['a tenth', process({ gcPauseMs: 101 }), 'INVALID, gc INVALID', /10 % of the time/],
    [
      'a process that was stopped',
      process({}, { spanMs: 4000 }),
      'INVALID, stopped INVALID',
      /stopped for 3 s: by a signal, or with its machine/,
    ],
    [
      'for a small part of a long run',
      process(...Array.from({ length: 300 }, () => ({})), { spanMs: 3000 }),
      'DEGRADED, stopped DEGRADED',
      /2 s/,
    ],
    ['a long turn of a busy process is not a stop', process({ spanMs: 4000, userMs: 1500 }), 'VALID', /^$/],
    ['a late timer is not a stop', process({ spanMs: 2000 }), 'VALID', /^$/],
    [
      'a clock that was moved back',
      process({}, { clockStepMs: -501 }),
      'DEGRADED, clock-step DEGRADED',
      /moved by -0\.501 s/,
    ],
    ['a clock that was adjusted', process({ clockStepMs: 500 }), 'VALID', /^$/],
    ['few files left', process({ openFiles: 901 }), 'DEGRADED, files DEGRADED', /90 % of the allowed files were open/],
    ['enough files', process({ openFiles: 900 }), 'VALID', /^$/],
    ['an unknown number of files', process({ openFiles: null }), 'VALID', /^$/],
    ['dropped samples', { dropped: 3 }, 'INVALID, dropped INVALID', /3 samples were dropped/],
  ];
  for (const [sentence, facts, verdict, text] of rows)
    it(`${sentence}: ${verdict}`, () => {
      const [found, first] = said([pool()], facts);
      assert.equal(found, verdict);
      assert.match(first, text);
    });

  it('says once that a core is used up', () => {
    const busy = pool({}, loop(times(1), 0.99));
    assert.equal(said([busy], process({ userMs: 990 }))[0], 'DEGRADED, busy DEGRADED');
  });
});

describe('atLeastAsBad', () => {
  it('orders the levels', () => {
    assert.deepEqual(
      (['VALID', 'DEGRADED', 'INVALID'] as const).map((level) => atLeastAsBad(level, 'DEGRADED')),
      [false, true, true],
    );
  });
});
