import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type File, grainOf, grainText } from './grain.js';

const file = (path: string, lines: number, ...imports: string[]): File => ({
  path,
  text: [...imports, ...Array<string>(lines - imports.length).fill('x;')].join('\n').concat('\n'),
});

describe('grainOf', () => {
  it('takes the median of the files that are no barrels', () => {
    const odd = [file('lib/a.ts', 10), file('lib/b.ts', 50), file('lib/c.ts', 90), file('lib/index.ts', 300)];
    assert.equal(grainOf(odd).median, 50);
    assert.equal(grainOf(odd).files, 3);
    assert.equal(grainOf([...odd, file('lib/d.ts', 60)]).median, 55);
    assert.equal(grainOf([]).median, 0);
  });

  it('a crumb has 15 lines, a file that is too long 301', () => {
    const { crumbs, crumbShare, over } = grainOf([
      ...[file('lib/15.ts', 15), file('lib/16.ts', 16), file('lib/300.ts', 300), file('lib/301.ts', 301)],
    ]);
    assert.deepEqual([crumbs, crumbShare, over], [['lib/15.ts'], 0.25, ['lib/301.ts']]);
  });

  describe('a private file with one importer, under 60 lines, is lonely', () => {
    const user = (...imports: string[]): File => file('lib/x/user.ts', 70, ...imports);
    const rows: readonly [sentence: string, tree: File[], lonely: string[]][] = [
      ['one importer', [user("import { a } from './a.js';"), file('lib/x/a.ts', 59)], ['lib/x/a.ts']],
      [
        'an importer that has room for it, up to 150 lines together',
        [file('lib/x/user.ts', 100, "import { a } from './a.js';"), file('lib/x/a.ts', 50)],
        ['lib/x/a.ts'],
      ],
      [
        'an importer without room',
        [file('lib/x/user.ts', 101, "import { a } from './a.js';"), file('lib/x/a.ts', 50)],
        [],
      ],
      ['60 lines are enough', [user("import { a } from './a.js';"), file('lib/x/a.ts', 60)], []],
      ['an import of types counts', [user("import type { A } from './a.js';"), file('lib/x/a.ts', 9)], ['lib/x/a.ts']],
      [
        'from a folder beside or below',
        [user("import { a } from './y/a.js';"), file('lib/x/y/a.ts', 9)],
        ['lib/x/y/a.ts'],
      ],
      ['from another room, where it belongs', [user("import { a } from '../y/a.js';"), file('lib/y/a.ts', 9)], []],
      [
        'operators are one room',
        [file('operators/a/b.ts', 70, "import { c } from '../c/d.js';"), file('operators/c/d.ts', 9)],
        ['operators/c/d.ts'],
      ],
      [
        'two importers',
        [
          user("import { a } from './a.js';"),
          file('lib/y.ts', 70, "import { a } from './x/a.js';"),
          file('lib/x/a.ts', 9),
        ],
        [],
      ],
      ['no importer: the start of a program', [user(), file('lib/x/a.ts', 9)], []],
      ['a file that is loaded when it is needed', [user("const a = import('./a.js');"), file('lib/x/a.ts', 9)], []],
      [
        'a public file',
        [
          user("import { a } from './a.js';"),
          file('lib/x/a.ts', 9),
          file('lib/index.ts', 2, "export { a } from './x/a.js';"),
        ],
        [],
      ],
      ['a package is no file', [user("import { a } from 'rxjs';"), file('lib/rxjs.ts', 9)], []],
    ];
    for (const [sentence, tree, lonely] of rows)
      it(sentence, () => {
        assert.deepEqual(
          grainOf(tree).lonely.map(({ path }) => path),
          lonely,
        );
      });
  });

  it('is shown as numbers', () => {
    const text = grainText(
      grainOf([
        file('lib/x/user.ts', 90, "import { a } from './a.js';"),
        file('lib/x/a.ts', 9),
        file('lib/x/b.ts', 301),
      ]),
    );
    assert.equal(
      text,
      `3 files, median 90 lines
1 files (33.3 %) below 16 lines: lib/x/a.ts
1 files over 300 lines: lib/x/b.ts
1 private files under 60 lines with one importer:
  lib/x/a.ts (9) belongs in lib/x/user.ts`,
    );
  });
});
