import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isElpisError } from '../../../../lib/core/errors.js';
import { TransportResponse } from '../../../../lib/protocols/transport.js';
import { css, cssAll } from '../../../../lib/scenario/extractors/css.js';
import { type Extractor, header, orElse, regex } from '../../../../lib/scenario/extractors/extractor.js';
import { jsonAll, jsonPath } from '../../../../lib/scenario/extractors/json.js';
import { xpath, xpathAll } from '../../../../lib/scenario/extractors/xpath.js';

const HTML = `<!doctype html><title>Shop</title>
<form><input name="csrf" value="a&amp;b"><input name=empty value=""></form>
<ul class="goods"><li data-id=1><a href="/1"> Lamp </a><li data-id=2><a href="/2">Jar <b>blue</b></a></ul>`;
const JSON_TEXT =
  '{"id":7,"name":"ann","none":null,"goods":[{"id":1,"price":5},{"id":2,"price":50}],"deep":{"ok":true}}';
const html = new TransportResponse(
  200,
  [
    ['Location', '/next'],
    ['X', '1'],
    ['x', '2'],
  ],
  Buffer.from(HTML),
);
const json = new TransportResponse(200, [], Buffer.from(JSON_TEXT));
const text = new TransportResponse(200, [], Buffer.from('order 77, order 78'));
const found = <T>(extractor: Extractor<T>, response: TransportResponse): T | undefined =>
  extractor(response, undefined as never);
const isNumber = (value: unknown): value is number => typeof value === 'number';

describe('extractors', () => {
  const rows: [sentence: string, extractor: Extractor<unknown>, response: TransportResponse, value: unknown][] = [
    ['a JSONPath gives text', jsonPath('$.name'), json, 'ann'],
    ['a number as text', jsonPath('$.id'), json, '7'],
    ['an object as JSON', jsonPath('$.deep'), json, '{"ok":true}'],
    ['null is not there', jsonPath('$.none'), json, undefined],
    ['what is not there', jsonPath('$.other'), json, undefined],
    ['with a guard, the value itself', jsonPath('$.id', isNumber), json, 7],
    ['a guard refuses', jsonPath('$.name', isNumber), json, undefined],
    ['a filter', jsonPath('$.goods[?@.price < 10].id'), json, '1'],
    ['no JSON at all', jsonPath('$.id'), text, undefined],
    ['all that a JSONPath selects', jsonAll('$.goods[*].id'), json, ['1', '2']],
    ['all of nothing', jsonAll('$.goods[*].other'), json, undefined],
    ['a header, in any case', header('LOCATION'), html, '/next'],
    ['the first of several', header('x'), html, '1'],
    ['no header', header('y'), html, undefined],
    ['the first group', regex(/order (\d+)/), text, '77'],
    ['the whole match', regex(/order \d+/g), text, 'order 77'],
    ['a group by number', regex(/(order) (\d+)/, 2), text, '77'],
    ['a group by name', regex(/order (?<id>\d+)/, 'id'), text, '77'],
    ['no match', regex(/cart/), text, undefined],
    ['an attribute by CSS', css('input[name=csrf]', 'value'), html, 'a&b'],
    ['an empty attribute is there', css('input[name=empty]', 'value'), html, ''],
    ['a text by CSS', css('ul.goods li:first-child a'), html, 'Lamp'],
    ['a text with elements in it', css('li[data-id="2"]'), html, 'Jar blue'],
    ['nothing by CSS', css('table'), html, undefined],
    ['no such attribute', css('li', 'href'), html, undefined],
    ['all by CSS', cssAll('.goods a', 'href'), html, ['/1', '/2']],
    ['all of nothing by CSS', cssAll('table'), html, undefined],
    ['an attribute by XPath', xpath('//input[@name="csrf"]/@value'), html, 'a&b'],
    ['a text by XPath', xpath('//li[2]/a'), html, 'Jar blue'],
    ['a count by XPath', xpath('count(//li)'), html, '2'],
    ['a string by XPath', xpath('string(//title)'), html, 'Shop'],
    ['nothing by XPath', xpath('//table'), html, undefined],
    ['an empty string by XPath', xpath('string(//table)'), html, undefined],
    ['all by XPath', xpathAll('//ul[@class="goods"]//a/@href'), html, ['/1', '/2']],
    ['all of nothing by XPath', xpathAll('//table'), html, undefined],
    ['XPath on what is no HTML', xpath('//a'), text, undefined],
    ['a value instead', orElse(header('y'), 'none'), html, 'none'],
    ['an unused alternative', orElse(header('x'), 'none'), html, '1'],
  ];
  for (const [sentence, extractor, response, value] of rows) {
    it(sentence, () => {
      assert.deepEqual(found(extractor, response), value);
      assert.deepEqual(found(extractor, response), value, 'and again');
    });
  }

  const refusals: [make: () => unknown, message: RegExp][] = [
    [() => jsonPath('a['), /"a\[" is not a JSONPath/],
    [() => jsonPath(''), /"" is not a JSONPath/],
    [() => css('a['), /"a\[" is not a CSS selector/],
    [() => css(' '), /" " is not a CSS selector/],
    [() => xpath('//a['), /"\/\/a\[" is not an XPath/],
    [() => xpath(''), /"" is not an XPath/],
  ];
  for (const [make, message] of refusals) {
    it(`refuses: ${message.source}`, () =>
      assert.throws(make, (error) => isElpisError(error, 'ELPIS_CONFIG') && message.test(error.message)));
  }

  it('a page without a root, and names that XPath does not know', () => {
    const part = new TransportResponse(200, [], Buffer.from('<li>1<li @click="x" id=a>2<a:b>3</a:b>'));
    assert.deepEqual(found(xpathAll('//li'), part), ['1', '23']);
    assert.equal(found(xpath('//li/@id'), part), 'a');
    assert.equal(found(xpath('//li'), new TransportResponse(200)), undefined);
  });
});
