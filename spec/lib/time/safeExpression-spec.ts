import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { safeLength } from '../../../lib/time/safeExpression.js';

describe('safeLength', () => {
  const rows: [expression: RegExp, length: number, why: string][] = [
    [/order/, Number.POSITIVE_INFINITY, 'a text'],
    [/a|b/, Number.POSITIVE_INFINITY, 'alternatives outside of groups'],
    [/[*+?{|(]/, Number.POSITIVE_INFINITY, 'signs in a class'],
    [/\*\+\?\(\|/, Number.POSITIVE_INFINITY, 'escaped signs'],
    [/order (\d+)/, 4096, 'one quantifier'],
    [/order (?<id>\d+?)/, 4096, 'a lazy quantifier in a named group'],
    [/(?=a)(?:b)(?<!c)d*/, 4096, 'groups that are no quantifiers'],
    [/(a+)+/, 0, 'a quantifier in a quantifier'],
    [/a+b+/, 0, 'two quantifiers'],
    [/(a{1,9}){1,9}/, 0, 'counted repetitions'],
    [/(a|aa)*/, 0, 'alternatives in a repeated group'],
    [/(a|a)(a|a)/, 0, 'alternatives in groups'],
    [/(a*)\1/, 0, 'a reference to a group by number'],
    [/(?<x>a*)\k<x>/, 0, 'a reference to a group by name'],
  ];
  for (const [expression, length, why] of rows)
    it(`${why}: ${expression} is safe up to ${length} characters`, () => assert.equal(safeLength(expression), length));
});
