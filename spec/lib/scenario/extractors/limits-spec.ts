import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TransportResponse } from '../../../../lib/protocols/transport.js';
import { bodyHas, headerIs, jsonIs, type Test } from '../../../../lib/scenario/checks.js';
import { css } from '../../../../lib/scenario/extractors/css.js';
import { type Extractor, regex } from '../../../../lib/scenario/extractors/extractor.js';
import { HTML_DEPTH, MAX_ATTRIBUTES } from '../../../../lib/scenario/extractors/htmlDocument.js';
import { jsonAll, jsonPath } from '../../../../lib/scenario/extractors/json.js';
import { xpath } from '../../../../lib/scenario/extractors/xpath.js';
import { check } from '../../../../lib/scenario/steps/check.js';
import { extract } from '../../../../lib/scenario/steps/extract.js';
import { get } from '../../../../lib/scenario/steps/request.js';
import { play } from '../draw.js';

const nested = (open: string, close: string, depth: number): string => open.repeat(depth) + close.repeat(depth);
const attributes = (count: number): string =>
  `<a ${Array.from({ length: count }, (_, i) => `a${i}="1"`).join(' ')}>x</a>`;
const BACKTRACKS = `${'a'.repeat(40)}!`;

/** Failures of a scenario that gets that body. An error of the run is thrown. */
function failures(body: string, extractor: Extractor<unknown> | undefined, test?: Test): string[] {
  const { samples, error } = play(
    (flow) =>
      flow.pipe(get('a', '/page'), extractor === undefined ? check({ x: test as Test }) : extract({ x: extractor })),
    { scripts: { 'GET /page': 'p' }, responses: { p: { body, headers: { Long: body.slice(0, 10_000) } } } },
  );
  if (error !== undefined) throw error;
  return samples.map(({ error: name }) => name);
}

describe('what a target sends is a failed sample at most', () => {
  const slow = 'took over 500 ms';
  const rows: [what: string, body: string, extractor: Extractor<unknown>, why: string][] = [
    ['JSON nested 100,000 deep', nested('[', ']', 100_000), jsonPath('$[0]'), 'JSON nested over 512 deep'],
    [
      'JSON nested 5,000 deep',
      `${nested('{"a":', '', 5000)}1${'}'.repeat(5000)}`,
      jsonAll('$..a'),
      'JSON nested over 512 deep',
    ],
    ['HTML nested 20,000 deep, by CSS', nested('<div>', '</div>', 20_000), css('p'), 'HTML nested over 512 deep'],
    ['HTML nested 20,000 deep, by XPath', nested('<div>', '</div>', 20_000), xpath('//p'), 'HTML nested over 512 deep'],
    ['100,000 attributes', attributes(100_000), xpath('//@a5'), 'an element has over 1000 attributes'],
    ['an expression that backtracks', BACKTRACKS, regex(/^(a+)+$/), slow],
    ['alternatives that backtrack', BACKTRACKS, regex(/^(a|aa)*$/), slow],
    ['selectors that try all siblings', '<i></i>'.repeat(3000), css('b ~ i ~ i ~ i'), slow],
    ['a path that multiplies', nested('[', ']', 500), jsonAll('$..*..*..*..*'), slow],
  ];
  for (const [what, body, extractor, why] of rows)
    it(what, () => {
      const name = `extract: x (${why})`;
      assert.deepEqual(failures(body, extractor), [name, name]);
    });

  const tests: [what: string, body: string, test: Test, why: string][] = [
    ['a check of the body that backtracks', BACKTRACKS, bodyHas(/^(a+)+$/), slow],
    ['a check of a header that backtracks', BACKTRACKS, headerIs('long', /^(a+)+$/), slow],
    ['a check of JSON that is too deep', nested('[', ']', 5000), jsonIs('$..x'), 'JSON nested over 512 deep'],
  ];
  for (const [what, body, test, why] of tests)
    it(what, () => {
      const name = `check: x (${why})`;
      assert.deepEqual(failures(body, undefined, test), [name, name]);
    });

  it('is within the limits as long as it can be', () => {
    assert.deepEqual(failures(nested('[', ']', 512), jsonAll('$..*')), ['', '']);
    assert.deepEqual(failures(nested('<i>', '</i>', HTML_DEPTH), css('i:last-child')), ['', '']);
    assert.deepEqual(failures(attributes(MAX_ATTRIBUTES), xpath('//@a5')), ['', '']);
    assert.deepEqual(failures(`x${'"'.repeat(2)}`, regex(/^x(["']+)+$/)), ['', '']);
  });

  it('is queried once more only until the first limit', () => {
    const response = new TransportResponse(200, [], Buffer.from(BACKTRACKS));
    const find = regex(/^(a+)+$/);
    const quick = regex(/(?:a|!)/);
    assert.throws(() => find(response, undefined as never), /took over 500 ms/);
    assert.throws(() => quick(response, undefined as never), /took over 500 ms/);
  });
});

describe('a response with brackets in its texts', () => {
  it('is not deep', () => {
    const text = JSON.stringify({ a: `${'['.repeat(2000)}\\"`, b: '{'.repeat(2000) });
    assert.equal(new TransportResponse(200, [], Buffer.from(text)).json === undefined, false);
  });

  it('has no JSON when it is nested over 512 deep', () => {
    const json = (depth: number): unknown => new TransportResponse(200, [], Buffer.from(nested('[', ']', depth))).json;
    assert.deepEqual([json(513), json(512) === undefined], [undefined, false]);
  });
});
