import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { readText } from './readFile.js';

const inVariables = (expression: string, locals = ''): string =>
  `${locals}\nvariable_source "v" "variables" {\n  variables = { x = ${expression} }\n}\n`;
const many = (text: string, times = 100_000): string => text.repeat(times);

/** Locals in blocks of their own, each made of the one before. */
function doubling(first: string, next: (before: string) => string, times: number): string {
  const blocks = Array.from({ length: times }, (_, i) => `locals {\n  l${i + 1} = ${next(`local.l${i}`)}\n}\n`);
  return `locals {\n  l0 = ${first}\n}\n${blocks.join('')}`;
}

const LIST = `[${many('1,', 1000)}]`;

describe('hostile scenario files', () => {
  const BOMBS: readonly (readonly [what: string, name: string, text: string, error: RegExp])[] = [
    ['brackets in brackets', 's.hcl', inVariables(many('[')), /nested more than 100 deep/],
    ['parentheses in parentheses', 's.hcl', inVariables(many('(')), /nested more than 100 deep/],
    ['maps in maps', 's.hcl', inVariables(many('{a=')), /nested more than 100 deep/],
    ['calls in calls', 's.hcl', inVariables(many('concat(')), /nested more than 100 deep/],
    ['text in text', 's.hcl', inVariables(many('"${')), /nested more than 100 deep/],
    ['conditions in conditions', 's.hcl', inVariables(many('true ? true : ')), /nested more than 100 deep/],
    ['blocks in blocks', 's.hcl', many('a {\n'), /nested more than 100 deep/],
    ['signs before a number', 's.hcl', inVariables(`${many('-')}1`), /nested more than 100 deep/],
    ['a sum of many', 's.hcl', inVariables(`1${many('+1')}`), /more than 500 levels/],
    ['a key of a key', 's.hcl', inVariables(`local${many('.a')}`), /more than 500 levels/],
    ['an index of an index', 's.hcl', inVariables(`local${many('[0]')}`), /more than 500 levels/],
    [
      'a splat of a splat',
      's.hcl',
      inVariables(`local${many('[*]')}`),
      /nested more than 100 deep|more than 500 levels/,
    ],
    [
      'directives in directives',
      's.hcl',
      inVariables(`"${many('%{if true}', 1000)}"`),
      /directives are nested more than 50 deep/,
    ],
    [
      'text that doubles',
      's.hcl',
      inVariables(
        'local.l40',
        doubling(`"${many('x', 100)}"`, (before) => `"\${${before}}\${${before}}"`, 40),
      ),
      /the texts of this file are longer than 67108864 characters/,
    ],
    [
      'lists that double',
      's.hcl',
      inVariables(
        'local.l60',
        doubling('[1]', (before) => `[${before}, ${before}]`, 60),
      ),
      /this makes more than 100000 values/,
    ],
    [
      'maps that double',
      's.hcl',
      inVariables(
        'local.l60',
        doubling('{}', (before) => `{ a = ${before}, b = ${before} }`, 60),
      ),
      /this makes more than 100000 values/,
    ],
    [
      'lists that are joined to themselves',
      's.hcl',
      inVariables(
        'local.l60',
        doubling('[1]', (before) => `concat(${before}, ${before})`, 60),
      ),
      /this makes more than 100000 values|take more than 1000000 steps/,
    ],
    [
      'loops in loops',
      's.hcl',
      inVariables(
        '[for a in local.l0 : [for b in local.l0 : [for c in local.l0 : 1]]]',
        doubling(LIST, (l) => l, 0),
      ),
      /this makes more than 100000 values|take more than 1000000 steps/,
    ],
    [
      'loops in loops without a value',
      's.hcl',
      inVariables(
        '"%{for a in local.l0}%{for b in local.l0}%{for c in local.l0}%{endfor}%{endfor}%{endfor}"',
        doubling(LIST, (l) => l, 0),
      ),
      /take more than 1000000 steps/,
    ],
    [
      'comparisons of large values',
      's.hcl',
      inVariables(
        '[for a in local.l0 : local.big == local.big]',
        `${doubling(LIST, (l) => l, 0)}locals {\n  big = [for a in local.l0 : [for b in [1,2,3,4,5,6,7,8,9] : b]]\n}\n`,
      ),
      /take more than 1000000 steps/,
    ],
    [
      'a large value in many places',
      's.hcl',
      `locals {\n  big = ${LIST}\n}\n${many('scenario "s" {\n  requests = local.big\n}\n', 2000)}`,
      /take more than 1000000 steps/,
    ],
    [
      'aliases that multiply',
      's.yaml',
      `a0: &a0 [x]\n${Array.from({ length: 40 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]\n`).join('')}`,
      /aliases make this document too large/,
    ],
    ['lists in lists', 's.yaml', many('['), /nested more than 100 deep/],
    [
      'a value that contains itself',
      's.yaml',
      'requests: &r [{name: a, headers: {x: *r}}]\n',
      /a value that does not contain itself/,
    ],
    [
      'a list of names that nothing has',
      's.yaml',
      `requests: [${many('{name: a},', 20_000)}]\nscenarios: [{name: s, requests: [${many('c,', 20_000)}]}]`,
      /the name of a request/,
    ],
    ['values of the wrong type', 's.yaml', `requests: [${many('5,')}]`, /were not checked/],
    [
      'attributes that nothing knows',
      's.hcl',
      Array.from({ length: 100_000 }, (_, i) => `abc${i} = 1\n`).join(''),
      /unknown attribute or block/,
    ],
    ['a comment without an end', 's.hcl', many('/* '), /this comment is not closed/],
  ];
  for (const [what, name, text, error] of BOMBS) {
    it(`ends with an error: ${what}`, () => {
      const { errors } = readText(name, text);
      assert.match(errors.join('\n'), error);
      assert.ok(errors.length <= 120);
    });
  }

  it('a count of a thousand millions costs no more than one', () => {
    const { file, warnings } = readText(
      's.yaml',
      'requests: [{name: a}]\nscenarios: [{name: s, requests: ["a(1000000000)", "a(9007199254740991, 1)"], weight: 1000000007}]\n',
    );
    assert.equal(file?.scenarios[0]?.runs.length, 2);
    assert.equal(warnings.length, 1);
  });

  const HCL = `locals {
  h = { A = "1", "b c" = [1, true, null] }
}
request "r" {
  method  = "GET"
  uri     = "/\${local.h.A}?%{ for x in [1, 2] }\${x}%{ endfor }"
  headers = merge({ X = "y" }, { for k, v in { a = 1 } : k => "\${v}" })
  body    = <<-EOF
    {"a": 1}
      \${1 + 2 * -3}
  EOF
  preprocessor { mapping = { x = "source.u[next].id" } }
}
/* a
   scenario */
scenario "s" {
  requests = ["r(2, 10)", "sleep(5)"] # twice
  weight   = true ? 1 : 2
}
`;
  const YAML = `locals: &l {a: b}
requests:
  - name: r
    headers: {<<: *l, c: "\${X}"}
    body: |
      {"a": 1}
scenarios: [{name: s, requests: ["r(2, 10)", sleep(5)], weight: 2}]
`;
  const bits = [
    '{',
    '}',
    '[',
    ']',
    '(',
    ')',
    '"',
    '${',
    '%{',
    '~}',
    '<<-EOF\n',
    'EOF',
    '\n',
    '.',
    ',',
    '=',
    '*',
    '&a',
    '*a',
    '#',
    'for x in ',
    '...',
    '?',
    '\\',
    '\u0000',
    '-',
    '1e999',
    '😀',
  ];
  const damage = (text: string) =>
    fc
      .array(
        fc.tuple(fc.nat(text.length), fc.nat(20), fc.oneof(fc.constantFrom(...bits), fc.string({ unit: 'binary' }))),
        {
          minLength: 1,
          maxLength: 6,
        },
      )
      .map((changes) => changes.reduce((all, [at, cut, put]) => all.slice(0, at) + put + all.slice(at + cut), text));

  for (const [name, text] of [
    ['s.hcl', HCL],
    ['s.yaml', YAML],
  ] as const) {
    it(`${name}: a damaged file is read, or has errors with places in it`, () => {
      assert.deepEqual(readText(name, text, { env: { X: '1' } }).errors, []);
      fc.assert(
        fc.property(damage(text), (damaged) => {
          const lines = damaged.split('\n');
          for (const error of readText(name, damaged).errors) {
            const [, line, column] = /^(\d+):(\d+) /.exec(error) ?? [];
            if (line === undefined) continue;
            const width = lines[Number(line) - 1]?.length ?? -1;
            assert.ok(Number(column) >= 1 && Number(column) <= width + 2, `${error} in ${JSON.stringify(damaged)}`);
            assert.doesNotMatch(error, /undefined|\[object|at file:/);
          }
        }),
        { numRuns: 300 },
      );
    });

    it(`${name}: any bytes are read, or have errors`, () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
          readText(name, bytes);
        }),
        { numRuns: 300 },
      );
    });
  }
});
