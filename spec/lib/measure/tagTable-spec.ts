import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TagTable } from '../../../lib/measure/tagTable.js';

const table = (limit: number, told: string[] = []) =>
  new TagTable<{ readonly tag: string }>(
    limit,
    (tag) => ({ tag }),
    (tag) => told.push(tag),
  );

describe('TagTable', () => {
  it('has one entry per tag, in the order in which they came', () => {
    const tags = table(3);
    const first = tags.find('a');
    tags.find('b');
    assert.equal(tags.find('a'), first);
    assert.deepEqual([...tags.entries.keys()], ['a', 'b']);
  });

  it('has one entry for all beyond the limit, and counts their samples', () => {
    const told: string[] = [];
    const tags = table(1, told);
    for (const tag of ['a', 'b', 'c', 'b', 'a']) tags.find(tag);
    tags.find('d', 10);
    assert.deepEqual([...tags.entries.keys()], ['a', '(other tags)']);
    assert.deepEqual([tags.beyondLimit, told], [13, ['b']]);
  });

  it('does not count samples that are under that name already', () => {
    const tags = table(1);
    tags.find('a');
    assert.equal(tags.find(TagTable.OTHER).tag, '(other tags)');
    assert.equal(tags.beyondLimit, 0);
  });

  it('tells as many apart as the limit says, and opens one entry more at most', () => {
    const tags = table(3);
    const entries = ['a', 'b', 'c', 'd', 'e', 'f'].map((tag) => tags.find(tag).tag);
    assert.deepEqual(entries, ['a', 'b', 'c', ...Array<string>(3).fill('(other tags)')]);
    assert.equal(tags.entries.size, 4);
  });

  it('counts every sample beyond the limit, also when the same tag comes twice in a row or under the name of the rest', () => {
    const tags = table(1);
    for (const tag of ['a', 'b', 'b', TagTable.OTHER, 'b']) tags.find(tag);
    assert.equal(tags.beyondLimit, 3);
  });

  it('finds the tag of the last sample anew after another one', () => {
    const tags = table(2);
    const [a, b] = [tags.find('a'), tags.find('b')];
    assert.notEqual(a, b);
    assert.deepEqual([tags.find('a'), tags.find('a'), tags.find('b')], [a, a, b]);
  });

  it('needs no listener for the limit', () => {
    const tags = new TagTable(0, (tag) => tag);
    assert.deepEqual([tags.find('a'), tags.beyondLimit], ['(other tags)', 1]);
  });

  it('takes the empty tag for one like any other', () => {
    const tags = table(1);
    assert.equal(tags.find('').tag, '');
    assert.equal(tags.find('').tag, '');
    assert.equal(tags.beyondLimit, 0);
  });
});
