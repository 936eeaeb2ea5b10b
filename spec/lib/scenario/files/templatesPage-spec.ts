import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { TransportResponse } from '../../../../lib/protocols/transport.js';
import type { CompiledPostprocessor } from '../../../../lib/scenario/files/processors/postprocessor.js';
import { varHeader } from '../../../../lib/scenario/files/processors/varHeader.js';
import { varJsonPath } from '../../../../lib/scenario/files/processors/varJsonPath.js';
import { varXPath } from '../../../../lib/scenario/files/processors/varXPath.js';
import { htmlTemplate } from '../../../../lib/scenario/files/templates/html/escapeTree.js';
import { textTemplate } from '../../../../lib/scenario/files/templates/template.js';
import { insertedText } from '../../../../lib/scenario/files/values/goPrint.js';
import type { GoMap } from '../../../../lib/scenario/files/values/goValue.js';
import { countersOf } from '../../../../lib/scenario/files/values/iterator.js';
import { evaluateEntry, parseMappingEntry } from '../../../../lib/scenario/files/values/mapping.js';
import { seededRandom } from '../../../../lib/time/seededRandom.js';

const PRINT = { numbers: 'plain' } as const;
const page = readFileSync('docs/SCENARIO-TEMPLATES.md', 'utf8');
const data = JSON.parse(/```json\n([\s\S]*?)```/.exec(page)?.[1] ?? '') as GoMap;

/** The text in backticks after some words of the page. */
function shownAfter(words: string): string {
  const found = new RegExp(`${words} \`([^\`]+)\``).exec(page)?.[1];
  assert.ok(found, `the page does not say: ${words}`);
  return found;
}

const random = seededRandom(1);
const extractedFrom = (
  make: (mapping: Readonly<Record<string, string>>) => CompiledPostprocessor,
  response: TransportResponse,
) => {
  return (expression: string): string => insertedText(make({ v: expression }).extract(response).get('v'), PRINT);
};
const body = (text: string): TransportResponse => new TransportResponse(200, [], Buffer.from(text));
const [jsonBody = '', htmlBody = ''] = Array.from(page.matchAll(/With the body `([^`]+)`/gi), ([, text]) => text);
const [headerName, headerValue = ''] = shownAfter('With the header').split(': ');

/** What each kind of table shows: an expression, and the text of its value. */
const EVALUATE: Readonly<Record<string, (expression: string) => string>> = {
  template: (expression) => textTemplate(expression, PRINT).render(data, random),
  'html template': (expression) => htmlTemplate(expression, PRINT).render(data, random),
  mapping: (expression) => {
    const counters = countersOf({ shared: new WeakMap(), share: { index: 0, of: 1 } }, {});
    return insertedText(evaluateEntry(parseMappingEntry(expression), data, { random, counters, print: PRINT }), PRINT);
  },
  JSONPath: extractedFrom(varJsonPath, body(jsonBody)),
  XPath: extractedFrom(varXPath, body(htmlBody)),
  header: extractedFrom(varHeader, new TransportResponse(200, [[headerName as string, headerValue]])),
};

/** Rows of tables, by the first cell of their head. */
const tables = [...page.matchAll(/^\| (.+?) \| .+\|\n\| --- \|.*\n((?:\|.*\n)+)/gm)].map(
  ([, head = '', rows = '']) => ({
    head,
    rows: [...rows.matchAll(/^\| `(.*?)` \| `(.*?)` \|$/gm)].map(([, expression = '', text = '']) => [
      expression.replaceAll('\\|', '|'),
      text.replaceAll('\\|', '|'),
    ]),
  }),
);

describe('docs/SCENARIO-TEMPLATES.md shows what happens', () => {
  for (const [kind, evaluate] of Object.entries(EVALUATE)) {
    const rows = tables.filter(({ head }) => head === kind).flatMap((table) => table.rows);
    it(`has examples of ${kind}`, () => assert.ok(rows.length >= 4));
    for (const [expression = '', text = ''] of rows)
      it(`${kind} ${expression}`, () => assert.equal(evaluate(expression), text));
  }
});
