import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Path } from '../../../../../lib/codec/report/path.js';
import { hclDocument } from '../../../../../lib/scenario/files/hcl/hclDocument.js';

const FILE = `# a shop
locals {
  common = { Accept = "*/*" }
}
locals {
  headers = merge(local.common, {
    "X-Id" = 7
  })
}

variable_source "users" "file/csv" {
  file              = "users.csv"
  fields            = ["id", "name"]
  ignore_first_line = true
  delimiter         = ";"
}

request "list" {
  method  = "GET"
  uri     = "/list"
  headers = local.headers
  body    = null
  preprocessor { mapping = { user = "source.users[next]" } }
  postprocessor "var/jsonpath" { mapping = { ids = "$.ids" } }
  postprocessor "assert/response" {
    status_code = "200"
    size {
      val = 10
      op  = ">"
    }
  }
  templater { type = "html" }
}

call "get" {
  call    = "shop.Shop.Get"
  payload = "{}"
  preprocessor "prepare" { mapping = {} }
}

scenario "s" {
  requests         = ["list"]
  weight           = 2
  min_waiting_time = 500
}
`;

describe('a scenario file in HCL', () => {
  it('becomes the values that its like in YAML has', () => {
    const { written, issues } = hclDocument('shop.hcl', FILE);
    assert.deepEqual(issues, []);
    assert.deepEqual(written, {
      variable_sources: [
        {
          name: 'users',
          type: 'file/csv',
          file: 'users.csv',
          fields: ['id', 'name'],
          ignore_first_line: true,
          delimiter: ';',
        },
      ],
      requests: [
        {
          name: 'list',
          method: 'GET',
          uri: '/list',
          headers: { Accept: '*/*', 'X-Id': '7' },
          preprocessor: { mapping: { user: 'source.users[next]' } },
          postprocessors: [
            { type: 'var/jsonpath', mapping: { ids: '$.ids' } },
            { type: 'assert/response', status_code: 200, size: { val: 10, op: '>' } },
          ],
          templater: { type: 'html' },
        },
      ],
      calls: [{ name: 'get', call: 'shop.Shop.Get', payload: '{}', preprocessors: [{ type: 'prepare', mapping: {} }] }],
      scenarios: [{ name: 's', requests: ['list'], weight: 2, min_waiting_time: 500 }],
    });
  });

  const PLACES: readonly (readonly [what: string, path: Path, part: 'key' | 'value', text: string])[] = [
    ['a value', ['requests', 0, 'uri'], 'value', '"/list"'],
    ['a key', ['requests', 0, 'uri'], 'key', 'uri'],
    ['a label', ['requests', 0, 'name'], 'value', '"list"'],
    ['a value that comes from a local', ['requests', 0, 'headers', 'Accept'], 'value', '"*/*"'],
    ['its key', ['requests', 0, 'headers', 'X-Id'], 'key', '"X-Id"'],
    ['an item of a list', ['variable_sources', 0, 'fields', 1], 'value', '"name"'],
    ['a value in a block in a block', ['requests', 0, 'postprocessors', 1, 'size', 'op'], 'value', '">"'],
    ['what is not there: the block', ['requests', 0, 'tag'], 'value', 'request'],
    ['the top', [], 'value', '#'],
  ];
  for (const [what, path, part, text] of PLACES) {
    it(`tells the place of ${what}`, () => {
      const place = hclDocument('shop.hcl', FILE).place(path, part);
      const line = FILE.split('\n')[(place?.line ?? 0) - 1] ?? '';
      const start = (place?.column ?? 0) - 1;
      assert.equal(line.slice(start, start + (place?.length ?? 0)), text);
    });
  }

  const WRONG: readonly (readonly [what: string, text: string, issues: readonly string[]])[] = [
    [
      'everything at once',
      'request "a" {\n  method = x\n  uri = 1 + "b"\n  foo = 1\n}\nscenari "s" {\n}\n',
      [
        '2:12 there is no variable x | text is written in double quotes; locals are read as local.name',
        '3:13 expected a number here, got text | undefined',
        '4:3 unknown attribute or block; expected one of method, uri, headers, body, tag, preprocessor, postprocessor, templater | undefined',
        '1:1 missing; expected headers = ... | files in HCL need it; write an empty value for none',
        '6:1 unknown attribute or block; expected one of variable_source, request, call, scenario, locals | did you mean scenario?',
      ],
    ],
    [
      'an attribute that is set twice',
      'scenario "s" {\n  requests = []\n  requests = []\n}\n',
      ['3:3 requests is already set in the same block | remove one of them'],
    ],
    [
      'a block that may stand once',
      'request "a" {\n  method = ""\n  uri = ""\n  headers = {}\n  templater { type = "text" }\n  templater { type = "text" }\n}\n',
      ['6:3 there is already a block templater | remove one of them'],
    ],
    [
      'a missing label',
      'scenario {\n  requests = []\n}\n',
      ['1:1 the block scenario has no labels; expected 1 label | write scenario "NAME" { ... }'],
    ],
    [
      'a label too many',
      'locals "x" {\n}\nvariable_source "a" "b" "c" {\n}\n',
      [
        '1:8 a block of locals has no label | undefined',
        '3:1 the block variable_source has 3 labels; expected 2 labels | write variable_source "NAME" "TYPE" { ... }',
      ],
    ],
    [
      'an attribute at the top',
      'x = 1\n',
      ['1:1 unknown attribute or block; expected one of variable_source, request, call, scenario, locals | undefined'],
    ],
    [
      'a local that its own block uses',
      'locals {\n  a = 1\n  b = local.a\n}\n',
      ['3:13 there is no local a in a block above | a block of locals sees the blocks above it, not its own names'],
    ],
    [
      'locals that refer to each other',
      'locals {\n  a = local.b\n}\nlocals {\n  b = local.a\n}\n',
      [
        '2:13 there is no local b in a block above | a block of locals sees the blocks above it, not its own names',
        '5:13 there is no local a in a block above | a block of locals sees the blocks above it, not its own names',
      ],
    ],
    ['a block in locals', 'locals {\n  a {\n  }\n}\n', ['2:3 locals has no blocks | write name = value']],
  ];
  for (const [what, text, expected] of WRONG) {
    it(`refuses ${what}`, () => {
      const { issues } = hclDocument('x.hcl', text);
      assert.deepEqual(
        issues.map(({ at, message, hint }) => `${at?.line}:${at?.column} ${message} | ${hint}`),
        expected,
      );
    });
  }

  const MISTAKES: readonly (readonly [what: string, text: string, issue: string])[] = [
    ['a block that is not closed', 'scenario "s" {\n  requests = []\n', '1:14 not HCL: this block is not closed'],
    ['a brace too many', 'locals {\n}\n}\n', '3:1 not HCL: expected an attribute or a block, got "}"'],
    ['two attributes on a line', 'locals {\n  a = 1, b = 2\n}\n', '2:8 not HCL: expected the end of the line, got ","'],
    ['two attributes in a block on one line', 'locals { a = 1 b = 2 }\n', '1:16 not HCL: expected } here, got "b"'],
    [
      'a block in a block on one line',
      'request "a" { size { } }',
      '1:15 not HCL: a block inside a block begins on a line of its own',
    ],
    ['a comparison as an attribute', 'locals {\n  a == 1\n}\n', '2:5 not HCL: an attribute is set by one ='],
    ['JSON', '{"a": 1}', '1:1 not HCL: expected an attribute or a block, got "{"'],
  ];
  for (const [what, text, expected] of MISTAKES) {
    it(`refuses ${what}, with the first mistake alone`, () => {
      const { issues, written } = hclDocument('x.hcl', text);
      assert.deepEqual(
        issues.map(({ at, message }) => `${at?.line}:${at?.column} ${message}`),
        [expected],
      );
      assert.equal(written, undefined);
    });
  }

  it('may begin with a byte order mark and have the ends of lines of Windows', () => {
    const { written, issues } = hclDocument('x.hcl', '\uFEFFscenario "s" {\r\n  requests = [\r\n"a"]\r\n}\r\n');
    assert.deepEqual(issues, []);
    assert.deepEqual(written, { scenarios: [{ name: 's', requests: ['a'] }] });
  });
});
