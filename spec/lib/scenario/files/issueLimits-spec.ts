import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readText } from './readFile.js';

const items = (count: number): string => Array.from({ length: count }, (_, i) => `x${i}`).join(', ');
const scenarios = (lists: number, each: number): string =>
  Array.from({ length: lists }, (_, i) => `{name: s${i}, requests: [${items(each)}]}`).join(', ');
const errorsOf = (name: string, text: string): number => readText(name, text).errors.length;

const attributes = (count: number): string => Array.from({ length: count }, (_, i) => `x${i} = 1\n`).join('');

describe('a scenario file in which nearly everything is wrong', () => {
  const rows: [sentence: string, name: string, text: string, errors: number][] = [
    ['one list of requests: 20', 's.yaml', `requests: [{name: a}]\nscenarios: [${scenarios(1, 30)}]`, 20],
    ['two lists of requests: 40', 's.yaml', `requests: [{name: a}]\nscenarios: [${scenarios(2, 30)}]`, 40],
    ['many lists of requests: 100', 's.yaml', `requests: [{name: a}]\nscenarios: [${scenarios(9, 15)}]`, 100],
    ['HCL with 90 unknown attributes and no scenario: 91', 's.hcl', attributes(90), 91],
    ['HCL with 150 unknown attributes and no scenario: 101', 's.hcl', attributes(150), 101],
    [
      'HCL with 150 values that cannot be computed: 100',
      's.hcl',
      `variable_source "v" "variables" {\n  variables = {}\n}\n${Array.from({ length: 150 }, (_, i) => `scenario "s${i}" {\n  requests = local.no\n}\n`).join('')}`,
      100,
    ],
  ];
  for (const [sentence, name, text, errors] of rows) {
    it(`has so many errors for ${sentence}`, () => assert.equal(errorsOf(name, text), errors));
  }
});
