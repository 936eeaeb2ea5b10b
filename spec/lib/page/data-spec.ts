import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { RunEvent } from '../../../lib/engine/runEvent.js';
import { NO_CONNECTIONS } from '../../../lib/measure/connectionCounts.js';
import { HistogramRecorder } from '../../../lib/measure/histogramRecorder.js';
import { emptyWindow } from '../../../lib/measure/window.js';
import { EMPTY_COUNTS } from '../../../lib/measure/windowCounts.js';
import type { WindowFacts } from '../../../lib/measure/windowRecorder.js';
import { logRange } from '../../../lib/page/client/charts/scales.js';
import { bytes, count, elapsed, ms, number, percent, rate } from '../../../lib/page/client/data/format.js';
import { heatGrid } from '../../../lib/page/client/data/heat.js';
import { heatChange } from '../../../lib/page/client/data/heatChange.js';
import { kneeOf, type LoadPoint } from '../../../lib/page/client/data/knee.js';
import { marksOf } from '../../../lib/page/client/data/marks.js';
import { type Row, type Selection, select, spectrumOf } from '../../../lib/page/client/data/selection.js';
import { stageName, stagesIn } from '../../../lib/page/client/data/stages.js';
import { PageModel } from '../../../lib/page/model/pageModel.js';
import { compositePlan } from '../../../lib/plans/compositePlan.js';
import { constPlan } from '../../../lib/schedules/const.js';
import { linePlan } from '../../../lib/schedules/line.js';
import { seededRandom } from '../../../lib/time/seededRandom.js';
import { command } from '../../../operators/ticks/command.js';
import { commandAt, progress, START, started, windowAt, windowEvent } from '../view/sampleEvents.js';

const histogram = (values: readonly number[]) => {
  const recorder = new HistogramRecorder();
  for (const us of values) recorder.record(us);
  return recorder.take();
};

describe('texts of the page', () => {
  /** [text, expected] */
  const TABLE: readonly [string, string][] = [
    [ms(0), '0 ms'],
    [ms(0.042), '42 µs'],
    [ms(4.218), '4.22 ms'],
    [ms(421.4), '421 ms'],
    [ms(4218), '4.22 s'],
    [ms(90_000), '1.5 min'],
    [ms(null), '–'],
    [rate(1840), '1,840/s'],
    [rate(Number.POSITIVE_INFINITY), '∞/s'],
    [percent(0), '0 %'],
    [percent(0.00001), '<0.01 %'],
    [percent(0.99999), '>99.99 %'],
    [percent(1), '100 %'],
    [percent(0.1234), '12.3 %'],
    [bytes(999), '999 B'],
    [bytes(999_700), '1 MB'],
    [bytes(15_300_000), '15.3 MB'],
    [count(1234567), '1,234,567'],
    [number(-0.5), '−0.5'],
    [elapsed(125_000), '2:05'],
    [elapsed(3_725_000), '1:02:05'],
    [elapsed(2_500, true), '0:02.5'],
    [elapsed(59_960, true), '1:00'],
  ];
  for (const [text, expected] of TABLE) it(`"${expected}"`, () => assert.equal(text, expected));
});

describe('the selection of a page', () => {
  const model = new PageModel();
  for (const event of [
    ...started('main', 'other'),
    windowEvent(windowAt(0, [{ ms: 10, fields: { tag: 'a' } }])),
    windowEvent(
      windowAt(1, [
        { ms: 20, fields: { tag: 'a' } },
        { ms: 30, fields: { tag: 'b' } },
      ]),
    ),
    windowEvent(windowAt(1, [{ ms: 99, fields: { tag: 'b' } }]), 'other'),
    windowEvent(windowAt(2, [{ ms: 40, fields: { tag: 'b' } }])),
  ])
    model.add(event);
  const everything: Selection = { pool: undefined, tag: undefined, range: undefined };

  it('is the whole run at first', () => {
    const { window, rows, last } = select(model, everything);
    assert.equal(window.total.ended, 5);
    assert.deepEqual(
      rows.map(({ x, counts }) => [x, counts.ended]),
      [
        [0.5, 1],
        [1.5, 3],
        [2.5, 1],
      ],
    );
    assert.equal(last?.x, 2.5);
  });

  it('of a span of time folds its windows into every table, and the charts still have all moments', () => {
    const { window, counts, rows, last } = select(model, { ...everything, range: { fromMs: 1000, toMs: 2000 } });
    assert.deepEqual(
      [...window.tags].map(([tag, { ended }]) => [tag, ended]),
      [
        ['a', 1],
        ['b', 2],
      ],
    );
    assert.deepEqual([counts.ended, rows.length, last?.x], [3, 3, 1.5]);
  });

  it('of a pool and of a tag has only their counts', () => {
    const ended = (selection: Partial<Selection>): number =>
      select(model, { ...everything, ...selection }).counts.ended;
    assert.deepEqual(
      [ended({ pool: 'other' }), ended({ tag: 'b' }), ended({ pool: 'main', tag: 'b' }), ended({ tag: 'none' })],
      [1, 3, 2, 0],
    );
  });

  it('of a run that has ended has no moment for a short rest, and its tables count it', () => {
    const ended = new PageModel();
    const { total, ...window } = windowAt(1, [{ ms: 20 }]);
    for (const event of [
      ...started('main'),
      windowEvent(windowAt(0, [{ ms: 10 }])),
      windowEvent({ ...window, total, to: window.from + 300 }),
    ])
      ended.add(event);
    assert.equal(select(ended, everything).rows.length, 2, 'while it runs');
    ended.add({ type: 'run-finished', at: START + 1300, summaries: [] });
    const { rows, counts } = select(ended, everything);
    assert.deepEqual([rows.length, counts.ended], [1, 2]);
  });

  it('of a span without windows is empty', () => {
    const { counts, last } = select(model, { ...everything, range: { fromMs: 60_000, toMs: 61_000 } });
    assert.deepEqual([counts.ended, last], [0, undefined]);
  });
});

describe('the stages of a page', () => {
  it('are named by their rates', () => {
    assert.deepEqual(
      [stageName(10, 50), stageName(300, 300), stageName(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY)],
      ['10 → 50/s', '300/s', 'unlimited'],
    );
  });

  const plan = compositePlan([linePlan({ from: 0, to: 10, duration: 10e9 }), constPlan({ ops: 10, duration: 10e9 })]);
  function played(commands: readonly ReturnType<typeof commandAt>[], seconds: number) {
    const model = new PageModel();
    model.add({ type: 'run-started', at: START, threads: 1, pools: [{ id: 'main', plan, rpsPerInstance: false }] });
    model.add({ type: 'pool-started', pool: 'main', at: START });
    for (let second = 1; second <= seconds; second++) {
      for (const each of commands) if (each.at === START + second * 1000) model.add(each);
      model.add({ type: 'progress', pool: 'main', at: START + second * 1000, progress: progress() });
    }
    const [pool] = model.view.pools;
    assert.ok(pool !== undefined);
    return stagesIn(model, pool, undefined).map(({ fromMs, toMs }) => [Math.round(fromMs), Math.round(toMs)]);
  }

  it('are those that have begun', () => {
    assert.deepEqual(played([], 4), [[0, 4000]]);
    assert.deepEqual(played([], 15), [
      [0, 10_000],
      [10_000, 15_000],
    ]);
  });

  it('are moved by a pause and shortened by a higher speed', () => {
    assert.deepEqual(played([commandAt(2, command.pause()), commandAt(5, command.resume())], 16), [
      [0, 13_000],
      [13_000, 16_000],
    ]);
    assert.deepEqual(played([commandAt(4, command.scaleBy(2))], 9), [
      [0, 7000],
      [7000, 9000],
    ]);
  });
});

describe('the knee of a load curve', () => {
  const random = seededRandom(5);
  const noise = (): number => 1 + 0.1 * (random() - 0.5);
  /** A target that is fast up to its capacity, and then waits. */
  const loaded = (capacity: number, rates: readonly number[]): readonly LoadPoint[] =>
    rates.map((perSecond) => ({
      perSecond,
      ms: (perSecond <= capacity ? 10 : 10 * Math.exp((perSecond - capacity) / 60)) * noise(),
    }));
  const rates = Array.from({ length: 40 }, (_, i) => 50 + i * 20);

  for (const capacity of [300, 500, 650])
    it(`is near the capacity of ${capacity}/s`, () => {
      const knee = kneeOf(loaded(capacity, rates));
      assert.ok(knee !== undefined && Math.abs(knee.perSecond - capacity) <= 40, `${knee?.perSecond}`);
    });

  /** [sentence, points] */
  const NONE: readonly [string, readonly LoadPoint[]][] = [
    ['a flat curve', loaded(10_000, rates)],
    ['a constant rate', rates.map(() => ({ perSecond: 500 * noise(), ms: 10 * noise() }))],
    ['a straight rise', rates.map((perSecond) => ({ perSecond, ms: Math.exp(perSecond / 300) * noise() }))],
    [
      'a curve that becomes flat',
      rates.map((perSecond) => ({ perSecond, ms: 100 * Math.exp(-Math.min(perSecond, 400) / 100) * noise() })),
    ],
    [
      'few moments',
      loaded(
        300,
        rates.filter((_, i) => i % 5 === 0),
      ),
    ],
    ['no moments', []],
  ];
  for (const [sentence, points] of NONE) it(`is absent for ${sentence}`, () => assert.equal(kneeOf(points), undefined));
});

describe('the heat map', () => {
  it('has every value in one cell, and the edges contain all values', () => {
    const values = fc.array(fc.integer({ min: 0, max: 3_600_000_000 }), { maxLength: 50 });
    fc.assert(
      fc.property(fc.array(values, { maxLength: 5 }), fc.integer({ min: 1, max: 50 }), (moments, rows) => {
        const grid = heatGrid(moments.map(histogram), rows);
        const cells = grid.columns.map((column) => column.reduce((sum, cell) => sum + cell, 0));
        if (moments.flat().length === 0) assert.deepEqual(grid, { edges: [], columns: [], peak: 0 });
        else
          assert.deepEqual(
            cells,
            moments.map(({ length }) => length),
          );
        assert.ok(grid.columns.every((column) => column.every((cell) => cell <= grid.peak)));
      }),
    );
  });

  it('separates times of different size', () => {
    const { columns } = heatGrid([histogram([1000, 1000, 1_000_000])], 10);
    assert.deepEqual([columns[0]?.[0], columns[0]?.[9]], [2, 1]);
  });
});

describe('the percentile spectrum', () => {
  it('rises from the smallest value to the largest, which one of all operations has', () => {
    const points = spectrumOf(histogram(Array.from({ length: 1000 }, (_, i) => (i + 1) * 1000)));
    assert.deepEqual([points[0]?.[1], points.at(-1)], [1, [1000, 1000]]);
    const median = points.find(([oneOf]) => oneOf >= 2)?.[1] ?? 0;
    assert.ok(median >= 490 && median <= 580, `${median}`);
    assert.ok(points.every(([, value], i) => i === 0 || value >= (points[i - 1]?.[1] ?? 0)));
  });

  it('is empty without values', () => assert.deepEqual(spectrumOf(histogram([])), []));
});

describe('a logarithmic scale', () => {
  /** [the smallest and the largest value, the ends of the scale] */
  const TABLE: readonly [readonly [number | null, number | null], readonly [number, number]][] = [
    [
      [13, 180],
      [10, 200],
    ],
    [
      [2, 5],
      [2, 5],
    ],
    [
      [0.7, 5.1],
      [0.5, 10],
    ],
    [
      [3, 3],
      [2, 5],
    ],
    [
      [0, 1000],
      [0.001, 1000],
    ],
    [
      [null, null],
      [1, 2],
    ],
  ];
  for (const [[min, max], ends] of TABLE)
    it(`of ${min} to ${max} is from ${ends.join(' to ')}`, () =>
      assert.deepEqual(
        logRange(min, max).map((end) => Number(end.toPrecision(6))),
        ends,
      ));
});

describe('the change of a heat map', () => {
  const row = (x: number, values: readonly number[]): Row => ({
    ...{ x, lengthMs: 1000, open: 0, window: emptyWindow(0) },
    counts: { ...EMPTY_COUNTS, response: histogram(values) },
  });

  it('is the part of the operations after it minus the part before it, by band and by moment', () => {
    const before = [row(0.5, [1000, 1000, 1000, 8000]), row(1.5, [1000])];
    const after = [row(0.5, [1000, 8000]), row(1.5, [1000])];
    const { edges, spans, changes } = heatChange([before], [after], 3);
    assert.deepEqual([edges.length, spans.length], [4, 2]);
    assert.deepEqual(changes, [
      [-0.25, 0, 0.25],
      [0, 0, 0],
    ]);
  });

  it('counts the runs of a side together, and ignores moments that only one side has', () => {
    const { changes } = heatChange([[row(0.5, [1000])], [row(0.5, [8000])]], [[row(0.5, [8000]), row(1.5, [1000])]], 2);
    assert.deepEqual(changes, [
      [-0.5, 0.5],
      [0, 0],
    ]);
  });

  it('has a bounded number of columns, however long the runs are', () => {
    const long = Array.from({ length: 900 }, (_, i) => row(i + 0.5, [1000]));
    assert.ok(heatChange([long], [long], 2).spans.length <= 61);
    assert.deepEqual(heatChange([], [], 2), { edges: [], spans: [], changes: [] });
  });
});

describe('the rows of a page', () => {
  const connected = (opened: number, closed: number): WindowFacts => ({
    connections: { ...NO_CONNECTIONS, opened, closedByTarget: closed },
  });
  const rowsOf = (...events: readonly RunEvent[]): readonly Row[] => {
    const short = new PageModel();
    for (const event of [...started('main'), ...events]) short.add(event);
    return select(short, { pool: undefined, tag: undefined, range: undefined }).rows;
  };

  it('have the connections that are open, of all windows before', () => {
    const windows = [connected(5, 0), connected(3, 4), connected(0, 1)].map((facts, i) =>
      windowEvent(windowAt(i, [{ ms: 1 }], facts)),
    );
    assert.deepEqual(
      rowsOf(...windows).map(({ open }) => open),
      [5, 4, 3],
    );
  });

  it('leave out a first moment that is much shorter than the others, and still count its connections', () => {
    const first = { ...windowAt(0, [], connected(2, 0)), from: START + 980 };
    const rows = rowsOf(
      ...[first, windowAt(1, [{ ms: 1 }]), windowAt(2, [{ ms: 1 }])].map((each) => windowEvent(each)),
    );
    assert.deepEqual(
      rows.map(({ x, open }) => [x, open]),
      [
        [1.5, 2],
        [2.5, 2],
      ],
    );
  });
});

describe('the marks of charts', () => {
  const GREY = { muted: '#888888', blue: '#0000ff', violet: '#aa00ff', red: '#ff0000' };
  const marks = (pool?: string) => {
    const marked = new PageModel();
    for (const event of [
      ...started('main', 'other'),
      commandAt(1, command.pause(), 'main'),
      { type: 'annotation', at: START + 2000, text: 'deployed' },
      { type: 'warning', at: START + 2500, message: 'slow', fields: {} },
      { type: 'pool-stopped', pool: 'other', at: START + 3000, reason: 'errors > 1%' },
    ] as const)
      marked.add(event);
    const selected = select(marked, { pool, tag: undefined, range: undefined });
    return marksOf(selected, GREY).map(({ x, text, kind, colour }) => [x, text, kind, colour]);
  };

  it('are commands, remarks and stops, in the order of time; no warnings', () => {
    assert.deepEqual(marks(), [
      [1, 'pause', 'event', '#0000ff'],
      [2, 'deployed', 'event', '#aa00ff'],
      [3, 'errors > 1%', 'event', '#ff0000'],
    ]);
  });

  it('are those of the chosen pool, and those of the whole run', () => {
    assert.deepEqual(
      marks('main').map(([, text]) => text),
      ['pause', 'deployed'],
    );
  });

  it('are the begin of each stage but the first', () => {
    const staged = new PageModel();
    const plan = compositePlan([constPlan({ ops: 10, duration: 2e9 }), constPlan({ ops: 20, duration: 2e9 })]);
    staged.add({ type: 'run-started', at: START, pools: [{ id: 'main', plan, rpsPerInstance: false }], threads: 1 });
    staged.add({ type: 'pool-started', pool: 'main', at: START });
    staged.add({ type: 'annotation', at: START + 4000, text: 'end' });
    const selected = select(staged, { pool: undefined, tag: undefined, range: undefined });
    assert.deepEqual(
      marksOf(selected, GREY).map(({ x, text, kind }) => [x, text, kind]),
      [
        [2, '2. 20/s', 'stage'],
        [4, 'end', 'event'],
      ],
    );
  });
});
