import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const text = readFileSync(join(ROOT, 'docs/ARCHITECTURE.md'), 'utf8');

/** A hop of the way of a tick: what the row says, and the files that it names. */
interface Hop {
  readonly says: string;
  readonly files: readonly string[];
}

/** The files in a cell; one without a folder is beside the one before it. */
function filesIn(cell: string): string[] {
  const files: string[] = [];
  for (const [, name = ''] of cell.matchAll(/`([^`]+\.ts)`/g))
    files.push(name.includes('/') ? name : join(dirname(files.at(-1) ?? ''), name));
  return files;
}

/** The rows of the table below a heading, such as `firing it`. */
function hopsOf(heading: string): Hop[] {
  const [, table = ''] = text.split(`| | ${heading} | file |`);
  const [rows = ''] = table.split('\n\n');
  return rows
    .split('\n')
    .map((row) => row.split('|').map((cell) => cell.trim()))
    .filter(([, number]) => /^\d+$/.test(number ?? ''))
    .map(([, , says = '', cell = '']) => ({ says, files: filesIn(cell) }));
}

/** The names of classes, methods and functions in a text: `Firing.#fireDue` has two. */
const namesIn = (says: string): string[] =>
  [...says.matchAll(/`([^`]+)`/g)].flatMap(([, code = '']) => code.split('.')).filter((name) => /^#?\w+$/.test(name));

describe('the way of one tick in ARCHITECTURE.md', () => {
  for (const [heading, most] of [
    ['drawing a shot', 10],
    ['firing it', 8],
    ['and back', 14],
  ] as const) {
    const hops = hopsOf(heading);

    it(`${heading}: at most ${most} hops`, () => assert.ok(hops.length > 0 && hops.length <= most, `${hops.length}`));

    for (const { says, files } of hops)
      it(`${heading}: ${says} is in ${files.join(' and ')}`, () => {
        assert.deepEqual(
          files.filter((file) => !existsSync(join(ROOT, file))),
          [],
        );
        const sources = files.map((file) => readFileSync(join(ROOT, file), 'utf8')).join('\n');
        const missing = namesIn(says).filter(
          (name) => !new RegExp(`${name.startsWith('#') ? '' : '\\b'}${name}\\b`).test(sources),
        );
        assert.deepEqual(missing, []);
      });
  }
});

describe('ARCHITECTURE.md', () => {
  it('names only files and folders that exist', () => {
    const named = [...text.matchAll(/`((?:lib|operators|spec|bench|examples|scripts|docs)\/[\w./-]+)`/g)].map(
      ([, name]) => String(name),
    );
    assert.ok(named.length > 40, `${named.length} names`);
    assert.deepEqual(
      named.filter((name) => !existsSync(join(ROOT, name))),
      [],
    );
  });

  it('has each word of its table once, with the file of its contract', () => {
    const [, table = ''] = text.split('| word | is | file |');
    const rows = (table.split('\n\n')[0] ?? '').split('\n').filter((row) => row.startsWith('| **'));
    const words = rows.map((row) => /\*\*(.+?)\*\*/.exec(row)?.[1] ?? '');
    assert.ok(words.length > 20, `${words.length} words`);
    assert.deepEqual([...new Set(words)], words);
    for (const row of rows) assert.match(row, /`(lib|operators)\/[^`]+\.ts` \|$/);
  });
});
