import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { Frames } from '../../../../lib/observers/screen/frame.js';
import { lineWidth, paint } from '../../../../lib/observers/screen/line.js';
import type { Shown } from '../../../../lib/observers/screen/panels/shown.js';
import { sortedRows } from '../../../../lib/observers/screen/panels/tags.js';
import { FIRST_STATE, type ScreenState } from '../../../../lib/observers/screen/screenState.js';
import { RunView } from '../../../../lib/view/runView.js';
import { tagRows } from '../../../../lib/view/tagRows.js';
import { command } from '../../../../operators/ticks/command.js';
import { commandAt, progress, START, windowAt } from '../../view/sampleEvents.js';
import { shopEvents, shopView, withWorkers } from './shopRun.js';

const shown = (view: RunView, state: Partial<ScreenState> = {}): Shown => ({
  view,
  at: view.now + 100,
  state: { ...FIRST_STATE, ...state },
});
const drawn = (view: RunView, columns: number, rows: number, state: Partial<ScreenState> = {}): string =>
  new Frames()
    .draw(shown(view, state), { columns, rows })
    .map((line) => paint(line, 0).trimEnd())
    .join('\n');

/** Compares with a file; `UPDATE=1` writes it. */
function golden(name: string, text: string): void {
  const file = fileURLToPath(new URL(`./golden/${name}.txt`, import.meta.url));
  if (process.env.UPDATE === '1') writeFileSync(file, `${text}\n`);
  assert.equal(`${text}\n`, readFileSync(file, 'utf8'));
}

describe('frames of the screen', () => {
  for (const [columns, rows] of [
    [80, 24],
    [120, 40],
    [200, 60],
    [40, 10],
  ] as const)
    it(`${columns} x ${rows}`, () => golden(`${columns}x${rows}`, drawn(shopView(26), columns, rows)));

  it('before the first window', () => golden('start', drawn(shopFrom(0), 80, 24)));
  it('the whole run, one pool, sorted by errors, with a filter', () =>
    golden(
      'chosen',
      drawn(shopView(26), 120, 24, { windowMs: Number.POSITIVE_INFINITY, pool: 'shop', sort: 'errors', filter: 'A' }),
    ));
  it('workers: the lost and the late ones first, as many as there is room for', () => {
    golden('workers', drawn(withWorkers(26, 9), 120, 44));
    golden('workers-small', drawn(withWorkers(26, 9), 80, 24));
  });
  it('the help', () => golden('help', drawn(shopView(3), 80, 24, { help: true })));

  it('property: a frame has exactly the size of the terminal, whatever the size and the state', () => {
    const view = shopView(9);
    const state = fc.record({
      windowMs: fc.constantFrom(1000, 10_000, Number.POSITIVE_INFINITY),
      sort: fc.constantFrom('count' as const, 'tag' as const, 'p99' as const),
      scroll: fc.nat(9),
      filter: fc.constantFrom('', 'カ', 'none'),
      pool: fc.constantFrom(undefined, 'shop', 'gone'),
      help: fc.boolean(),
      prompt: fc.constantFrom(
        undefined,
        { about: 'stop' as const, text: '' },
        { about: 'note' as const, text: '界'.repeat(99) },
      ),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 210 }), fc.integer({ min: 1, max: 70 }), state, (columns, rows, chosen) => {
        const lines = new Frames().draw(shown(view, chosen), { columns, rows });
        assert.equal(lines.length, rows);
        for (const line of lines) assert.equal(lineWidth(line), columns, paint(line, 0));
      }),
    );
  });

  it('property: a frame that is drawn with kept parts is the frame that is drawn anew', () => {
    const kept = new Frames();
    const view = new RunView();
    for (const event of shopEvents(8)) {
      view.add(event);
      const now = shown(view);
      const size = { columns: 120, rows: 44 };
      assert.deepEqual(kept.draw(now, size), new Frames().draw(now, size));
    }
  });

  it('no frame has an escape code without colours, also with a tag that contains one', () => {
    const text = drawn(shopView(5), 120, 40);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the codes are what it looks for.
    assert.doesNotMatch(text, /[\x00-\x09\x0b-\x1f]/);
    assert.match(text, /pay\?\[31m/);
  });

  it('says that it is paused, and that a run is over and how', () => {
    const view = shopFrom(3);
    view.add(commandAt(3, command.pause()));
    assert.match(drawn(view, 80, 24), /PAUSED/);
    view.add({ type: 'pool-stopped', pool: 'shop', at: START + 4000, reason: 'errors > 5%' });
    view.add({ type: 'pool-finished', pool: 'api', at: START + 4000, progress: progress() });
    assert.match(drawn(view, 80, 24), /stopped: errors > 5%/);
    view.add({
      type: 'run-finished',
      at: START + 5000,
      summaries: [],
      failure: { code: undefined, message: 'no gun' },
    });
    assert.match(drawn(view, 80, 24), /failed/);
    assert.match(drawn(view, 80, 24), /failure +no gun/);
  });

  it('counts what was not shot, and statuses that have no room', () => {
    const view = shopFrom(0);
    const statuses = Array.from({ length: 12 }, (_, i) => ({ ms: 1, fields: { protoCode: 200 + i } }));
    const lost = [{ ms: 1, fields: { outcome: 'discarded' as const } }];
    const window = windowAt(0, [...statuses, ...lost], { withoutAmmo: 3 });
    view.add({ type: 'window', pool: 'shop', at: START + 1000, window });
    const text = drawn(view, 80, 24);
    assert.match(text, /8 more +8/);
    assert.match(text, /discarded +1/);
    assert.match(text, /no ammo +3/);
  });
});

function shopFrom(until: number): RunView {
  const view = new RunView();
  for (const event of shopEvents(until)) view.add(event);
  return view;
}

describe('sortedRows', () => {
  const rows = tagRows(
    windowAt(0, [
      { ms: 30, fields: { tag: 'b' } },
      { ms: 10, fields: { tag: 'a', protoCode: 503 } },
      { ms: 10, fields: { tag: 'a' } },
      { ms: 20, fields: { tag: '' } },
    ]),
  );
  const order = (state: Partial<ScreenState>): readonly string[] =>
    sortedRows(rows, { ...FIRST_STATE, ...state }).map(({ tag }) => tag);

  it('sorts numbers from the largest, names from A to Z, and both in reverse', () => {
    assert.deepEqual(order({ sort: 'count' }), ['a', '', 'b']);
    assert.deepEqual(order({ sort: 'p99' }), ['b', '', 'a']);
    assert.deepEqual(order({ sort: 'errors' })[0], 'a');
    assert.deepEqual(order({ sort: 'max', ascending: true }), ['a', '', 'b']);
    assert.deepEqual(
      [order({ sort: 'tag' }), order({ sort: 'tag', ascending: true })],
      [
        ['', 'a', 'b'],
        ['b', 'a', ''],
      ],
    );
  });

  it('filters by the shown name, without regard to case', () => {
    assert.deepEqual([order({ filter: 'A' }), order({ filter: 'no tag' })], [['a', ''], ['']]);
  });
});
