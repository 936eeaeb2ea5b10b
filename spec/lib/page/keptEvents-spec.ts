import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { RunEvent } from '../../../lib/engine/runEvent.js';
import { mergeWindows } from '../../../lib/measure/window.js';
import { select } from '../../../lib/page/client/data/selection.js';
import { eventsFromWire, eventsToWire } from '../../../lib/page/model/eventWire.js';
import { forPage, KeptEvents } from '../../../lib/page/model/keptEvents.js';
import type { PageEvent } from '../../../lib/page/model/pageEvent.js';
import { PAGE_LIMITS } from '../../../lib/page/model/pageLimits.js';
import { PageModel } from '../../../lib/page/model/pageModel.js';
import { Thinned } from '../../../lib/page/model/thinned.js';
import { seededRandom } from '../../../lib/time/seededRandom.js';
import { tagRows } from '../../../lib/view/tagRows.js';
import { command } from '../../../operators/ticks/command.js';
import { commandAt, progress, START, started, windowAt, windowEvent } from '../view/sampleEvents.js';

function keep(events: readonly PageEvent[]): KeptEvents {
  const kept = new KeptEvents();
  for (const event of events) kept.add(event);
  return kept;
}

function modelOf(events: readonly PageEvent[]): PageModel {
  const model = new PageModel();
  for (const event of events) model.add(event);
  return model;
}

const progressAt = (second: number, inFlight: number): RunEvent => ({
  ...{ type: 'progress', pool: 'main', at: START + second * 1000, progress: progress({ inFlight }) },
});
const remark = (second: number, text: string): RunEvent => ({ type: 'annotation', at: START + second * 1000, text });
const windowOf = (second: number, ...tags: readonly string[]): RunEvent =>
  windowEvent(
    windowAt(
      second,
      tags.map((tag, i) => ({ ms: 1 + i * 7 + (second % 50), fields: { tag } })),
    ),
  );
const finished: RunEvent = { type: 'run-finished', at: START + 9_999_000, summaries: [] };

/** Everything that the tables and charts of a page come from. */
function shown(model: PageModel): unknown {
  const { view } = model;
  const whole = select(model, { pool: undefined, tag: undefined, range: undefined });
  return {
    tags: tagRows(whole.window).map(({ tag, counts, response }) => [tag, counts.ended, response]),
    total: view.total.total,
    log: view.log,
    phase: view.phase,
    rates: whole.rows.map(({ x, counts }) => [x, counts.ended]),
    thresholds: view.thresholds,
    exchanges: view.exchanges,
    threads: view.pools.map(({ threads }) => threads),
  };
}

const anEvent = fc.oneof(
  fc
    .array(fc.constantFrom('a', 'b', '</script>', '__proto__'), { minLength: 1, maxLength: 5 })
    .map((tags) => (second: number) => windowOf(second, ...tags)),
  fc.nat(9).map((inFlight) => (second: number) => progressAt(second, inFlight)),
  fc.string({ minLength: 1 }).map((text) => (second: number) => remark(second, text)),
  fc.constant((second: number) => commandAt(second, command.scaleBy(1.25))),
);
const run = fc
  .array(anEvent, { maxLength: 50 })
  .map((made) => [...started('main'), ...made.map((at, second) => at(second)), finished]);

describe('the kept events of a run', () => {
  it('give the page that all events give, also through their text form: a live page equals the page of its record', () => {
    fc.assert(
      fc.property(run, (events) => {
        const record = eventsFromWire(eventsToWire(keep(events).events()));
        assert.deepEqual(shown(modelOf(record)), shown(modelOf(events)));
      }),
    );
  });

  it('and the events after them give the page of a reader that was there from the beginning', () => {
    fc.assert(
      fc.property(run, fc.nat(60), (events, join) => {
        const at = Math.min(events.length, join + 2);
        const late = modelOf([...keep(events.slice(0, at)).events(), ...events.slice(at)]);
        assert.deepEqual(shown(late), shown(modelOf(events)));
      }),
      { numRuns: 40 },
    );
  });

  it('are bounded for a run of any length, and every count is still there', () => {
    const seconds = PAGE_LIMITS.slots * 5;
    const events = [
      ...started('main'),
      ...Array.from({ length: seconds }, (_, second) => [
        windowOf(second, 'a', 'b'),
        progressAt(second, 1),
        remark(second, `remark ${second}`),
      ]).flat(),
    ];
    const kept = keep(events).events();
    const of = (type: PageEvent['type']): number => kept.filter((event) => event.type === type).length;
    assert.ok(of('window') <= PAGE_LIMITS.slots, `${of('window')} windows`);
    assert.ok(of('progress') <= PAGE_LIMITS.slots + 1, `${of('progress')} progress`);
    assert.ok(of('annotation') <= PAGE_LIMITS.lines, `${of('annotation')} remarks`);
    const windows = kept.flatMap((event) => (event.type === 'window' ? [event.window] : []));
    assert.equal(windows.reduce(mergeWindows).total.ended, 2 * seconds);
    const [late, all] = [modelOf(kept), modelOf(events)];
    assert.deepEqual(late.view.totals.slotMs, all.view.totals.slotMs, 'the same resolution');
    assert.deepEqual((shown(late) as { rates: unknown }).rates, (shown(all) as { rates: unknown }).rates);
  });

  it('keep many moments of a long run with several tags and times of every length, and its exact sum', () => {
    const hours = 600;
    const random = seededRandom(1);
    const longer = Array.from({ length: hours }, (_, i) => {
      const shots = Array.from({ length: 200 }, (_each, shot) => ({
        ms: 2 * Math.exp(4 * random()),
        fields: { tag: `tag ${shot % 5}` },
      }));
      return windowEvent(windowAt(i, shots));
    });
    const kept = keep([...started('main'), ...longer]).events();
    assert.ok(kept.filter(({ type }) => type === 'window').length >= hours / 2);
    const [late, all] = [modelOf(kept), modelOf([...started('main'), ...longer])];
    assert.deepEqual(late.view.total.total.response, all.view.total.total.response, 'exact');
    assert.deepEqual(late.view.total.tags.get('tag 3'), all.view.total.tags.get('tag 3'));
  });

  it('keep at most a number of exchanges', () => {
    const exchange = { tag: '', reason: 'timeout', startedAt: START, serviceMs: 1, request: 'GET /', response: null };
    const events = Array.from(
      { length: PAGE_LIMITS.lines + 50 },
      (): RunEvent => ({ type: 'exchange', pool: 'main', at: START + 1, exchange }),
    );
    const kept = keep([...started('main'), ...events]).events();
    assert.equal(kept.filter(({ type }) => type === 'exchange').length, PAGE_LIMITS.lines);
  });

  it('begin with the warnings of the config, and end with the end of the run', () => {
    const warning: RunEvent = { type: 'warning', at: START - 1, message: 'no', fields: {} };
    const kept = keep([warning, ...started('main'), windowOf(0, 'a'), finished]).events();
    assert.deepEqual(
      kept.map(({ type }) => type),
      ['warning', 'run-started', 'pool-started', 'window', 'total', 'run-finished'],
    );
  });

  it('have no reports and no summaries, which no page shows', () => {
    const report: RunEvent = { type: 'report', pool: 'main', at: START, report: { final: true, dropped: 0 } as never };
    assert.equal(forPage(report), undefined);
    assert.deepEqual(forPage({ ...finished, summaries: ['a summary' as never] } as RunEvent), finished);
    assert.deepEqual(
      keep([...started('main'), report])
        .events()
        .map(({ type }) => type),
      ['run-started', 'pool-started'],
    );
  });
});

describe('a thinned series', () => {
  it('has the first and the last value, those between at equal distances, and at most one more than its limit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 2, max: 40 }), (length, limit) => {
        const series = new Thinned<number>(limit);
        for (let i = 0; i < length; i++) series.add(i);
        const { values } = series;
        assert.deepEqual([values[0], values.at(-1)], [0, length - 1]);
        assert.ok(values.length <= limit + 1);
        const gaps = new Set(values.slice(1, -1).map((value, i) => value - (values[i] as number)));
        assert.ok(gaps.size <= 1, `gaps ${[...gaps]}`);
      }),
    );
  });
});
