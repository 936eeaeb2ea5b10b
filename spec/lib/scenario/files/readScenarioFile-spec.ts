import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { readPath, readText } from './readFile.js';

const HCL = `locals {
  json = { Accept = "application/json" }
}
variable_source "users" "file/csv" {
  file   = "users.csv"
  fields = ["id", "name"]
}
variable_source "one" "variables" {
  variables = { host = "h" }
}
request "auth" {
  method = "POST"
  uri = "/auth?{{.source.one.host}}"
  headers = merge(local.json, { "X-Host" = "$\${HOST}" })
  body = <<-EOF
    {"id": "{{.request.auth.preprocessor.user.id}}"}
  EOF
  preprocessor { mapping = { user = "source.users[next]" } }
  postprocessor "var/jsonpath" { mapping = { token = "$.token" } }
  postprocessor "assert/response" {
    body = ["token"]
    headers = { "Content-Type" = "json" }
    status_code = 200
    size {
      val = 5
      op = ">"
    }
  }
  templater { type = "html" }
}
request "list" {
  method = "GET"
  uri = "/list?{{.request.auth.postprocessor.token}}"
  headers = {}
}
scenario "s" {
  requests = ["auth", "sleep(5)", "list(2, 10)"]
  weight = 3
  min_waiting_time = 50
}
scenario "t" {
  requests = ["list"]
}
`;

const YAML = `locals:
  json: &json {Accept: application/json}
variable_sources:
  - {type: file/csv, name: users, file: users.csv, fields: [id, name]}
  - {type: variables, name: one, variables: {host: h}}
requests:
  - name: auth
    method: POST
    uri: /auth?{{.source.one.host}}
    headers: {<<: *json, X-Host: "\${HOST}"}
    body: |
      {"id": "{{.request.auth.preprocessor.user.id}}"}
    preprocessor: {mapping: {user: "source.users[next]"}}
    postprocessors:
      - {type: var/jsonpath, mapping: {token: $.token}}
      - {type: assert/response, body: [token], headers: {Content-Type: json}, status_code: 200, size: {val: 5, op: ">"}}
    templater: {type: html}
  - name: list
    method: GET
    uri: /list?{{.request.auth.postprocessor.token}}
scenarios:
  - {name: s, requests: [auth, sleep(5), "list(2, 10)"], weight: 3, min_waiting_time: 50}
  - {name: t, requests: [list]}
`;

const env = { HOST: 'example.org' };

describe('reading a scenario file', () => {
  it('gives the same for HCL, YAML and JSON', () => {
    const [hcl, yaml] = [readText('s.hcl', HCL, { env }), readText('s.yaml', YAML, { env })];
    assert.deepEqual([hcl.errors, yaml.errors, hcl.warnings, yaml.warnings], [[], [], [], []]);
    const parts = ({ file }: typeof hcl) => ({ ...file, source: undefined });
    assert.deepEqual(parts(hcl), parts(yaml));
    const json = JSON.stringify({
      requests: [{ name: 'list', uri: '/', headers: { '<': 'é' } }],
      scenarios: [{ name: 's', requests: ['list'] }],
    });
    assert.equal(readText('s.json', json).file?.steps[0]?.name, 'list');
  });

  it('resolves the lists, and fills in defaults', () => {
    const { file } = readText('s.YML', YAML, { env });
    assert.deepEqual(
      file?.scenarios.map(({ name, weight, minWaitingTimeMs, runs, path }) => ({
        path,
        name,
        weight,
        minWaitingTimeMs,
        runs: runs.map(({ step, ...run }) => ({ ...run, step: step.name })),
      })),
      [
        {
          path: ['scenarios', 0],
          name: 's',
          weight: 3,
          minWaitingTimeMs: 50,
          runs: [
            { path: ['scenarios', 0, 'requests', 0], step: 'auth', count: 1, sleepMs: 0, lastSleepMs: 5 },
            { path: ['scenarios', 0, 'requests', 2], step: 'list', count: 2, sleepMs: 10, lastSleepMs: 10 },
          ],
        },
        {
          path: ['scenarios', 1],
          name: 't',
          weight: 1,
          minWaitingTimeMs: 0,
          runs: [{ path: ['scenarios', 1, 'requests', 0], step: 'list', count: 1, sleepMs: 0, lastSleepMs: 0 }],
        },
      ],
    );
    assert.deepEqual(file?.steps[1], {
      path: ['requests', 1],
      name: 'list',
      method: 'GET',
      uri: '/list?{{.request.auth.postprocessor.token}}',
      headers: {},
      body: undefined,
      tag: '',
      preprocessor: undefined,
      postprocessors: [],
      templater: 'text',
    });
  });

  it('reads the calls of a file for gRPC', () => {
    const text = `calls:
  - name: get
    call: shop.Shop.Get
    payload: '{}'
    metadata: {a: b}
    tag: t
    preprocessors: [{type: prepare, mapping: {a: uuid}}]
    postprocessors: [{type: assert/response, payload: [x], status_code: 200}]
scenarios: [{name: s, requests: [get]}]
`;
    assert.deepEqual(readText('s.yaml', text, { protocol: 'grpc' }).file?.steps, [
      {
        path: ['calls', 0],
        name: 'get',
        call: 'shop.Shop.Get',
        payload: '{}',
        metadata: { a: 'b' },
        tag: 't',
        preprocessors: [{ path: ['calls', 0, 'preprocessors', 0], type: 'prepare', mapping: { a: 'uuid' } }],
        postprocessors: [
          { path: ['calls', 0, 'postprocessors', 0], type: 'assert/response', payload: ['x'], statusCode: 200 },
        ],
      },
    ]);
  });

  it('replaces references in all texts but in locals that nothing uses, and not in keys and types', () => {
    const text = `locals: {a: "\${NOT_SET}"}
requests: [{name: a, uri: "/\${A}/\${env:B}/\${property:x#key}/\${other:c}", body: "\${A}", headers: {"\${A}": b}}]
scenarios: [{name: "\${A}", weight: "\${W}", requests: [a]}]
`;
    const { file } = readText('s.yaml', text, { env: { A: '1', B: '', W: '5' } });
    const [step] = file?.protocol === 'http' ? file.steps : [];
    assert.deepEqual([step?.uri, step?.body, step?.headers], ['/1//of a file/${other:c}', '1', { '${A}': 'b' }]);
    assert.deepEqual([file?.scenarios[0]?.name, file?.scenarios[0]?.weight], ['1', 5]);
  });

  it('never prints what a reference stands for', () => {
    const text =
      'requests: [{name: a, headers: {a: "${SECRET}"}}]\nscenarios: [{name: s, weight: "${SECRET}", requests: ["${SECRET}"]}]\n';
    const { errors } = readText('s.yaml', text, { env: { SECRET: 'swordfish' } });
    assert.deepEqual(errors.length, 1);
    assert.doesNotMatch(errors.join(), /swordfish/);
  });

  const WRONG: readonly (readonly [what: string, name: string, text: string, errors: readonly string[]])[] = [
    [
      'everything at once, in YAML',
      's.yaml',
      `variable_sources: [{type: file/xml, name: a}, {name: b}, {type: file/csv, name: c}]
requests:
  - {name: 5, method: yes, uri: "\${NOPE}", headers: {X: 5}, url: /, body: [a]}
  - {name: a, postprocessors: [{type: var/jsonpath, mapping: {a: 1}}, {type: assert/response, size: {val: -1, op: ge}}], templater: {type: xml}}
scenarios: [{name: s, weight: "2", requests: a}]
`,
      [
        '1:27 variable_sources[0].type: expected a variable source: one of file/csv, file/json, variables, got "file/xml"',
        '1:47 variable_sources[1]: the key type is missing; expected a variable source: one of file/csv, file/json, variables',
        '1:58 variable_sources[2].file: missing; expected text',
        '3:12 requests[0].name: expected text, got 5 (write it in quotes: "5")',
        '3:23 requests[0].method: expected text, got true (write it in quotes: y, n, yes, no, on, off, true and false are flags in scenario files)',
        '3:33 requests[0].uri: "${NOPE}" has no value; expected the environment variable NOPE (it is not set)',
        '3:57 requests[0].headers.X: expected text, got 5 (write it in quotes: "5")',
        '3:61 requests[0].url: unknown key; expected one of the keys name, method, uri, headers, body, tag, preprocessor, postprocessors, templater (did you mean uri?)',
        '3:75 requests[0].body: expected text, got a list',
        '4:66 requests[1].postprocessors[0].mapping.a: expected text, got 1 (write it in quotes: "1")',
        '4:107 requests[1].postprocessors[1].size.val: expected a whole number, not negative, got -1',
        '4:115 requests[1].postprocessors[1].size.op: expected one of eq, =, lt, <, gt, >, got "ge" (did you mean gt?)',
        '4:140 requests[1].templater.type: expected one of text, html, got "xml"',
        '5:31 scenarios[0].weight: expected a whole number, got "2" (write it without quotes)',
        '5:46 scenarios[0].requests: expected a list of text, got "a"',
      ],
    ],
    [
      'values of the wrong type, in HCL',
      's.hcl',
      `request "a" {
  method = ["GET"]
  uri = "/$\${NOPE}"
  headers = "X: 1"
  postprocessor "assert/response" {
    status_code = "ok"
    mapping = {}
  }
}
scenario "s" { requests = "a" }
`,
      [
        '2:12 requests[0].method: expected text, got a list',
        '3:9 requests[0].uri: "/${NOPE}" has no value; expected the environment variable NOPE (it is not set)',
        '4:13 requests[0].headers: expected a map of text, got "X: 1"',
        '6:19 requests[0].postprocessors[0].status_code: expected a whole number, got "ok"',
        '7:5 requests[0].postprocessors[0].mapping: unknown key; expected one of the keys body, headers, status_code, size',
        '10:27 scenarios[0].requests: expected a list of text, got "a"',
      ],
    ],
    [
      'names in lists that nothing has',
      's.yaml',
      `calls: [{name: get, call: a.B.C}]
requests: [{name: order}, {name: list}]
scenarios:
  - {name: s, requests: [ordr, " list ", get, what, order(2]}
`,
      [
        '4:26 scenarios[0].requests[0]: expected the name of a request of this file, got "ordr" (did you mean order?)',
        '4:32 scenarios[0].requests[1]: expected the name of a request of this file, got " list " (write it without blanks: list)',
        '4:42 scenarios[0].requests[2]: expected the name of a request of this file, got "get" (get is one of the calls over gRPC: use the other provider, or write it anew)',
        '4:47 scenarios[0].requests[3]: expected the name of a request of this file, got "what" (there are order, list)',
        '4:53 scenarios[0].requests[4]: expected a name, or a name and brackets at its end, got "order(2" (write name(COUNT, SLEEP_MS), such as order(3, 100))',
      ],
    ],
    [
      'a name, when no request has one',
      's.yaml',
      'requests: [{name: ""}]\nscenarios: [{name: s, requests: [a]}]\n',
      [
        '2:34 scenarios[0].requests[0]: expected the name of a request of this file, got "a" (there are none in this file)',
      ],
    ],
    [
      'flags as keys',
      's.yaml',
      'requests: [{name: a, headers: {on: "1"}}]\nscenarios: [{name: s, requests: [a]}]\n',
      [
        '1:32 top level: the key on is true or false in YAML 1.1, which scenario files are written in (write it in quotes: "on")',
      ],
    ],
    [
      'a list',
      's.yaml',
      '- a\n',
      ['1:1 top level: expected a map with keys such as locals, variable_sources, requests, got a list'],
    ],
    [
      'an empty file',
      's.yaml',
      '',
      ['1:1 scenarios: expected at least one scenario, got nothing (add scenarios, or use another file)'],
    ],
    [
      'an empty file in HCL',
      's.hcl',
      '',
      ['1:1 scenarios: expected at least one scenario, got nothing (add scenarios, or use another file)'],
    ],
    [
      'scenarios that are never played',
      's.yaml',
      'scenarios: [{name: s, weight: -1}]',
      ['1:12 scenarios: expected at least one scenario (add scenarios, or use another file)'],
    ],
    [
      'a mistake in YAML',
      's.yaml',
      'a: [1\n',
      ['2:1 top level: not YAML: a bracket { or [ is not closed before this place (close it with } or ])'],
    ],
  ];
  for (const [what, name, text, expected] of WRONG) {
    it(`refuses ${what}`, () => assert.deepEqual(readText(name, text).errors, expected));
  }

  const folder = mkdtempSync(join(tmpdir(), 'elpis-scenario-'));
  after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'folder.yaml'));
  const UNREADABLE: readonly (readonly [
    what: string,
    read: () => { readonly errors: readonly string[] },
    error: RegExp,
  ])[] = [
    ['another extension', () => readPath('s.toml'), /whose name ends with one of .hcl, .yaml, .yml, .json/],
    ['no extension', () => readPath('hcl'), /whose name ends with one of/],
    ['a file that is not there', () => readPath(join(folder, 'no.hcl')), /existing file \(a relative path starts at/],
    ['a folder', () => readPath(join(folder, 'folder.yaml')), /a file that can be read \(it is not a regular file\)/],
    ['bytes that are no text', () => readText('s.hcl', Buffer.from([0x61, 0xff])), /\(it is not in UTF-8\)/],
    [
      'more than 16 MiB',
      () => readText('s.yaml', `${'#'.repeat(16 * 1024 * 1024)}\n`),
      /\(it is larger than 16777216 bytes\)/,
    ],
  ];
  for (const [what, read, error] of UNREADABLE) {
    it(`refuses ${what}`, () => {
      const { errors } = read();
      assert.equal(errors.length, 1);
      assert.match(errors[0] as string, error);
    });
  }
});
