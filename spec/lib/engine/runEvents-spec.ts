import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { concat, from, lastValueFrom, materialize, of, Subject, throwError, toArray } from 'rxjs';
import { ElpisError } from '../../../lib/core/errors.js';
import { type JudgingOptions, judgedFailure, RunJudgement } from '../../../lib/engine/judgement.js';
import type { PoolEvent, PoolProgress, RunEvent } from '../../../lib/engine/runEvent.js';
import { runEvents } from '../../../lib/engine/runEvents.js';
import { RunSteering, type StopOrder } from '../../../lib/engine/runHandle.js';
import type { RunVerdict, ThresholdState } from '../../../lib/measure/runVerdict.js';
import { emptyWindow } from '../../../lib/measure/window.js';
import { threshold } from '../../../lib/rules/parseThreshold.js';
import { VirtualClock } from '../../../lib/testing/index.js';
import { drawnWindows } from '../rules/someWindows.js';

const POOLS = [{ id: 'a', rpsPerInstance: false }];
const nothing = emptyWindow(0);
const LOST = { ...nothing, total: { ...nothing.total, count: 500, discarded: 430 } };

const windows = (drawing: string): readonly PoolEvent[] =>
  drawnWindows(drawing).map((window): PoolEvent => ({ type: 'window', pool: 'a', at: window.to, window }));
const lost: PoolEvent = { type: 'window', pool: 'a', at: 0, window: LOST };

const thresholds = (...texts: readonly string[]): JudgingOptions => ({ thresholds: texts.map(threshold) });

/** The events of a run of these events of its pool, each as its type with what matters, and the orders that it gave. */
async function played(events: readonly PoolEvent[], judging: JudgingOptions = {}, failure?: ElpisError) {
  const clock = new VirtualClock(1000);
  const orders: StopOrder[] = [];
  const warnings: string[] = [];
  const steering = {
    ending: undefined as StopOrder['ending'] | undefined,
    order: (order: StopOrder) => void orders.push(order),
  };
  const source =
    failure === undefined
      ? from(events)
      : concat(
          from(events),
          throwError(() => failure),
        );
  const log = { warn: (message: string) => void warnings.push(message) };
  const all = await lastValueFrom(
    runEvents(source, POOLS, { scheduler: clock, threads: 1, steering, judging, log }).pipe(materialize(), toArray()),
  );
  const shown = all.slice(1).map((notification) => {
    if (notification.kind === 'E') return (notification.error as ElpisError).code;
    if (notification.kind === 'C') return 'completed';
    const { value } = notification;
    if (value.type === 'thresholds')
      return `thresholds: ${value.states.map(({ status, violated }) => `${status}${violated ? '!' : ''}`).join(' ')}`;
    return value.type === 'run-finished'
      ? `finished ${value.verdict?.level} by ${value.ending?.by}: ${value.failure?.code ?? '-'}`
      : value.type;
  });
  const finished = all.flatMap((each) =>
    each.kind === 'N' && each.value.type === 'run-finished' ? [each.value] : [],
  )[0];
  return { shown, orders, warnings, finished };
}

describe('runEvents', () => {
  it('emit the states of thresholds after each window, and end with their error', async () => {
    const { shown } = await played(
      windows('20 280'),
      thresholds('max(response) < 250ms', 'p50(response) < 250ms over 1s'),
    );
    assert.deepEqual(shown, [
      ...['window', 'thresholds: passes passes', 'window', 'thresholds: fails fails!'],
      ...['finished VALID by plan: ELPIS_THRESHOLDS', 'ELPIS_THRESHOLDS'],
    ]);
  });

  it('emit no states without thresholds, and complete', async () => {
    assert.deepEqual((await played(windows('20'))).shown, ['window', 'finished VALID by plan: -', 'completed']);
  });

  it('stop the run once when a threshold says so, with its value as the reason', async () => {
    const { orders, finished } = await played(
      windows('280 280 20'),
      thresholds('p99(response) < 250ms over 1s otherwise stop', 'max(response) < 1ms otherwise stop'),
    );
    assert.deepEqual(orders, [
      { limitMs: 3000, ending: { by: 'rule', text: 'p99(response) < 250ms over 1s was 280 ms' } },
    ]);
    assert.match(finished?.failure?.message ?? '', /^2 of 2 thresholds violated: /);
  });

  it('a threshold that only warns fails nothing', async () => {
    const { shown, orders } = await played(windows('280'), thresholds('max(response) < 250ms otherwise warn'));
    assert.deepEqual(shown.slice(-2), ['finished VALID by plan: -', 'completed']);
    assert.deepEqual(orders, []);
  });

  it('the thresholds of an INVALID run do not pass', async () => {
    const { shown, finished } = await played([lost], thresholds('errors <= 100%'));
    assert.deepEqual(shown.slice(-2), ['finished INVALID by plan: ELPIS_VERDICT', 'ELPIS_VERDICT']);
    assert.match(finished?.failure?.message ?? '', /^the run is INVALID: 86 % .*, so its thresholds do not pass$/);
    assert.deepEqual(
      (await played([lost])).shown.slice(-2),
      ['finished INVALID by plan: -', 'completed'],
      'without thresholds',
    );
  });

  it('the error of a pool counts first, and says why the run ended', async () => {
    const { shown, finished } = await played(
      windows('280'),
      thresholds('max(response) < 1ms'),
      new ElpisError('ELPIS_GUN', 'jammed\nmore'),
    );
    assert.deepEqual(shown.slice(-2), ['finished VALID by failure: ELPIS_GUN', 'ELPIS_GUN']);
    assert.equal(finished?.ending?.text, 'failed after 0s: jammed');
    assert.equal(finished?.thresholds?.[0]?.violated, true);
  });

  it('a condition of a pool is a rule that ended the run', async () => {
    const { finished } = await played([
      { type: 'pool-stopped', pool: 'a', at: 0, reason: 'too slow' },
      ...windows('20'),
    ]);
    assert.deepEqual(finished?.ending, { by: 'rule', text: 'stopped after 0s by a condition: pool "a": too slow' });
  });

  it('a threshold of which nothing has appeared is a warning', async () => {
    const { warnings, shown } = await played(windows('20'), thresholds('errors < 1% of tag "x"', 'errors < 1%'));
    assert.deepEqual(warnings, ['the threshold errors < 1% of tag "x" was not judged: what it names has not appeared']);
    assert.equal(shown.at(-1), 'completed');
  });

  it('readings of the process are events, and a part of the verdict', async () => {
    const clock = new VirtualClock(0);
    const pool = new Subject<PoolEvent>();
    const readings = of({
      ...{ spanMs: 4000, userMs: 1, systemMs: 1, rssBytes: 1, heapUsedBytes: 1, gcPauseMs: 0, longestGcPauseMs: 0 },
      ...{ openFiles: null, openFilesLimit: null },
    });
    const steering = new RunSteering(clock, false);
    const seen: RunEvent[] = [];
    runEvents(pool, POOLS, { scheduler: clock, threads: 1, steering, readings }).subscribe((event) => seen.push(event));
    for (const event of windows('20')) pool.next(event);
    pool.complete();
    assert.deepEqual(
      seen.map(({ type }) => type),
      ['run-started', 'process', 'window', 'run-finished'],
    );
    const last = seen.at(-1);
    assert.deepEqual(last?.type === 'run-finished' && last.verdict?.reasons.map(({ code }) => code), ['stopped']);
  });

  it('dropped samples make the run INVALID, also those that a thread reports later', async () => {
    const report = { from: 'phout', received: 5, dropped: 2, final: true };
    const { finished } = await played([...windows('20'), { type: 'report', pool: 'a', at: 0, report }]);
    assert.deepEqual(
      finished?.verdict?.reasons.map(({ code, value }) => [code, value]),
      [['dropped', 2]],
    );
  });

  it('the busy instances of a threshold come from the progress of the pools', async () => {
    const progress = { inFlight: 4, instances: 5 } as PoolProgress;
    const { shown } = await played(
      [{ type: 'progress', pool: 'a', at: 0, progress }, ...windows('20')],
      thresholds('busy < 80%'),
    );
    assert.deepEqual(shown.slice(1, 3), ['window', 'thresholds: fails']);
  });
});

describe('RunSteering', () => {
  it('keeps an order that was given before the run, annotates each, and the first is the ending', () => {
    const clock = new VirtualClock(5);
    const steering = new RunSteering(clock, false);
    const texts: string[] = [];
    steering.events.subscribe((event) => event.type === 'annotation' && texts.push(event.text));
    steering.stop(500, 'the key q');
    steering.order({ limitMs: 0, ending: { by: 'rule', text: 'later' } });
    const limits: number[] = [];
    steering.drain.subscribe((limit) => limits.push(limit));
    assert.deepEqual(
      [limits, texts, steering.ending],
      [[0], ['the key q', 'later'], { by: 'user', text: 'the key q' }],
    );
  });
});

describe('judgedFailure', () => {
  const verdict = (level: RunVerdict['level']): RunVerdict => ({
    level,
    reasons: level === 'VALID' ? [] : [{ code: 'lateness', level, pool: 'a', text: 'late', value: 1, limit: 1 }],
  });
  const state = (fields: Partial<ThresholdState>): ThresholdState => ({
    ...{
      condition: 'errors < 1%',
      otherwise: 'fail',
      status: 'passes',
      violated: false,
      value: 0,
      limit: 1,
      unit: '%',
      margin: 1,
    },
    ...fields,
  });
  const passed = state({});
  const violated = state({ status: 'fails', violated: true, value: 3.21 });
  const rows: readonly [sentence: string, ...Parameters<typeof judgedFailure>, error: string | undefined][] = [
    ['a valid run', { verdict: verdict('VALID') }, null, undefined],
    ['a valid run that must be valid', { verdict: verdict('VALID') }, 'degraded', undefined],
    ['a degraded run', { verdict: verdict('DEGRADED') }, null, undefined],
    [
      'a degraded run that must be valid',
      { verdict: verdict('DEGRADED') },
      'degraded',
      'ELPIS_VERDICT the run is DEGRADED: pool "a": late',
    ],
    ['a degraded run that must not be invalid', { verdict: verdict('DEGRADED') }, 'invalid', undefined],
    [
      'an invalid run that must not be',
      { verdict: verdict('INVALID') },
      'invalid',
      'ELPIS_VERDICT the run is INVALID: pool "a": late',
    ],
    ['an invalid run without thresholds', { verdict: verdict('INVALID'), thresholds: [] }, null, undefined],
    [
      'an invalid run whose thresholds only warn',
      { verdict: verdict('INVALID'), thresholds: [state({ otherwise: 'warn' })] },
      null,
      undefined,
    ],
    [
      'an invalid run with thresholds',
      { verdict: verdict('INVALID'), thresholds: [passed] },
      null,
      'ELPIS_VERDICT the run is INVALID: pool "a": late, so its thresholds do not pass',
    ],
    [
      'a violated threshold',
      { verdict: verdict('VALID'), thresholds: [passed, violated] },
      null,
      'ELPIS_THRESHOLDS 1 of 2 thresholds violated: errors < 1% was 3.21 %',
    ],
    [
      'a violated threshold of an invalid run',
      { verdict: verdict('INVALID'), thresholds: [violated] },
      null,
      'ELPIS_THRESHOLDS 1 of 1 threshold violated: errors < 1% was 3.21 %; the run is INVALID: pool "a": late',
    ],
  ];
  for (const [sentence, judged, failOn, error] of rows)
    it(`${sentence}: ${error ?? 'no error'}`, () => {
      const found = judgedFailure(judged, failOn);
      assert.equal(found && `${found.code} ${found.message}`, error);
    });
});

describe('a lost share', () => {
  it('is in the summary of its pool and makes the run DEGRADED', () => {
    const judgement = new RunJudgement(POOLS, 2);
    const window = { ...nothing, total: { ...nothing.total, count: 100, ended: 100, ok: 100 } };
    judgement.add({ type: 'window', pool: 'a', at: 1000, window });
    const facts = { share: 1, player: 'w1', reason: 'silent', missing: 4 };
    judgement.add({ type: 'share-lost', pool: 'a', at: 1000, takenFrom: 2000, ...facts });
    const { summaries, verdict } = judgement.end(2000);
    assert.deepEqual(summaries[0]?.lostShares, [{ ...facts, taken: true }]);
    assert.deepEqual(
      verdict.reasons.map(({ code, level }) => [code, level]),
      [['lost-share', 'DEGRADED']],
    );
  });
});
