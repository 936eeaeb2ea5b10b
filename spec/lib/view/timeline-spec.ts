import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { mergeWindows, type Window } from '../../../lib/measure/window.js';
import { Timeline, withoutTags } from '../../../lib/view/timeline.js';
import { windowAt } from './sampleEvents.js';

const ENDLESS = { slots: 1e9, values: 1e9 };
const timeline = (windows: readonly Window[], limits: Partial<typeof ENDLESS> = {}): Timeline => {
  const line = new Timeline({ ...ENDLESS, ...limits });
  for (const window of windows) line.add(window);
  return line;
};
const ended = ({ slots }: Timeline): readonly (readonly [number, number])[] =>
  slots.map(({ number, window }) => [number, window.total.ended]);
const seconds = (...counts: readonly number[]): readonly Window[] =>
  counts.map((count, second) =>
    windowAt(
      second,
      Array.from({ length: count }, () => ({ ms: 10 })),
    ),
  );

const tag = fc.constantFrom('a', 'b', '__proto__');
const sample = fc.record({ second: fc.nat(40), ms: fc.nat(3000), fields: fc.record({ tag }) });
const samples = fc.array(sample, { minLength: 1, maxLength: 80 });
/** A window of each second with samples, in order of time. */
const windowsOf = (list: readonly { second: number; ms: number; fields: { tag: string } }[]): readonly Window[] =>
  [...new Set(list.map(({ second }) => second))]
    .sort((a, b) => a - b)
    .map((second) =>
      windowAt(
        second,
        list.filter((one) => one.second === second),
      ),
    );

describe('Timeline', () => {
  it('has a slot for each second', () =>
    assert.deepEqual(ended(timeline(seconds(1, 2, 3))), [
      [0, 1],
      [1, 2],
      [2, 3],
    ]));

  it('merges windows of the same second, such as those of two pools', () => {
    const [first, second] = seconds(1, 2) as [Window, Window];
    assert.deepEqual(ended(timeline([first, second, first, second])), [
      [0, 2],
      [1, 4],
    ]);
  });

  it('puts a partial first window and a partial last window into the slots of their seconds', () => {
    const first = { ...windowAt(0, [{ ms: 1 }]), from: windowAt(0, []).from + 900 };
    const last = windowAt(2, [{ ms: 1 }]);
    const cut = { ...last, to: last.from + 20 };
    assert.deepEqual(ended(timeline([first, ...seconds(0, 5).slice(1), cut])), [
      [0, 1],
      [1, 5],
      [2, 1],
    ]);
  });

  it('puts a late window into its place in time', () => {
    const [a, b, c] = seconds(1, 2, 3) as [Window, Window, Window];
    assert.deepEqual(ended(timeline([b, c, a])), [
      [-1, 1],
      [0, 2],
      [1, 3],
    ]);
  });

  it('merges neighbours pairwise beyond the limit of slots, all to the same length', () => {
    const line = timeline(seconds(1, 1, 1, 1, 1), { slots: 4 });
    assert.deepEqual(
      [line.slotMs, ended(line)],
      [
        2000,
        [
          [0, 2],
          [1, 2],
          [2, 1],
        ],
      ],
    );
    const longer = timeline(seconds(...Array.from({ length: 100 }, () => 1)), { slots: 4 });
    assert.deepEqual(
      [longer.slotMs, ended(longer)],
      [
        32_000,
        [
          [0, 32],
          [1, 32],
          [2, 32],
          [3, 4],
        ],
      ],
    );
  });

  it('keeps gaps: slots are by time, not by number', () => {
    const [a] = seconds(1) as [Window];
    const line = timeline([a, windowAt(9, [{ ms: 1 }]), windowAt(10, [{ ms: 1 }])], { slots: 2 });
    assert.deepEqual(
      [line.slotMs, ended(line)],
      [
        4000,
        [
          [0, 1],
          [2, 2],
        ],
      ],
    );
  });

  it('merges beyond the limit of numbers, whatever the tags are', () => {
    const spread = (second: number): Window =>
      windowAt(
        second,
        Array.from({ length: 100 }, (_, i) => ({ ms: i, fields: { tag: `t${i % 10}` } })),
      );
    const line = timeline(
      Array.from({ length: 500 }, (_, second) => spread(second)),
      { values: 50_000 },
    );
    const values = line.slots.reduce((sum, slot) => sum + slot.values, 0);
    assert.ok(values <= 50_000, `${values}`);
    assert.ok(line.slots.length > 5, `${line.slots.length}`);
    assert.equal(
      line.slots.reduce((sum, { window }) => sum + window.total.ended, 0),
      50_000,
    );
  });

  it('a single slot may have more numbers than the limit', () =>
    assert.deepEqual(ended(timeline(seconds(1, 1), { values: 0 })), [[0, 2]]));

  it('property: the slots, merged, are the window of the whole run, for any limits', () => {
    fc.assert(
      fc.property(
        samples,
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 0, max: 2000 }),
        (list, slots, values) => {
          const windows = windowsOf(list);
          const line = timeline(windows, { slots, values });
          assert.ok(line.slots.length <= slots);
          assert.deepEqual(line.slots.map(({ window }) => window).reduce(mergeWindows), windows.reduce(mergeWindows));
        },
      ),
    );
  });

  it('property: the timeline of merged windows is the timeline of the parts, in any order after the first', () => {
    const parts = fc.tuple(samples, samples, fc.integer({ min: 1, max: 12 }), fc.infiniteStream(fc.nat()));
    fc.assert(
      fc.property(parts, ([a, b, slots, order]) => {
        const zero = windowAt(0, []);
        const whole = timeline([zero, ...windowsOf([...a, ...b])], { slots });
        const shuffled = [...windowsOf(a), ...windowsOf(b)]
          .map((window) => ({ window, key: order.next().value as number }))
          .sort((x, y) => x.key - y.key)
          .map(({ window }) => window);
        const merged = timeline([zero, ...shuffled], { slots });
        assert.equal(merged.slotMs, whole.slotMs);
        assert.deepEqual(
          merged.slots.map(({ number, point, window }) => [number, point, window.tags]),
          whole.slots.map(({ number, point, window }) => [number, point, window.tags]),
        );
      }),
    );
  });

  it('returns the window of a span and of the last milliseconds', () => {
    const line = timeline(seconds(1, 2, 4, 8));
    const { from } = windowAt(0, []);
    assert.equal(line.between(from + 1000, from + 3000).total.ended, 6);
    assert.equal(line.between(from + 9000, from + 9999).total.ended, 0);
    assert.deepEqual(
      [0, 1000, 2000, 9000].map((ms) => line.last(ms).total.ended),
      [8, 8, 12, 15],
    );
    assert.equal(timeline([]).last(1000).total.ended, 0);
  });

  it('withoutTags keeps what the plan counts: scenarios, as one row', () => {
    const scenario = (name: string) => ({ ms: 5, fields: { tag: name, scope: 'scenario' as const } });
    const window = windowAt(0, [{ ms: 1, fields: { tag: 'a' } }, scenario('x'), scenario('y')]);
    const bare = withoutTags(window);
    assert.deepEqual([bare.tags.size, bare.groups.size, bare.total], [0, 0, window.total]);
    assert.deepEqual(
      [...bare.scenarios].map(([name, { ended: count }]) => [name, count]),
      [['', 2]],
    );
    assert.deepEqual([...withoutTags(windowAt(0, [{ ms: 1 }])).scenarios], []);
  });
});
