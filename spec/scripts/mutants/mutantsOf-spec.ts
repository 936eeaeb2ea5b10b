import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runInNewContext } from 'node:vm';
import ts from 'typescript';
import { mutantsOf } from '../../../scripts/mutants/mutantsOf.js';

/** Runs an instrumented text with one mutant on, and returns what it assigned to `out`. */
function outOf(text: string, active: number): unknown {
  const { outputText } = ts.transpileModule(text, { compilerOptions: { target: ts.ScriptTarget.ES2023 } });
  return runInNewContext(`let out; ${outputText}; out`, { __mutant: (id: number) => id === active });
}

describe('mutantsOf', () => {
  const rows: readonly [source: string, out: unknown, mutants: [shown: string, out: unknown][]][] = [
    [
      'out = 2 < 2;',
      false,
      [
        ['out = 2 < 2; is removed', undefined],
        ['< → <=', true],
      ],
    ],
    [
      'out = 2 <= 2;',
      true,
      [
        ['out = 2 <= 2; is removed', undefined],
        ['<= → <', false],
      ],
    ],
    [
      'out = 2 > 2;',
      false,
      [
        ['out = 2 > 2; is removed', undefined],
        ['> → >=', true],
      ],
    ],
    [
      'out = 2 >= 2;',
      true,
      [
        ['out = 2 >= 2; is removed', undefined],
        ['>= → >', false],
      ],
    ],
    [
      'const x = 1 === 1; out = x;',
      true,
      [
        ['=== → !==', false],
        ['out = x; is removed', undefined],
      ],
    ],
    [
      'const x = 0 || 5; out = x;',
      5,
      [
        ['|| → &&', 0],
        ['out = x; is removed', undefined],
      ],
    ],
    [
      'const x = 0 && 5; out = x;',
      0,
      [
        ['&& → ||', 5],
        ['out = x; is removed', undefined],
      ],
    ],
    [
      'const x = 7 % 4 + 1; out = x;',
      4,
      [
        ['+ → -', 2],
        ['% → *', 29],
        ['out = x; is removed', undefined],
      ],
    ],
    ["const x = 'a' + 'b'; out = x;", 'ab', [['out = x; is removed', undefined]]],
    [
      'const x = Math.min(1, 2); out = x;',
      1,
      [
        ['Math.min → Math.max', 2],
        ['out = x; is removed', undefined],
      ],
    ],
    [
      'const LIMIT = 64; out = LIMIT;',
      64,
      [
        ['64 → 65', 65],
        ['out = LIMIT; is removed', undefined],
      ],
    ],
    ['const other = 64; out = other;', 64, [['out = other; is removed', undefined]]],
    [
      'const { a = 3 } = {} as { a?: number }; out = a;',
      3,
      [
        ['3 → 4', 4],
        ['out = a; is removed', undefined],
      ],
    ],
    [
      'const x = { on: true }; out = x.on;',
      true,
      [
        ['true → false', false],
        ['out = x.on; is removed', undefined],
      ],
    ],
    [
      'const f = (x: number): number => x; out = f(5);',
      5,
      [
        ['return x → return 0', 0],
        ['out = f(5); is removed', undefined],
      ],
    ],
    [
      'const f = (x: string): string => x; out = f("a");',
      'a',
      [
        ["return x → return ''", ''],
        ['out = f("a"); is removed', undefined],
      ],
    ],
    [
      'const f = (x: boolean): boolean => x; out = f(true);',
      true,
      [
        ...([
          ['return x → return true', true],
          ['return x → return false', false],
        ] as [string, unknown][]),
        ...([
          ['out = f(true); is removed', undefined],
          ['true → false', false],
        ] as [string, unknown][]),
      ],
    ],
    [
      'let x = 1; x += 2; out = x;',
      3,
      [
        ['x += 2; is removed', 1],
        ['+= → -=', -1],
        ['out = x; is removed', undefined],
      ],
    ],
    [
      'let x = 1; const y = x++; out = x + y;',
      3,
      [
        ['x++ → x--', 1],
        ['out = x + y; is removed', undefined],
        ['+ → -', 1],
      ],
    ],
    [
      'const f = (x: unknown) => { if (x) return 1; return 2; }; out = f(0);',
      2,
      [
        ['x → !(x)', 1],
        ['if (x) is dropped', 2],
        ['out = f(0); is removed', undefined],
      ],
    ],
    [
      'if (true) if (out) out = 1; else out = 2;',
      2,
      [
        ['true → false', undefined],
        ['out → !(out)', 1],
        ['out = 1; is removed', 2],
        ['out = 2; is removed', undefined],
      ],
    ],
  ];
  for (const [source, out, expected] of rows) {
    it(source, () => {
      const { text, mutants } = mutantsOf('a.ts', source, 10);
      const body = text.slice(text.indexOf('\n'));
      assert.equal(outOf(body, -1), out, 'without a mutant it is what it was');
      assert.deepEqual(
        mutants.map(({ id, shown }) => [shown, outOf(body, id)]),
        expected,
      );
    });
  }

  it('numbers them in the order of the text and has their places', () => {
    const { mutants } = mutantsOf('lib/a.ts', 'const a = 1;\nconst b =\n  a < 2;\nconst c = a + b;\n', 40);
    assert.deepEqual(mutants, [
      { id: 40, file: 'lib/a.ts', line: 3, column: 3, mutator: 'boundary', shown: '< → <=', code: 'a < 2;' },
      {
        id: 41,
        file: 'lib/a.ts',
        line: 4,
        column: 11,
        mutator: 'arithmetic',
        shown: '+ → -',
        code: 'const c = a + b;',
      },
    ]);
  });

  const none = [
    'type A = true | 1;',
    "import { a } from './a.js';",
    "'use strict';",
    'while (true) break;',
    'interface A { b: 1 }',
  ];
  for (const source of none)
    it(`does not change: ${source}`, () => assert.deepEqual(mutantsOf('a.ts', source).mutants, []));

  it('does not change the call of super', () => {
    const { mutants } = mutantsOf('a.ts', 'class A extends B { constructor() { super(); } }');
    assert.deepEqual(mutants, []);
  });
});
