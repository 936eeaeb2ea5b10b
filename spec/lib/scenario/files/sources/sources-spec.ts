import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { CsvSource, VariableSource } from '../../../../../lib/scenario/files/model.js';
import { csvRows } from '../../../../../lib/scenario/files/sources/csvRows.js';
import { type LoadedSources, loadSources } from '../../../../../lib/scenario/files/sources/sources.js';
import { textTemplate } from '../../../../../lib/scenario/files/templates/template.js';
import type { GoMap, GoValue } from '../../../../../lib/scenario/files/values/goValue.js';
import { seededRandom } from '../../../../../lib/time/seededRandom.js';

const PRINT = { numbers: 'plain' } as const;
const folder = mkdtempSync(join(tmpdir(), 'elpis-sources-'));
after(() => rmSync(folder, { recursive: true }));

let files = 0;
function file(content: string): string {
  const path = join(folder, `file-${++files}`);
  writeFileSync(path, content);
  return path;
}

const csv = (content: string, more: Partial<CsvSource> = {}): VariableSource => ({
  path: ['variable_sources', 3],
  type: 'file/csv',
  name: 's',
  file: file(content),
  fields: [],
  ignoreFirstLine: false,
  delimiter: '',
  ...more,
});
const json = (content: string): VariableSource => ({
  path: ['variable_sources', 3],
  type: 'file/json',
  name: 's',
  file: file(content),
});
const variables = (values: Readonly<Record<string, unknown>>): VariableSource => ({
  path: ['variable_sources', 3],
  type: 'variables',
  name: 's',
  variables: values,
});

const load = (...sources: readonly VariableSource[]): LoadedSources => loadSources(sources, PRINT);
const loadedValue = (source: VariableSource): GoValue => {
  const { issues, values } = load(source);
  assert.deepEqual(issues, []);
  return values(seededRandom(1)).s;
};
const rowsOf = (source: VariableSource): object[] =>
  (loadedValue(source) as readonly GoMap[]).map((row) => ({ ...row }));

/** The path, the code and the expectation of each issue. */
const issuesOf = (...sources: readonly VariableSource[]): [path: string, code: string, expected: string][] =>
  load(...sources).issues.map(({ context, code, expected }) => [
    context
      .slice(1)
      .map(({ key }) => key)
      .join('.'),
    code,
    expected.replaceAll(folder, ''),
  ]);

describe('the source file/csv', () => {
  const rows: [sentence: string, source: () => VariableSource, expected: object[]][] = [
    [
      'the first row names the columns and is data',
      () => csv('a,b\n1,2\n'),
      [
        { a: 'a', b: 'b' },
        { a: '1', b: '2' },
      ],
    ],
    ['without the first row as data', () => csv('a,b\n1,2\n', { ignoreFirstLine: true }), [{ a: '1', b: '2' }]],
    [
      'quotes, with commas, line ends and quotes in them',
      () => csv('x\n"a,""b""\nc"\n', { ignoreFirstLine: true }),
      [{ x: 'a,"b"\nc' }],
    ],
    [
      'line ends of Windows, also in quotes',
      () => csv('x,y\r\n"a\r\nb",2\r\n', { ignoreFirstLine: true }),
      [{ x: 'a\nb', y: '2' }],
    ],
    ['no line end after the last row', () => csv('x\n1', { ignoreFirstLine: true }), [{ x: '1' }]],
    [
      'another delimiter, of which the first byte counts',
      () => csv('a;b\n1;2\n', { delimiter: ';|', ignoreFirstLine: true }),
      [{ a: '1', b: '2' }],
    ],
    ['a TAB', () => csv('a\tb\n1\t2\n', { delimiter: '\t', ignoreFirstLine: true }), [{ a: '1', b: '2' }]],
    [
      'blanks stay, and in names become _',
      () => csv('a b, c\n 1 , 2\n', { ignoreFirstLine: true }),
      [{ a_b: ' 1 ', _c: ' 2' }],
    ],
    ['of two columns with one name the last counts', () => csv('a,a\n1,2\n', { ignoreFirstLine: true }), [{ a: '2' }]],
    ['a name that every object has', () => csv('constructor\n1\n', { ignoreFirstLine: true }), [{ constructor: '1' }]],
    ['text of other languages', () => csv('имя\nЖанна\n', { ignoreFirstLine: true }), [{ имя: 'Жанна' }]],
  ];
  for (const [sentence, source, expected] of rows) it(sentence, () => assert.deepEqual(rowsOf(source()), expected));

  it('at most 5,000,000 lines, of which those without text are no rows', () => {
    const source: CsvSource = { ...(csv('') as CsvSource), type: 'file/csv' };
    const lines = (count: number): string => `${'\n'.repeat(count - 1)}a`;
    assert.equal(csvRows(lines(5_000_000), source).length, 1);
    assert.equal(csvRows(`${lines(5_000_000)}\n`, source).length, 1);
    assert.throws(() => csvRows(lines(5_000_001), source), /it has over 5000000 lines/);
  });

  it('a missing key prints nothing by index, and <no value> as a field', () => {
    const s = loadedValue(csv('a\n1\n'));
    const template = textTemplate('{{index .s 0 "x"}}|{{(index .s 0).x}}', PRINT);
    assert.equal(
      template.render({ s }, () => 0),
      '|<no value>',
    );
  });

  it('300,000 rows', () => {
    const source = csv(`id\n${Array.from({ length: 300_000 }, (_, i) => i).join('\n')}\n`, { ignoreFirstLine: true });
    const value = loadedValue(source) as readonly GoMap[];
    assert.equal(value.length, 300_000);
    assert.equal(value.at(-1)?.id, '299999');
  });
});

describe('the source file/json', () => {
  const rows: [content: string, expected: unknown][] = [
    ['{"a": [1, "x", null, true]}', { a: [1, 'x', null, true] }],
    ['[1, 2] the rest is ignored', [1, 2]],
    ['{"a": "}"} {"b": 2}', { a: '}' }],
    [' "text" 5', 'text'],
    ['5 6', 5],
    ['null', null],
    ['{"a": 1, "a": 2}', { a: 2 }],
  ];
  for (const [content, expected] of rows) it(content, () => assert.deepEqual(loadedValue(json(content)), expected));
});

describe('the source variables', () => {
  it('whole numbers are integers, and calls of functions are replaced at any depth', () => {
    const value = loadedValue(
      variables({
        int: 5,
        big: 12345678,
        half: 1.5,
        yes: true,
        none: null,
        text: 'a(b)',
        n: 'randInt(3,4)',
        deep: { list: ['randInt(7,8)', 'x'] },
      }),
    );
    const template = textTemplate('{{.s}} {{printf "%d" .s.big}}', PRINT);
    assert.equal(
      template.render({ s: value }, () => 0),
      'map[big:12345678 deep:map[list:[7 x]] half:1.5 int:5 n:3 none:<nil> text:a(b) yes:true] 12345678',
    );
  });

  it('are the same for the same seed', () => {
    const { values } = load(variables({ a: 'uuid', b: 'randString(20)' }));
    assert.deepEqual(values(seededRandom(5)), values(seededRandom(5)));
    assert.notDeepEqual(values(seededRandom(5)), values(seededRandom(6)));
  });
});

describe('sources that cannot be read are issues at their place', () => {
  const at = 'variable_sources.3.file';
  const rows: [
    sentence: string,
    source: () => VariableSource,
    issue: [path: string, code: string, expected: RegExp],
  ][] = [
    [
      'a missing file',
      () => ({ ...csv(''), file: 'nope.csv' }) as VariableSource,
      [at, 'missing-file', /^the path of an existing file$/],
    ],
    ['a folder', () => ({ ...json(''), file: folder }) as VariableSource, [at, 'bad-value', /^a regular file$/]],
    [
      'rows of different lengths',
      () => csv('a,b\n1\n'),
      [at, 'bad-value', /a file with CSV: line 2: its number of columns/],
    ],
    [
      'a quote in a field without quotes',
      () => csv('a\nx"y\n'),
      [at, 'bad-value', /: line 2: there is a quote in a column/],
    ],
    ['an open quote', () => csv('a\n"x\n'), [at, 'bad-value', /: line 2: a quote is not closed$/]],
    [
      'a delimiter that cannot be one',
      () => csv('a\n', { delimiter: '"' }),
      [at, 'bad-value', /the delimiter is "\\""/],
    ],
    [
      'text behind a quote',
      () => csv('a\n"x"y\n'),
      [at, 'bad-value', /: line 2: there is text behind a closing quote$/],
    ],
    [
      'what is no JSON',
      () => json('{"a": 1,\n "b": [1, 2}'),
      [
        at,
        'bad-json',
        /a file with JSON: the text is not JSON: it begins with .*; the fault is in line 2, column 12$/s,
      ],
    ],
    [
      'what is YAML and no JSON',
      () => json('{a: 1}'),
      [at, 'bad-json', /a file with JSON: .*it begins with "\{a: 1\}"$/],
    ],
    ['an empty file', () => json(' \n'), [at, 'bad-json', /it is empty/]],
    ['JSON nested too deep', () => json('['.repeat(5000) + ']'.repeat(5000)), [at, 'bad-json', /nested over 512 deep/]],
    [
      'a call that fails, in a list',
      () => variables({ a: { b: ['x', 'randInt(5,5)'] } }),
      ['variable_sources.3.variables.a.b.1', 'bad-value', /both bounds are 5/],
    ],
  ];
  for (const [sentence, source, [path, code, expected]] of rows)
    it(sentence, () => {
      const [issue, ...others] = issuesOf(source());
      assert.deepEqual(others, []);
      assert.deepEqual(issue?.slice(0, 2), [path, code]);
      assert.match(issue?.[2] ?? '', expected);
    });

  it('all of them at once', () => {
    assert.equal(issuesOf(json('x'), csv('a\n"'), variables({ a: 'randInt(x)', b: 'randString(-1)' })).length, 4);
  });

  it('a file over 256 MiB is refused before it is read', () => {
    const large = file('');
    truncateSync(large, 268_435_457);
    const [issue] = issuesOf({ ...csv(''), file: large } as VariableSource);
    assert.match(issue?.[2] ?? '', /at most 268435456 bytes, and this one has 268435457/);
  });

  it('a pipe is refused, because it may never end', () => {
    const device = join(folder, 'device');
    mkdirSync(device);
    assert.match(issuesOf({ ...json(''), file: '/dev/zero' } as VariableSource)[0]?.[2] ?? '', /a regular file/);
  });
});

it('of two sources with one name the last one counts', () => {
  const { values } = load(variables({ a: 1 }), json('{"b": 2}'));
  assert.deepEqual(values(seededRandom(1)).s, { b: 2 });
});
