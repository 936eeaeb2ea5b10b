import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { isLeft, isRight } from 'fp-ts/lib/Either.js';
import { parse as parseYaml } from 'yaml';
import { builtins } from '../../../lib/builtins/builtins.js';
import type { Path } from '../../../lib/codec/report/path.js';
import { loadConfig } from '../../../lib/config/loadConfig.js';
import { tomlDocument } from '../../../lib/config/read/toml.js';

/** The values of a TOML text, which must be right. */
function values(text: string): unknown {
  const read = tomlDocument('load.toml', text);
  assert.ok(isRight(read), isLeft(read) ? read.left.message : '');
  return read.right.written;
}

const POOLS = `
[log]
level = "warn"

[[pools]]
id = 'first'
rps = [
  { type = "line", from = 1, to = 10, duration = "2s" }, # a comment
  { type = "const", ops = 1_0, duration = "1s" },
]
startup = { type = "once", times = 0x2 }

[pools.gun]
type = "http"
target = "localhost:8080"
dial.timeout = "1s"
auto-tag = { enabled = true, uri-elements = 3 }

[pools.ammo]
type = "uri"
uris = ["/a", '/b']
headers = ["[Host: x]"]

[[pools.result]]
type = "phout"
destination = "phout.log"

[[pools.result]]
type = "discard"

[[pools]]
id = """
second"""
`;

const AS_YAML = `
log: {level: warn}
pools:
  - id: first
    rps: [{type: line, from: 1, to: 10, duration: 2s}, {type: const, ops: 10, duration: 1s}]
    startup: {type: once, times: 2}
    gun: {type: http, target: 'localhost:8080', dial: {timeout: 1s}, auto-tag: {enabled: true, uri-elements: 3}}
    ammo: {type: uri, uris: [/a, /b], headers: ['[Host: x]']}
    result: [{type: phout, destination: phout.log}, {type: discard}]
  - id: second
`;

describe('a config in TOML', () => {
  it('has the values of the same config in YAML', () => {
    assert.deepEqual(values(POOLS), parseYaml(AS_YAML));
  });

  const SINGLE: readonly (readonly [sentence: string, text: string, value: unknown])[] = [
    ['nothing', '', {}],
    ['a dotted key', 'a.b."c d" = 1', { a: { b: { 'c d': 1 } } }],
    ['a float', 'a = 1.5e3', { a: 1500 }],
    ['a flag', 'a = true', { a: true }],
    ['octal and binary', 'a = [0o644, 0b11]', { a: [420, 3] }],
    ['a date as text, since no option is one', 'a = 2026-11-27', { a: '2026-11-27' }],
    ['an empty table and an empty list', 'a = []\n[b]', { a: [], b: {} }],
    ['a list of lists', 'a = [[1], [2, 3]]', { a: [[1], [2, 3]] }],
    ['lists inside a list', '[[a]]\n[[a.b]]\nx=1\n[[a.b]]\n[[a]]\n', { a: [{ b: [{ x: 1 }, {}] }, {}] }],
    ['a table before its parent', '[a.b]\nx=1\n[a]\ny=2', { a: { b: { x: 1 }, y: 2 } }],
    ['line ends of Windows', 'a = 1\r\n[b]\r\nc = "x"\r\n', { a: 1, b: { c: 'x' } }],
  ];
  for (const [sentence, text, value] of SINGLE) {
    it(`reads ${sentence}`, () => {
      assert.deepEqual(values(text), value);
    });
  }

  it('takes names of prototypes as names', () => {
    const read = values('__proto__ = {x = 1}\n[constructor]\ny = 1') as object;
    assert.deepEqual(Object.entries(read), [
      ['__proto__', { x: 1 }],
      ['constructor', { y: 1 }],
    ]);
    assert.equal(Object.getPrototypeOf(read), Object.prototype);
  });

  const PLACES: readonly (readonly [path: Path, key: string, value: string])[] = [
    [['log', 'level'], '3:1 level', '3:9 "warn"'],
    [['pools'], '5:3 pools', '5:1 [[pools]]'],
    [['pools', 0], '5:1 [[pools]]', '5:1 [[pools]]'],
    [['pools', 0, 'rps', 1, 'ops'], '9:21 ops', '9:27 1_0'],
    [['pools', 0, 'gun'], '13:8 gun', '13:1 [pools.gun]'],
    [['pools', 0, 'gun', 'dial', 'timeout'], '16:6 timeout', '16:16 "1s"'],
    [['pools', 0, 'gun', 'auto-tag', 'uri-elements'], '17:30 uri-elements', '17:45 3'],
    [['pools', 0, 'ammo', 'uris', 1], "21:15 '/b'", "21:15 '/b'"],
    [['pools', 0, 'result', 1, 'type'], '29:1 type', '29:8 "discard"'],
    [['pools', 1, 'id'], '32:1 id', '32:6 """'],
    [['pools', 0, 'gun', 'nothing'], '13:1 [pools.gun]', '13:1 [pools.gun]'],
  ];
  for (const [path, key, value] of PLACES) {
    it(`knows where ${path.join('.')} stands`, () => {
      const read = tomlDocument('load.toml', POOLS);
      assert.ok(isRight(read));
      const shown = (['key', 'value'] as const).map((part) => {
        const place = read.right.place(path, part);
        assert.ok(place !== undefined);
        const line = POOLS.split('\n')[place.line - 1] ?? '';
        return `${place.line}:${place.column} ${line.slice(place.column - 1, place.column - 1 + place.length)}`;
      });
      assert.deepEqual(shown, [key, value]);
    });
  }

  const WRONG: readonly (readonly [sentence: string, text: string, message: RegExp])[] = [
    ['no value', 'a = 1\nb =\n', /^load.toml:2:4 +not TOML: a value is missing here/],
    ['text without quotes', 'a = localhost', /^load.toml:1:5 +not TOML: .*text in quotes/s],
    ['a quote that is not closed', 'a = "x', /^load.toml:1:7 +not TOML: a quote is not closed/],
    ['a key twice', 'a = 1\na = 2', /^load.toml:2:1 +not TOML: this key or table is defined twice/],
    ['a table twice', '[a]\n[a]', /^load.toml:2:2 +not TOML: this key or table is defined twice .*\[\[name\]\]/],
    ['a list that is a table', '[a]\n[[a]]', /^load.toml:2:3 +not TOML: this key or table is defined twice/],
    ['no bracket', 'a = {b = 1', /not TOML: a bracket is not closed/],
    ['two keys on a line', 'a = 1 b = 2', /not TOML: this does not belong on the same line/],
    ['a bad escape', 'a = "\\q"', /not TOML: this is no escape sequence/],
    ['a leading zero', 'a = 0644', /not TOML: .*0o644/s],
    ['a key that is none', 'a b = 1', /^load.toml:1:\d+ +not TOML/],
    ['YAML', 'pools:\n  - id: a', /^load.toml:1:\d+ +not TOML/],
    ['lists nested too deeply', `a = ${'['.repeat(101)}${']'.repeat(101)}`, /nested more than 100 deep/],
    [
      'lists nested as deep as the stack of the parser',
      `a = ${'['.repeat(100_000)}${']'.repeat(100_000)}`,
      /nested more than 100 deep/,
    ],
    [
      'keys nested too deeply',
      `${'a.'.repeat(100)}b = 1`,
      /^load.toml:1:\d+ +tables and lists are nested more than 100 deep/,
    ],
  ];
  for (const [sentence, text, message] of WRONG) {
    it(`is refused with ${sentence}`, () => {
      const read = tomlDocument('load.toml', text);
      assert.ok(isLeft(read), 'it was accepted');
      assert.match(read.left.message, message);
    });
  }

  it('accepts what is nested 100 deep', () => {
    assert.ok(isRight(tomlDocument('load.toml', `${'a.'.repeat(99)}b = 1`)));
  });

  it('returns a value or an error for any text, and never throws', () => {
    const pieces = fc.constantFrom(
      'a',
      '.',
      '=',
      ' ',
      '\n',
      '[',
      ']',
      '{',
      '}',
      '"',
      "'",
      '1',
      ',',
      '#',
      '"""',
      '\\',
      '-',
      ':',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        const read = tomlDocument('load.toml', parts.join(''));
        if (isRight(read)) JSON.stringify(read.right.written);
        else assert.match(read.left.message, /^load.toml:\d+:\d+ /);
      }),
    );
  });
});

describe('the issues of a config in TOML', () => {
  it('have the line of the value, as in YAML', async () => {
    const text = POOLS.replace('type = "http"', 'type = "htpp"').replace('times = 0x2', 'times = 0');
    const { writeFileSync, mkdtempSync, rmSync } = await import('node:fs');
    const folder = mkdtempSync('/tmp/elpis-toml-');
    writeFileSync(`${folder}/load.toml`, text);
    const config = await loadConfig('load.toml', { registry: builtins(), env: {}, cwd: folder })();
    rmSync(folder, { recursive: true });
    assert.ok(isLeft(config));
    assert.match(config.left.message, /^load\.toml:11:\d+ +pools\[0\]\.startup\.times: .*1/m);
    assert.match(config.left.message, /^load\.toml:14:8 +pools\[0\]\.gun\.type: .*did you mean http\?/m);
    assert.match(config.left.message, /^load\.toml:31:1 +pools\[1\]\.gun: missing/m);
  });
});
