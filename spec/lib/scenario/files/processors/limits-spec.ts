import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TransportResponse } from '../../../../../lib/protocols/transport.js';
import type { CompiledPostprocessor } from '../../../../../lib/scenario/files/processors/postprocessor.js';
import { varHeader } from '../../../../../lib/scenario/files/processors/varHeader.js';
import { varJsonPath } from '../../../../../lib/scenario/files/processors/varJsonPath.js';
import { varXPath } from '../../../../../lib/scenario/files/processors/varXPath.js';
import { EvaluationError } from '../../../../../lib/scenario/files/values/evaluationError.js';

type Make = (mapping: Readonly<Record<string, string>>) => CompiledPostprocessor;

function codeOf(
  make: Make,
  expression: string,
  body: string,
  headers: readonly (readonly [string, string])[] = [],
): string {
  try {
    make({ v: expression }).extract(new TransportResponse(200, headers, Buffer.from(body)));
  } catch (error) {
    assert.ok(error instanceof EvaluationError, String(error));
    return error.code;
  }
  return 'fine';
}

const list = (length: number): string => JSON.stringify(Array.from({ length }, () => 0));
const brackets = (depth: number): string => `$.a[${'('.repeat(depth)}"b"${')'.repeat(depth)}]`;
const attributes = (count: number): string => Array.from({ length: count }, (_, i) => `a${i}`).join(' ');
const ABC = '{"a": {"b": 1}}';

describe('what a response or an expression may make of memory and time', () => {
  const rows: [what: string, code: () => string, expected: string][] = [
    ['a path in 90 brackets', () => codeOf(varJsonPath, brackets(90), ABC), 'fine'],
    ['a path in 5,000 brackets', () => codeOf(varJsonPath, brackets(5000), ABC), 'path-syntax'],
    ['a path in 150 brackets', () => codeOf(varJsonPath, brackets(150), ABC), 'path-syntax'],
    ['a path of 4,096 characters', () => codeOf(varJsonPath, `$.${'a'.repeat(4094)}`, ABC), 'missing-key'],
    ['a path of 4,097 characters', () => codeOf(varJsonPath, `$.${'a'.repeat(4095)}`, ABC), 'path-syntax'],
    ['100,000 values', () => codeOf(varJsonPath, '$[*]', list(100_000)), 'fine'],
    ['100,001 values', () => codeOf(varJsonPath, '$[*]', list(100_001)), 'too-long'],
    ['100,001 values of a filter', () => codeOf(varJsonPath, '$[?(@ == 0)]', list(100_001)), 'too-long'],
    ['a filter of quadratic time', () => codeOf(varJsonPath, '$[?(@ == $..x)]', list(30_000)), 'too-slow'],
    ['JSON nested 512 deep', () => codeOf(varJsonPath, '$', '['.repeat(512) + ']'.repeat(512)), 'fine'],
    ['JSON nested 513 deep', () => codeOf(varJsonPath, '$', '['.repeat(513) + ']'.repeat(513)), 'too-deep'],
    ['an XPath of 4,097 characters', () => codeOf(varXPath, `//${'a'.repeat(4095)}`, '<p>'), 'path-syntax'],
    ['an XPath of 4,096 characters', () => codeOf(varXPath, `//${'a'.repeat(4094)}`, '<p>'), 'fine'],
    ['an element with 1,000 attributes', () => codeOf(varXPath, '//p', `<p ${attributes(1000)}>`), 'fine'],
    ['an element with 1,001 attributes', () => codeOf(varXPath, '//p', `<p ${attributes(1001)}>`), 'too-long'],
    ['HTML nested 400 deep', () => codeOf(varXPath, '//p', '<div>'.repeat(400)), 'fine'],
    ['HTML nested 600 deep', () => codeOf(varXPath, '//p', '<div>'.repeat(600)), 'too-deep'],
    [
      'a header that grows to 1 MiB',
      () => codeOf(varHeader, `X${'|replace(a, aa)'.repeat(20)}`, '', [['X', 'a']]),
      'fine',
    ],
    [
      'a header that grows beyond',
      () => codeOf(varHeader, `X${'|replace(a, aa)'.repeat(40)}`, '', [['X', 'a']]),
      'too-long',
    ],
    ['a search for nothing', () => codeOf(varHeader, `X${'|replace(, aa)'.repeat(40)}`, '', [['X', 'a']]), 'too-long'],
  ];
  for (const [what, code, expected] of rows) it(`${what}: ${expected}`, () => assert.equal(code(), expected));
});
