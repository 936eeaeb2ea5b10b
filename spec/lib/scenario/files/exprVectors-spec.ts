import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { TransportResponse } from '../../../../lib/protocols/transport.js';
import type { HttpAssertion, SizeOperator, VariableSource } from '../../../../lib/scenario/files/model.js';
import { assertResponse } from '../../../../lib/scenario/files/processors/assertResponse.js';
import type { CompiledPostprocessor } from '../../../../lib/scenario/files/processors/postprocessor.js';
import { varHeader } from '../../../../lib/scenario/files/processors/varHeader.js';
import { varJsonPath } from '../../../../lib/scenario/files/processors/varJsonPath.js';
import { varXPath } from '../../../../lib/scenario/files/processors/varXPath.js';
import { loadSources } from '../../../../lib/scenario/files/sources/sources.js';
import { htmlTemplate } from '../../../../lib/scenario/files/templates/html/escapeTree.js';
import { textTemplate } from '../../../../lib/scenario/files/templates/template.js';
import { EvaluationError } from '../../../../lib/scenario/files/values/evaluationError.js';
import { insertedText } from '../../../../lib/scenario/files/values/goPrint.js';
import type { GoMap, GoValue } from '../../../../lib/scenario/files/values/goValue.js';
import { countersOf } from '../../../../lib/scenario/files/values/iterator.js';
import { evaluateEntry, parseMappingEntry } from '../../../../lib/scenario/files/values/mapping.js';
import { seededRandom } from '../../../../lib/time/seededRandom.js';

/** What a vector expects: a value, or the name of an error. */
interface Expected {
  readonly value?: unknown;
  readonly valuePattern?: string;
  readonly absent?: boolean;
  readonly error?: string;
  readonly templatePrint?: string;
  readonly output?: string;
  readonly fails?: boolean;
  readonly kind?: string;
  readonly configError?: string;
  readonly rows?: unknown;
  readonly variables?: Readonly<Record<string, string>>;
  readonly variablesPattern?: Readonly<Record<string, string>>;
}

interface Vector {
  readonly id: string;
  readonly expect: Expected;
  readonly expr: string;
  readonly path: string;
  readonly body: string;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly responses?: number;
  readonly vars: GoMap;
  readonly sequence: readonly { readonly expr: string; readonly expect: Expected }[];
  readonly templater: 'text' | 'html';
  readonly template: string;
  readonly csv: string;
  readonly config: { readonly fields?: readonly string[]; readonly ignore_first_line?: boolean };
  readonly assert: {
    readonly body?: readonly string[];
    readonly size?: { readonly op?: string; readonly val: number };
  };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
}

const all = JSON.parse(readFileSync('spec/vectors/scenario-expr.json', 'utf8')) as Readonly<
  Record<string, { readonly vectors: readonly Vector[] }>
>;
const vectorsOf = (kind: string): readonly Vector[] => all[kind]?.vectors ?? [];
const GO = { numbers: 'go' } as const;

const responseOf = (body: string, headers: Readonly<Record<string, string>> = {}, status = 200): TransportResponse =>
  new TransportResponse(status, Object.entries(headers), Buffer.from(body));

/** The code of the error that a call throws. */
function codeOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof EvaluationError) return error.code;
    throw error;
  }
  return 'no error';
}

/** Proves that a postprocessor extracts what a vector expects into `v`. */
function provesExtracted({ extract }: CompiledPostprocessor, response: TransportResponse, expected: Expected): void {
  if (expected.error !== undefined) {
    assert.equal(
      codeOf(() => extract(response)),
      expected.error,
    );
    return;
  }
  const variables = extract(response);
  if (expected.absent === true) assert.equal(variables.has('v'), false);
  else assert.deepEqual(variables.get('v'), expected.value);
  if (expected.templatePrint !== undefined) assert.equal(insertedText(variables.get('v'), GO), expected.templatePrint);
}

describe('vectors of header modifiers', () => {
  for (const { id, expr, responseHeaders, expect, responses = 1 } of vectorsOf('headerModifiers'))
    it(id, () => {
      const postprocessor = varHeader({ v: expr });
      for (let i = 0; i < responses; i++) provesExtracted(postprocessor, responseOf('', responseHeaders), expect);
    });
});

describe('vectors of JSONPath', () => {
  for (const { id, path, body, expect } of vectorsOf('jsonpath'))
    it(id, () => provesExtracted(varJsonPath({ v: path }), responseOf(body), expect));
});

describe('vectors of XPath', () => {
  for (const { id, path, body, expect } of vectorsOf('xpath'))
    it(id, () => provesExtracted(varXPath({ v: path }), responseOf(body), expect));
});

describe('vectors of assertions', () => {
  const OPERATORS: Readonly<Record<string, SizeOperator>> = {
    eq: 'eq',
    '=': 'eq',
    lt: 'lt',
    '<': 'lt',
    gt: 'gt',
    '>': 'gt',
  };
  // The others are refused when the file is read.
  const played = vectorsOf('assertResponse').filter(({ expect }) => expect.configError === undefined);
  for (const { id, assert: checks, response, expect } of played)
    it(id, () => {
      const assertion: HttpAssertion = {
        path: [],
        type: 'assert/response',
        body: checks.body ?? [],
        headers: {},
        statusCode: 0,
        size: checks.size && { val: checks.size.val, op: OPERATORS[checks.size.op ?? ''] as SizeOperator },
      };
      const { extract } = assertResponse(assertion);
      const call = (): unknown => extract(responseOf(response.body, response.headers, response.status));
      assert.equal(codeOf(call), expect.fails === true ? expect.kind : 'no error');
    });
});

describe('vectors of mappings', () => {
  for (const { id, vars, sequence } of vectorsOf('mapping'))
    describe(id, () => {
      const random = seededRandom(1);
      const counters = countersOf({ shared: new WeakMap(), share: { index: 0, of: 1 } }, {});
      const evaluate = (expr: string): GoValue =>
        evaluateEntry(parseMappingEntry(expr), vars, { random, counters, print: GO });
      for (const { expr, expect } of sequence)
        it(expr, () => {
          if (expect.error !== undefined)
            assert.equal(
              codeOf(() => evaluate(expr)),
              expect.error,
            );
          else if (expect.valuePattern !== undefined)
            assert.match(String(evaluate(expr)), new RegExp(expect.valuePattern));
          else assert.deepEqual(evaluate(expr), expect.value);
        });
    });
});

describe('vectors of templates', () => {
  for (const { id, templater, template, vars, expect } of vectorsOf('templates'))
    it(`${id} ${template}`, () => {
      const render = (): string =>
        (templater === 'html' ? htmlTemplate : textTemplate)(template, GO).render(vars, seededRandom(1));
      if (expect.error === undefined) assert.equal(render(), expect.output);
      else assert.equal(codeOf(render), expect.error);
    });
});

const folder = mkdtempSync(join(tmpdir(), 'elpis-sources-'));
after(() => rmSync(folder, { recursive: true }));

function loaded(source: VariableSource): { readonly value: GoValue; readonly issues: readonly string[] } {
  const { issues, values } = loadSources([source], GO);
  return { value: values(seededRandom(1))[source.name], issues: issues.map(({ expected }) => expected) };
}

describe('vectors of CSV', () => {
  for (const { id, csv, config, expect } of vectorsOf('csv'))
    it(id, () => {
      const file = join(folder, `${id}.csv`);
      writeFileSync(file, csv);
      const { value, issues } = loaded({
        path: ['variable_sources', 0],
        type: 'file/csv',
        name: 'u',
        file,
        fields: config.fields ?? [],
        ignoreFirstLine: config.ignore_first_line ?? false,
        delimiter: '',
      });
      if (expect.error !== undefined) {
        assert.equal(issues.length, 1);
        return;
      }
      assert.deepEqual(issues, []);
      assert.deepEqual(
        (value as readonly GoMap[]).map((row) => ({ ...row })),
        expect.rows,
      );
    });
});

describe('vectors of variables', () => {
  const variables = (written: Readonly<Record<string, unknown>>): ReturnType<typeof loaded> =>
    loaded({ path: ['variable_sources', 0], type: 'variables', name: 'v', variables: written });

  it('vars-equal', () => {
    assert.match(variables({ a: 'randInt(5,5)' }).issues.join(), /both bounds are 5/);
  });

  it('vars-noparens', () => {
    const { a, b } = variables({ a: 'randString', b: 'randString ()' }).value as Record<string, string>;
    assert.match(a as string, /^[A-Za-z0-9_-]$/);
    assert.equal(b, 'randString ()');
  });

  it('every vector has a test', () => {
    assert.deepEqual(
      vectorsOf('variables').map(({ id }) => id),
      ['vars-equal', 'vars-noparens'],
    );
  });
});
