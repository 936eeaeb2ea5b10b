import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { functionLengthsOf } from './functionLengths.js';

describe('functionLengthsOf', () => {
  const rows: readonly [sentence: string, text: string, lengths: readonly string[]][] = [
    ['the lines between the braces', 'function f() {\n  a();\n  b();\n}', ['f 2 in line 1']],
    ['a body on one line has none', 'const f = () => { a(); };', ['f 0 in line 1']],
    [
      'empty lines and comments do not count',
      'function f() {\n\n  // a\n  /** b\n   * c */\n  a();\n}',
      ['f 1 in line 1'],
    ],
    ['a line with code and a comment counts', 'function f() {\n  a(); // a\n}', ['f 1 in line 1']],
    ['every line of a text counts', 'function f() {\n  a(`1\n2\n3`);\n}', ['f 3 in line 1']],
    [
      'a function inside counts for both',
      'function f() {\n  const g = () => {\n    a();\n  };\n}',
      ['f 3 in line 1', 'g 1 in line 2'],
    ],
    ['a method', 'class C {\n  #m() {\n    a();\n  }\n}', ['#m 1 in line 2']],
    ['a constructor', 'class C {\n  constructor() {\n    a();\n  }\n}', ['constructor 1 in line 2']],
    ['an accessor', 'class C {\n  get a() {\n    return 1;\n  }\n}', ['a 1 in line 2']],
    ['the value of a key', 'f({\n  run: () => {\n    a();\n  },\n});', ['run 1 in line 2']],
    [
      'a function without a name has that of the one around it',
      'function f() {\n  return () => {\n    a();\n  };\n}',
      ['f 3 in line 1', 'f 1 in line 2'],
    ],
    ['an arrow function that returns a value', 'const f = () =>\n  g(\n    1,\n  );', ['f 1 in line 1']],
    [
      'a declaration without a body is none',
      'declare function f(): void;\nabstract class C {\n  abstract m(): void;\n}',
      [],
    ],
  ];
  for (const [sentence, text, lengths] of rows)
    it(sentence, () => {
      const found = functionLengthsOf('source.ts', text).map(
        ({ name, lines, line }) => `${name} ${lines} in line ${line}`,
      );
      assert.deepEqual(found, lengths);
    });

  it('reads markup', () => {
    const text = 'function F() {\n  return (\n    <p>\n      a\n    </p>\n  );\n}';
    assert.deepEqual(functionLengthsOf('source.tsx', text), [{ name: 'F', line: 1, lines: 5 }]);
  });
});
