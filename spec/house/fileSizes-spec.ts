import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type File, fileSizesOf, fileSizesText } from './fileSizes.js';

const file = (path: string, lines: number, ...imports: string[]): File => ({
  path,
  text: [...imports, ...Array<string>(lines - imports.length).fill('x;')].join('\n').concat('\n'),
});

describe('fileSizesOf', () => {
  it('takes the median of the files that are not barrels', () => {
    const odd = [file('lib/a.ts', 10), file('lib/b.ts', 50), file('lib/c.ts', 90), file('lib/index.ts', 300)];
    assert.equal(fileSizesOf(odd).median, 50);
    assert.equal(fileSizesOf(odd).files, 3);
    assert.equal(fileSizesOf([...odd, file('lib/d.ts', 60)]).median, 55);
    assert.equal(fileSizesOf([]).median, 0);
  });

  it('a file is tiny with 15 lines, and too long with 301', () => {
    const { tiny, tinyShare, over } = fileSizesOf([
      ...[file('lib/15.ts', 15), file('lib/16.ts', 16), file('lib/300.ts', 300), file('lib/301.ts', 301)],
    ]);
    assert.deepEqual([tiny, tinyShare, over], [['lib/15.ts'], 0.25, ['lib/301.ts']]);
  });

  describe('a private file with one importer, under 60 lines, is single-use', () => {
    const user = (...imports: string[]): File => file('lib/x/user.ts', 70, ...imports);
    const rows: readonly [sentence: string, tree: File[], singleUse: string[]][] = [
      ['one importer', [user("import { a } from './a.js';"), file('lib/x/a.ts', 59)], ['lib/x/a.ts']],
      [
        'an importer that has at most 150 lines together with the file',
        [file('lib/x/user.ts', 100, "import { a } from './a.js';"), file('lib/x/a.ts', 50)],
        ['lib/x/a.ts'],
      ],
      [
        'an importer that has 151 lines together with the file',
        [file('lib/x/user.ts', 101, "import { a } from './a.js';"), file('lib/x/a.ts', 50)],
        [],
      ],
      ['a file of 60 lines', [user("import { a } from './a.js';"), file('lib/x/a.ts', 60)], []],
      ['an import of types counts', [user("import type { A } from './a.js';"), file('lib/x/a.ts', 9)], ['lib/x/a.ts']],
      [
        'an importer in the folder above',
        [user("import { a } from './y/a.js';"), file('lib/x/y/a.ts', 9)],
        ['lib/x/y/a.ts'],
      ],
      [
        'an importer in another folder of the layers',
        [user("import { a } from '../y/a.js';"), file('lib/y/a.ts', 9)],
        [],
      ],
      [
        'all operators count as one folder',
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
      ['the import of a package', [user("import { a } from 'rxjs';"), file('lib/rxjs.ts', 9)], []],
    ];
    for (const [sentence, tree, singleUse] of rows)
      it(sentence, () => {
        assert.deepEqual(
          fileSizesOf(tree).singleUse.map(({ path }) => path),
          singleUse,
        );
      });
  });

  it('is shown as numbers', () => {
    const text = fileSizesText(
      fileSizesOf([
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
