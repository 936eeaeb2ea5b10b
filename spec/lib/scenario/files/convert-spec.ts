import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { isLeft } from 'fp-ts/lib/Either.js';
import { pathText } from '../../../../lib/codec/report/path.js';
import { importModule } from '../../../../lib/config/modules/importModule.js';
import { type ConvertedFile, convertFile } from '../../../../lib/scenario/files/convert/convertFile.js';
import { type FileScenarios, fileScenarios } from '../../../../lib/scenario/files/fileScenarios.js';
import type { HttpScenarioFile } from '../../../../lib/scenario/files/model.js';
import type { Scenario } from '../../../../lib/scenario/scenario.js';
import { playScenario } from '../../../../lib/testing/scenario/playScenario.js';
import {
  type ResponseScripts,
  type ScriptedResponses,
  scriptedTransport,
} from '../../../../lib/testing/scenario/scriptedTransport.js';
import { seededRandom } from '../../../../lib/time/seededRandom.js';
import { problemsOfExamples } from '../../../house/examples/problemsOfExamples.js';

const folder = mkdtempSync(join(tmpdir(), 'elpis-convert-'));
after(() => rmSync(folder, { recursive: true }));
const put = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

const CSV = put('users.csv', 'user_id,name\n1,ann\n2,bob\n');
const PLAIN_CSV = put('plain.csv', '1;ann\n2;bob\n');
const JSON_FILE = put('goods.json', '[{"good": 7, "title": "it\'s \\"x\\""}, {"good": 8, "title": "`y` ${z}\\\\n"}]');

const SHOP = `locals {
  json = { Accept = "application/json" }
}
variable_source "users" "file/csv" {
  file              = "${CSV}"
  fields            = ["user_id", "name"]
  ignore_first_line = true
}
variable_source "plain" "file/csv" {
  file      = "${PLAIN_CSV}"
  fields    = ["number", "first name"]
  delimiter = ";"
}
variable_source "goods" "file/json" {
  file = "${JSON_FILE}"
}
variable_source "shop" "variables" {
  variables = { currency = "EUR", "a b" = "it's" }
}
request "auth" {
  method  = "POST"
  uri     = "/auth?u={{.request.auth.preprocessor.user.user_id}}"
  headers = merge(local.json, { "X-Name" = "it's {{.request.auth.preprocessor.user.name}}" })
  body    = "{\\"currency\\": \\"{{ .source.shop.currency }}\\", \\"x\\": \\"{{index .source \\"shop\\" \\"a b\\"}}\\"}"
  preprocessor { mapping = { user = "source.users[next]" } }
  postprocessor "var/jsonpath" { mapping = { token = "$.token", "deep one" = "user[\\"a-b\\"][0]" } }
  postprocessor "var/header" { mapping = { next = "Location", none = "X-None" } }
  postprocessor "assert/response" {
    body        = ["token"]
    headers     = { "Content-Type" = "json" }
    status_code = 200
    size {
      val = 5
      op  = ">"
    }
  }
}
request "list" {
  method  = "GET"
  uri     = "/list?t={{.request.auth.postprocessor.token}}"
  headers = { "X-Next" = "{{.request.auth.postprocessor.next}}", "X-None" = "{{.request.auth.postprocessor.none}}" }
}
request "good" {
  method  = "PUT"
  uri     = "/good/{{.request.good.preprocessor.one.good}}"
  headers = { "X-Deep" = "{{index .request \\"auth\\" \\"postprocessor\\" \\"deep one\\"}}", "X-Again" = "{{.request.good.preprocessor.again}}" }
  body    = "{{.request.good.preprocessor.one.title}} $ \` \\\\ {{.request.good.preprocessor.number}}"
  preprocessor {
    mapping = {
      one    = "source.goods[next]"
      number = "source.plain[next].first_name"
      again  = "request.auth.postprocessor.token"
    }
  }
}
scenario "shop" {
  requests         = ["auth", "sleep(50)", "list(3, 10)", "good(2, 5)", "sleep(20)"]
  weight           = 2
}
scenario "look" {
  requests = ["auth", "list"]
}
`;

interface Converted extends ConvertedFile {
  readonly file: FileScenarios<HttpScenarioFile>;
}

function convert(name: string, text: string): Converted {
  const read = fileScenarios(put(name, text), 'http', { env: {}, readFile: () => '' }, {});
  if (isLeft(read)) throw new Error(JSON.stringify(read.left));
  return { ...convertFile(read.right.file, name), file: read.right };
}

interface Exported {
  readonly scenario: Scenario;
  readonly weight: number;
}

async function exported(name: string, code: string): Promise<readonly Exported[]> {
  const loaded = await importModule(put(name, code), folder, 'ELPIS_PLUGIN')();
  if (isLeft(loaded)) throw loaded.left;
  const all = loaded.right.default;
  return (Array.isArray(all) ? all : [{ scenario: all, weight: 1 }]) as readonly Exported[];
}

const SCRIPTS: ResponseScripts = {
  'POST /auth': '--a',
  'GET /list': '---l',
  'PUT /good/7': '-g',
  'PUT /good/8': '--g',
};
const RESPONSES: ScriptedResponses = {
  a: {
    json: { token: 'T`${1}', user: { 'a-b': ['deep'] } },
    headers: { 'content-type': 'application/json', location: '/x' },
  },
  l: { body: 'list' },
  g: { body: 'good' },
};

/** What a play sends and draws. Tags of files have a dot where those of code have a slash. */
function played(scenario: Scenario, responses: ScriptedResponses, runs = 3) {
  const play = playScenario(scenario, scriptedTransport(SCRIPTS, responses), { runs, cookies: 'off' });
  const requests = play.requests.map(({ at, tag, request: { method, target, headers, body } }) => ({
    at,
    tag: tag.replace('.', '/'),
    method,
    target,
    headers: [...headers].sort(),
    body: body === null ? null : Buffer.from(body).toString(),
  }));
  const drawing = play.drawing.replaceAll(/^(\w+)\.(\w+)/gm, '$1/$2');
  return { requests, drawing };
}

describe('a scenario file converted into code', () => {
  const shop = convert('shop.hcl', SHOP);

  it('is converted completely', () => assert.deepEqual(shop.unconverted, []));

  it('compiles', () => {
    const [problems] = problemsOfExamples(
      [{ file: 'docs/shop.md', line: 1, code: shop.code, continues: false }],
      `${process.cwd()}/`,
    );
    assert.deepEqual(problems, []);
  });

  it('plays the same: requests and drawings are equal', async () => {
    const make = shop.file.ammo({ random: seededRandom(1) });
    const inFile = [make(0), make(2)].map(({ scenario }) => scenario);
    const inCode = await exported('shop.ts', shop.code);
    assert.deepEqual(
      inCode.map(({ weight }) => weight),
      [2, 1],
    );
    for (const [i, scenario] of inFile.entries()) {
      const [file, code] = [played(scenario, RESPONSES), played((inCode[i] as Exported).scenario, RESPONSES)];
      assert.equal(file.requests.length, [18, 6][i]);
      assert.deepEqual(code.requests, file.requests);
      assert.equal(code.drawing, file.drawing);
    }
  });

  const FAILURES: readonly (readonly [what: string, responses: ScriptedResponses])[] = [
    ['a status', { ...RESPONSES, a: { ...RESPONSES.a, status: 500 } }],
    ['a missing value', { ...RESPONSES, a: { ...RESPONSES.a, json: { token: 'T' } } }],
    ['a short body', { ...RESPONSES, a: { ...RESPONSES.a, json: 1 } }],
    ['another header', { ...RESPONSES, a: { ...RESPONSES.a, headers: { 'content-type': 'text/html' } } }],
  ];
  for (const [what, responses] of FAILURES) {
    it(`ends at the same request: ${what}`, async () => {
      const file = shop.file.ammo({ random: seededRandom(1) })(0).scenario;
      const [code] = await exported('shop.ts', shop.code);
      const sent = played(file, responses as ScriptedResponses).requests;
      assert.equal(sent.length, 3);
      assert.deepEqual(played((code as Exported).scenario, responses as ScriptedResponses).requests, sent);
    });
  }

  it('waits as long: a scenario has the same times with min_waiting_time', async () => {
    const text = `requests: [{name: list, uri: /list}]
scenarios: [{name: s, requests: [list, sleep(5), list], min_waiting_time: 50}]
`;
    const { code, file, unconverted } = convert('wait.yaml', text);
    assert.deepEqual(unconverted, []);
    const times = (scenario: Scenario) =>
      playScenario(scenario, scriptedTransport(SCRIPTS, RESPONSES), { runs: 2 }).samples.map(
        ({ tag, started, ended }) => [tag.replace('.', '/'), started, ended],
      );
    const [made] = await exported('wait.ts', code);
    assert.deepEqual(times((made as Exported).scenario), times(file.ammo({ random: seededRandom(1) })(0).scenario));
  });

  it('makes random values before the request', async () => {
    const text = `requests:
  - name: list
    uri: "/list?{{randInt 5 8}}"
    headers: {X: "{{uuid}}"}
    body: "{{.request.list.preprocessor.word}}"
    preprocessor: {mapping: {word: "randString(4, ab)"}}
scenarios: [{name: s, requests: [list]}]
`;
    const { code, unconverted } = convert('random.yaml', text);
    assert.deepEqual(unconverted, []);
    const [made] = await exported('random.ts', code);
    const { requests } = played((made as Exported).scenario, RESPONSES, 20);
    for (const { target, body, headers } of requests) {
      assert.match(target, /^\/list\?[567]$/);
      assert.match(String(body), /^[ab]{4}$/);
      assert.match(String(headers[0]), /^X,[0-9a-f-]{36}$/);
    }
    assert.equal(new Set(requests.map(({ target }) => target)).size, 3);
  });

  const UNCONVERTED: readonly (readonly [what: string, text: string, reasons: readonly string[]])[] = [
    ['a condition in a template', 'uri: "/{{if true}}x{{end}}"', ['requests[0].uri: {{if}} in a template']],
    ['a pipeline', 'uri: "/{{.source.v.a | js}}"', ['requests[0].uri: a pipeline in a template']],
    ['a function of templates', 'uri: "/{{len .source.v.a}}"', ['requests[0].uri: the function len']],
    ['a template that cannot be used', 'uri: "/{{"', ['requests[0].uri: the template cannot be used: ']],
    ['a relative uri', 'uri: x', ['requests[0].uri: a uri that does not begin with a slash']],
    [
      'the templater html',
      'uri: /, templater: {type: html}',
      ['requests[0].templater: the templater html, which escapes values'],
    ],
    [
      'a value that is not set',
      'uri: "/{{.request.b.postprocessor.x}}"',
      ['requests[0].uri: nothing before has set request.b.postprocessor.x'],
    ],
    [
      'a random variable',
      'uri: "/{{.source.v.r}}"',
      ['requests[0].uri: source.v.r is a random value that is made once for a run'],
    ],
    ['rows without an index', 'uri: "/{{.source.rows}}"', ['requests[0].uri: rows is read without [next] or [rand]']],
    [
      'the last row',
      'uri: /, preprocessor: {mapping: {x: "source.rows[last].a"}}',
      ['requests[0].preprocessor.mapping.x: source.rows[last].a has an index other than [next] and [rand]'],
    ],
    [
      'modifiers of a header',
      'uri: /, postprocessors: [{type: var/header, mapping: {x: "A|lower"}}]',
      ['requests[0].postprocessors[0].mapping.x: modifiers of a header: write a function of the response'],
    ],
    [
      'a JSONPath of several values',
      'uri: /, postprocessors: [{type: var/jsonpath, mapping: {x: "$.a[*]"}}]',
      [
        'requests[0].postprocessors[0].mapping.x: a JSONPath that may select several values: use jsonAll, or a function of the response',
      ],
    ],
  ];
  const ROWS = put('rows.csv', 'a\n1\n');
  for (const [what, keys, reasons] of UNCONVERTED) {
    it(`says what is not converted: ${what}`, () => {
      const text = `variable_sources:
  - {type: variables, name: v, variables: {a: b, r: randInt}}
  - {type: file/csv, name: rows, file: "${ROWS}", ignore_first_line: true}
requests: [{name: a, ${keys}}]
scenarios: [{name: s, requests: [a]}]
`;
      const { code, unconverted } = convert('not.yaml', text);
      assert.equal(unconverted.length, reasons.length);
      for (const [i, { path, reason }] of unconverted.entries()) {
        const told = `${pathText(path)}: ${reason}`;
        assert.ok(told.startsWith(reasons[i] as string), told);
        assert.ok(code.includes(`// not converted: ${String(path.at(-1))}: ${reason}`.replaceAll(/\s+/g, ' ')), code);
      }
    });
  }

  it('says that many copies of a request with variables are not converted', () => {
    const text = `requests: [{name: a, uri: /, postprocessors: [{type: var/header, mapping: {x: A}}]}]
scenarios: [{name: s, requests: ["a(21)"]}]
`;
    const { unconverted } = convert('copies.yaml', text);
    assert.deepEqual(unconverted, [
      { path: ['scenarios', 0, 'requests', 0], reason: '21 copies of a request that sets variables: write a loop' },
    ]);
  });

  it('writes up to 20 copies of a request with variables one by one', () => {
    const text = `requests: [{name: a, uri: /, postprocessors: [{type: var/header, mapping: {x: A}}]}]
scenarios: [{name: s, requests: ["a(20)"]}]
`;
    const { code, unconverted } = convert('twenty.yaml', text);
    assert.deepEqual(unconverted, []);
    assert.equal(code.split("request('a'").length - 1, 20);
  });

  it('writes up to 100 rows into the code, and says that more are not converted', () => {
    for (const [count, reasons] of [
      [100, []],
      [101, ['goods has other columns than the first line of its file: write them there']],
    ] as const) {
      const rows = put(`rows-${count}.json`, JSON.stringify(Array.from({ length: count }, (_, id) => ({ id }))));
      const text = `variable_sources: [{type: file/json, name: goods, file: "${rows}"}]
requests: [{name: a, uri: "/{{.request.a.preprocessor.id}}", preprocessor: {mapping: {id: "source.goods[next].id"}}}]
scenarios: [{name: s, requests: [a]}]
`;
      const { code, unconverted } = convert('rows.yaml', text);
      const told = unconverted.filter(({ path }) => path.includes('preprocessor')).map(({ reason }) => reason);
      assert.deepEqual(told, reasons);
      assert.equal(code.split('{ id: ').length - 1, count === 100 ? 100 : 0);
    }
  });

  it('breaks a call that is longer than 100 characters into lines, and has at most 20 operators in a pipe', () => {
    const calls = (value: string, requests: string): string =>
      convert(
        'width.yaml',
        `requests: [{name: list, uri: /list, headers: {a: ${value}}}]\nscenarios: [{name: s, requests: [${requests}]}]\n`,
      ).code;
    const first = (code: string): string => (/ *request\(.*/.exec(code)?.[0] ?? '').trim();
    const fits = first(calls('x'.repeat(44), 'list'));
    assert.deepEqual([fits.length, fits.endsWith(' }),')], [100, true], fits);
    assert.match(first(calls('x'.repeat(45), 'list')), /\{$/);
    const pipes = (count: number): number =>
      calls('x', Array.from({ length: count }, () => 'list').join(', ')).split('.pipe(').length - 1;
    assert.deepEqual([1, 20, 21, 40, 41].map(pipes), [1, 1, 2, 2, 3]);
  });

  it('keeps to the names of TypeScript, and to the types of a pipe of 45 requests', async () => {
    const text = `requests: [{name: list, uri: /list}]
scenarios: [{name: "class", requests: [${Array.from({ length: 45 }, () => 'list').join(', ')}]}, {name: "1 x's", requests: [list], weight: -1}]
`;
    const { code } = convert('names.yaml', text);
    const [made] = await exported('names.ts', code);
    assert.equal(played((made as Exported).scenario, RESPONSES, 1).requests.length, 45);
    assert.match(code, /export const class_2 = scenario\('class'/);
    assert.match(code, /export const _1_x_s = scenario\("1 x's"/);
    assert.match(code, /export default class_2;/);
  });
});
