import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { RunEvent } from '../../../lib/engine/runEvent.js';
import type { ThresholdState } from '../../../lib/measure/runVerdict.js';
import { mergeWindows, type Window } from '../../../lib/measure/window.js';
import { windowFromJson, windowToJson } from '../../../lib/measure/windowJson.js';
import { RunView } from '../../../lib/view/runView.js';
import { command } from '../../../operators/ticks/command.js';
import { announced, commandAt, progress, START, started, windowAt, windowEvent } from './sampleEvents.js';
import { events, reading, sample, viewOf } from './viewOf.js';

const threshold = (fields: Partial<ThresholdState> = {}): ThresholdState => ({
  ...{ condition: 'p99(response) < 250ms', otherwise: 'fail', status: 'passes', violated: false },
  ...{ value: 100, limit: 250, unit: 'ms', margin: 0.6 },
  ...fields,
});

/** As a record of the run and a page receive it. The plan has functions, so it is not part of the comparison. */
function throughJson(event: RunEvent): RunEvent {
  if (event.type === 'run-started') return event;
  if (event.type !== 'window') return JSON.parse(JSON.stringify(event)) as RunEvent;
  return { ...event, window: windowFromJson(JSON.parse(JSON.stringify(windowToJson(event.window)))) };
}

/** Everything that a view shows, as plain values. */
function shown(view: RunView): unknown {
  const lines = (from: Pick<RunView, 'windows' | 'totals' | 'total'>) => ({
    total: from.total,
    windows: from.windows.slots.map(({ number, window }) => [number, window]),
    points: from.totals.slots.map(({ number, point }) => [number, point]),
  });
  return {
    ...lines(view),
    ...{ phase: view.phase, now: view.now, log: view.log, process: view.process, thresholds: view.thresholds },
    pools: view.pools.map((one) => ({
      ...lines(one),
      ...{ phase: one.phase, progress: one.progress, rate: one.plannedRateAt(view.now), done: one.doneAt(view.now) },
    })),
  };
}

describe('RunView', () => {
  it('has nothing before the start', () => {
    const view = new RunView();
    assert.deepEqual([view.phase, view.pools, view.totals.slots, view.total.total.count], ['waiting', [], [], 0]);
    assert.equal(view.elapsedMsAt(5000), 0);
  });

  it('follows a run from its start to its end', () => {
    const view = viewOf(started('main'));
    assert.deepEqual([view.phase, view.startedAt, view.seed, view.threads], ['running', START, 7, 1]);
    const [main] = view.pools;
    assert.deepEqual(
      [main?.phase, main?.doneAt(START + 15_000), main?.plannedRateAt(START + 30_000)],
      ['running', 0.25, 50],
    );
    view.add(windowEvent(windowAt(0, [{ ms: 10, fields: { tag: 'a' } }])));
    view.add({ type: 'pool-finished', pool: 'main', at: START + 1500, progress: progress({ responses: 1 }) });
    view.add({ type: 'run-finished', at: START + 1600, summaries: [], ending: { by: 'plan', text: 'all done' } });
    assert.deepEqual([view.phase, view.elapsedMsAt(START + 9999), view.ending?.text], ['finished', 1600, 'all done']);
    assert.deepEqual([main?.phase, main?.doneAt(view.now), main?.progress?.responses], ['finished', 1, 1]);
    assert.equal(view.total.total.ended, 1);
  });

  it('adds the pools up, by time and in total', () => {
    const view = viewOf([
      ...started('main', 'other'),
      windowEvent(windowAt(0, [{ ms: 10 }]), 'main'),
      windowEvent(windowAt(0, [{ ms: 20 }, { ms: 30 }]), 'other'),
      windowEvent(windowAt(1, [{ ms: 20 }]), 'other'),
    ]);
    assert.deepEqual(
      view.totals.slots.map(({ point }) => point.endedPerSecond),
      [3, 1],
    );
    assert.deepEqual([view.total.total.ended, view.pool('other')?.total.total.ended], [4, 3]);
    assert.equal(view.windows.slots[0]?.window.tags.get('')?.ended, 3);
  });

  it('the windows of a single pool are those of the run: they are not kept twice', () => {
    const view = viewOf([...started('main'), windowEvent(windowAt(0, [{ ms: 10 }]))]);
    assert.equal(view.windows, view.pool('main')?.windows);
    assert.equal(view.totals, view.pool('main')?.totals);
  });

  it('commands move a pool through its plan', () => {
    const view = viewOf([
      ...started('main', 'other'),
      commandAt(10, command.scaleBy(2)),
      commandAt(20, command.pause(), 'main'),
    ]);
    const [main, other] = view.pools;
    assert.equal(main?.position.planMsAt(START + 25_000), 30_000);
    assert.equal(other?.position.planMsAt(START + 25_000), 40_000);
    assert.deepEqual([main?.plannedRateAt(START + 25_000), view.paused], [0, false]);
    view.add(commandAt(25, command.pause(), 'other'));
    assert.equal(view.paused, true);
    view.add(commandAt(26, command.resume()));
    assert.deepEqual([view.paused, main?.plannedRateAt(START + 26_000)], [false, 100]);
    assert.deepEqual(
      view.log.map(({ pool: of, text }) => `${of ?? 'all'} ${text}`),
      ['all speed x 2', 'main pause', 'other pause', 'all resume'],
    );
  });

  it('the log has warnings, remarks, rules, thresholds, observers and the failure', () => {
    const at = START + 1;
    const view = viewOf([
      { type: 'warning', at: START - 5, message: 'a warning', fields: {} },
      ...started('main'),
      { type: 'annotation', at, pool: 'main', text: 'a remark' },
      { type: 'pool-stopped', at, pool: 'main', reason: 'errors > 1%' },
      { type: 'thresholds', at, states: [threshold()] },
      { type: 'thresholds', at, states: [threshold({ violated: true }), threshold({ pool: 'main', violated: true })] },
      { type: 'thresholds', at, states: [threshold({ violated: true }), threshold({ pool: 'main', violated: true })] },
      { type: 'run-finished', at, summaries: [], failure: { code: 'ELPIS_GUN', message: 'no gun' } },
      { type: 'observer-failed', at, observer: 'page', message: 'page: closed' },
    ]);
    assert.deepEqual(
      view.log.map(({ kind, pool: of, text }) => [kind, of ?? '', text].join(' | ')),
      [
        'warning |  | a warning',
        'remark | main | a remark',
        'stopped | main | errors > 1%',
        'threshold |  | violated: p99(response) < 250ms',
        'threshold | main | violated: p99(response) < 250ms',
        'failure |  | no gun',
        'observer |  | page: closed',
      ],
    );
    assert.deepEqual([view.pools[0]?.phase, view.pools[0]?.stopReason], ['stopped', 'errors > 1%']);
  });

  it('keeps the first lines and the last ones, and a limited number of exchanges', () => {
    const exchange = { tag: 'a', reason: 'timeout', startedAt: START, serviceMs: 1, request: 'GET /', response: null };
    const view = viewOf(
      [
        ...started('main'),
        ...Array.from({ length: 20 }, (_, i): RunEvent => ({ type: 'annotation', at: START + i, text: `${i}` })),
        ...Array.from({ length: 20 }, (): RunEvent => ({ type: 'exchange', pool: 'main', at: START, exchange })),
      ],
      { lines: 8 },
    );
    assert.deepEqual(
      view.log.map(({ text }) => text),
      ['0', '1', '14', '15', '16', '17', '18', '19'],
    );
    assert.deepEqual([view.logDropped, view.exchanges.length, view.exchangesDropped], [12, 8, 12]);
  });

  it('readings of the process are merged pairwise beyond the limit: their times add up', () => {
    const count = 37;
    const view = viewOf(
      Array.from({ length: count }, (_, i): RunEvent => ({ type: 'process', at: START + 1000 * (i + 1), reading })),
      { slots: 5 },
    );
    assert.ok(view.process.length <= 5);
    assert.equal(
      view.process.reduce((sum, { reading: { userMs } }) => sum + userMs, 0),
      300 * count,
    );
    assert.deepEqual(
      view.process.map(({ reading: { spanMs } }) => spanMs),
      [8000, 8000, 8000, 8000, 5000],
    );
    assert.deepEqual(
      view.process.map(({ at }) => at - START),
      [8000, 16_000, 24_000, 32_000, 37_000],
    );
    assert.equal(view.process.at(-1)?.reading.longestGcPauseMs, 3);
  });

  it('threads add up over windows', () => {
    const window = windowAt(0, [{ ms: 10 }]);
    const threads = [1, 0].map((thread) => ({ thread, ended: thread + 1, lateness: window.lateness }));
    const event = { ...windowEvent(window), threads } as RunEvent;
    const view = viewOf([...started('main'), event, event]);
    assert.deepEqual(
      view.pools[0]?.threads.map(({ thread, ended, lateness }) => [thread, ended, lateness.count]),
      [
        [0, 2, 2],
        [1, 4, 2],
      ],
    );
  });

  it('ignores events of unknown pools, and keeps the bad ammo of several threads', () => {
    const kinds = [{ kind: 'bad-uri', count: 2, first: ['ammo:1'] }];
    const view = viewOf([
      ...started('main'),
      windowEvent(windowAt(0, [{ ms: 10 }]), 'unknown'),
      { type: 'bad-ammo', pool: 'main', at: START, kinds },
      { type: 'bad-ammo', pool: 'main', at: START, kinds },
    ]);
    assert.equal(view.total.total.count, 0);
    assert.deepEqual(
      view.pools[0]?.badAmmo.map(({ count }) => count),
      [4],
    );
  });

  it('a pool of instances with plans of their own has the rate of all instances', () => {
    const view = viewOf([
      { type: 'run-started', at: START, pools: [{ ...announced('main'), rpsPerInstance: true }], threads: 1 },
      { type: 'pool-started', pool: 'main', at: START },
      { type: 'progress', pool: 'main', at: START + 1, progress: progress({ instances: 4 }) },
    ]);
    assert.equal(view.pools[0]?.plannedRateAt(START + 30_000), 200);
  });

  it('memory is bounded: the numbers of all timelines together, for any number of pools', () => {
    const names = ['a', 'b', 'c', 'd'];
    const wide = (second: number): Window =>
      windowAt(
        second,
        Array.from({ length: 60 }, (_, i) => ({ ms: i * (second % 3), fields: { tag: `t${i % 20}` } })),
      );
    const view = viewOf(
      [
        ...started(...names),
        ...Array.from({ length: 200 }, (_, second) => names.map((name) => windowEvent(wide(second), name))).flat(),
      ],
      { slots: 50, values: 40_000 },
    );
    const lines = [view, ...view.pools].flatMap(({ windows, totals }) => [windows, totals]);
    const values = lines.flatMap(({ slots }) => slots).reduce((sum, slot) => sum + slot.values, 0);
    assert.ok(values <= 4 * 40_000, `${values}`);
    assert.ok(lines.every(({ slots }) => slots.length <= 50));
    assert.equal(view.total.total.ended, 200 * 60 * 4);
  });

  it('property: the view of windows of threads is the view of the merged windows', () => {
    const samples = fc.array(sample, { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(fc.array(fc.tuple(samples, samples), { minLength: 1, maxLength: 40 }), (turns) => {
        const pairs = turns.map(([a, b], second) => [windowAt(second, a), windowAt(second, b)] as const);
        const limits = { slots: 7 };
        const apart = viewOf([...started('main'), ...pairs.flat().map((window) => windowEvent(window))], limits);
        const merged = pairs.map(([a, b]) => windowEvent(mergeWindows(a, b)));
        const once = viewOf([...started('main'), ...merged], limits);
        assert.deepEqual(shown(apart), shown(once));
      }),
    );
  });

  it('property: the view of live events is the view of the same events from their JSON', () => {
    fc.assert(
      fc.property(events, (live) => {
        assert.deepEqual(shown(viewOf(live.map(throughJson), { slots: 9 })), shown(viewOf(live, { slots: 9 })));
      }),
    );
  });

  it('property: a second view of the same events is the same, and events are not changed', () => {
    fc.assert(
      fc.property(events, (live) => {
        const before = JSON.stringify(live.map(throughJson));
        assert.deepEqual(shown(viewOf(live)), shown(viewOf(live)));
        assert.equal(JSON.stringify(live.map(throughJson)), before);
      }),
    );
  });
});
