import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import * as operators from '../../operators/index.js';

const doc = readFileSync(new URL('../../docs/OPERATORS.md', import.meta.url), 'utf8');

/** Cells of every row that names an operator; a `|` inside a cell is escaped. */
const rows = doc
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()));
const nameIn = ([, name = '']: readonly string[]): string => name.replaceAll('`', '');

describe('docs/OPERATORS.md', () => {
  it('has exactly one row for each export of elpis/operators', () => {
    assert.deepEqual(rows.map(nameIn).sort(), Object.keys(operators).sort());
  });

  it('has a sentence in each row, and as many cells as its table has columns', () => {
    for (const row of rows) {
      assert.equal(row.length, 7, `${nameIn(row)} has ${row.length - 2} cells`);
      assert.notEqual(row[2], '', nameIn(row));
    }
  });

  it('has the groups in the order in which values pass them', () => {
    const groups = [...doc.matchAll(/^## (.+)$/gm)].map(([, group]) => group);
    assert.deepEqual(groups, ['Pacing', 'Matching', 'Firing', 'Lifecycle', 'Reporting', 'Control']);
  });
});
