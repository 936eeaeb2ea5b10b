import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { docstringExamples } from './examples/docstringExamples.js';
import type { Example } from './examples/example.js';
import { fencedExamples } from './examples/fencedExamples.js';
import { freeNames } from './examples/freeNames.js';
import { problemsOfExamples } from './examples/problemsOfExamples.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const filesIn = (folder: string, end: string): string[] =>
  readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(end) && !file.includes('node_modules'))
    .map((file) => `${folder}/${file.replaceAll('\\', '/')}`)
    .sort();

const read = (file: string): string => readFileSync(`${ROOT}${file}`, 'utf8');

/** Wrong examples and their errors. */
const WRONG: readonly [what: string, code: string, said: RegExp | undefined][] = [
  ['a name that is not declared', 'nobody.pipe(map(String));', /^docs\/wrong\.md:1: Cannot find name 'nobody'/],
  [
    'a type error in the second line',
    "const a = 1;\nconst b: string = a;\nof('');",
    /^docs\/wrong\.md:2: Type 'number'/,
  ],
  ['a syntax error', 'const = 1;', /^docs\/wrong\.md:1: /],
  [
    'an option that does not exist',
    "constant({ ops: 1, length: '1s' });",
    /^docs\/wrong\.md:1: .*'length' does not exist/,
  ],
  ['a part of an object, which would pass as a block', '{ ops: 1 }', /^docs\/wrong\.md:1: Unused label/],
  ['a type imported as a value', "import { Tick } from 'elpis';\nof<Tick>();", /^docs\/wrong\.md:1: 'Tick' is a type/],
  [
    'an internal symbol in a document',
    'new IterableCursor([1]);',
    /^docs\/wrong\.md:1: Cannot find name 'IterableCursor'/,
  ],
  [
    'what is given, imported and awaited is right',
    'await lastValueFrom(samples.pipe(map(({ tag }) => tag)));',
    undefined,
  ],
];

describe('the examples in docstrings and documents', () => {
  it('compile without changes, and wrong ones do not', () => {
    const sources = ['lib', 'operators'].flatMap((folder) => filesIn(folder, '.ts'));
    const documents = ['README.md', 'CONTRIBUTING.md', ...filesIn('docs', '.md'), ...filesIn('examples', '.md')];
    const examples = [
      ...sources.flatMap((file) => docstringExamples(file, read(file))),
      ...documents.flatMap((file) => fencedExamples(file, read(file).split('\n'))),
    ];
    assert.ok(examples.length > 100, `only ${examples.length} examples were found`);
    const wrong = WRONG.map(([, code]): Example => ({ file: 'docs/wrong.md', line: 1, code, continues: false }));
    const issues = problemsOfExamples([...examples, ...wrong], ROOT);
    const found = issues.slice(0, examples.length).flat();
    assert.ok(found.length === 0, `of ${examples.length} examples, these do not compile:\n${found.join('\n')}`);
    for (const [i, [what, , said]] of WRONG.entries()) {
      const about = issues[examples.length + i] ?? [];
      if (said === undefined) assert.deepEqual(about, [], what);
      else assert.match(about.join('\n'), said, what);
    }
  });

  it('are found in docstrings, by tag and by fence', () => {
    const text = `/** One line. @example once({ times: 1 }) */
export const a = 1;
/**
 * Text with an e@example.org, and a picture:
 *
 * \`\`\`text
 * a--b
 * \`\`\`
 *
 * @example
 * first();
 *   second();
 * @throws never
 * @example Titled
 * \`\`\`ts
 * third();
 * \`\`\`
 */
const b = 2;`;
    const found = docstringExamples('x.ts', text).map(({ line, code, of }) => [line, code, of]);
    assert.deepEqual(found, [
      [1, 'once({ times: 1 })', 'a'],
      [11, 'first();\n  second();', undefined],
      [16, 'third();', undefined],
    ]);
  });

  it('are found in documents: only ts, and each with its line', () => {
    const text = 'Text\n```sh\nnpm test\n```\n```ts\na;\n```\n  ```ts continues\n  b;\n  ```\n';
    assert.deepEqual(fencedExamples('x.md', text.split('\n')), [
      { file: 'x.md', line: 6, code: 'a;', continues: false },
      { file: 'x.md', line: 9, code: '  b;', continues: true },
    ]);
    assert.throws(() => fencedExamples('x.md', ['```js', 'a', '```']), /^Error: x\.md:1: a fence says js; write ts/);
  });

  it('use the names that they do not declare', () => {
    const code = `import { own, theirs as mine } from 'x';
const { a: b = used, ...c } = { d: 1, short };
function f<T>(g: T): Named<T> { return h.i(g, own, mine, b, c); }
label: for (const k of []) { if (k) continue label; }
type L = { m: Spoken.inner; n(): void };
class O { p = q; r() { return this.p; } }
f; type U = L; new O();`;
    assert.deepEqual(freeNames(code), ['used', 'short', 'Named', 'h', 'Spoken', 'q']);
  });
});
