import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { TransportResponse } from '../../../../../lib/protocols/transport.js';
import { varJsonPath } from '../../../../../lib/scenario/files/processors/varJsonPath.js';
import { varXPath } from '../../../../../lib/scenario/files/processors/varXPath.js';
import { EvaluationError } from '../../../../../lib/scenario/files/values/evaluationError.js';
import { EXTRACT_CASES, type ExtractCase } from './extractCases.js';

const VECTORS = 'spec/vectors/go-extract.json';

/** What Pandora's libraries give: a value, or an error. */
interface GoResult {
  readonly value?: unknown;
  readonly error?: string;
}
type Vector = ExtractCase & GoResult;

// With UPDATE=1 the vectors are written anew; Go then needs its module proxy.
if (process.env.UPDATE === '1') {
  const options = { cwd: 'scripts/go/extract', input: JSON.stringify(EXTRACT_CASES), encoding: 'utf8' } as const;
  const results = JSON.parse(execFileSync('go', ['run', '.'], options)) as GoResult[];
  const lines = EXTRACT_CASES.map((each, i) => JSON.stringify({ ...each, ...results[i] }));
  writeFileSync(VECTORS, `[\n${lines.join(',\n')}\n]\n`);
}
const vectors = JSON.parse(readFileSync(VECTORS, 'utf8')) as readonly Vector[];

/** Where the order of a map decides, which Go leaves to chance. */
const unordered = (path: string): boolean => path.includes('*') || path.includes('..');
const sorted = (value: unknown): unknown =>
  Array.isArray(value) ? value.map((each) => JSON.stringify(each)).sort() : value;

describe('JSONPath and XPath find what the libraries of Pandora find', () => {
  for (const { kind, path, body, value, error } of vectors)
    it(`${kind} ${path} in ${body.slice(0, 40)}`, () => {
      const { extract } = kind === 'jsonpath' ? varJsonPath({ v: path }) : varXPath({ v: path });
      const found = (): unknown => extract(new TransportResponse(200, [], Buffer.from(body))).get('v');
      if (error !== undefined) assert.throws(found, EvaluationError, error);
      else if (unordered(path) && kind === 'jsonpath') assert.deepEqual(sorted(found()), sorted(value));
      else assert.deepEqual(found(), value);
    });

  it('the vectors are those of the cases', () => {
    assert.deepEqual(
      vectors.map(({ kind, path, body }) => ({ kind, path, body })),
      EXTRACT_CASES,
    );
  });
});
