import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { exactJsonText, parseExactJson } from '../../../lib/protocols/exactJson.js';

describe('parseExactJson', () => {
  const rows: readonly (readonly [says: string, text: string, value: unknown])[] = [
    ['a safe integer is a number', '9007199254740991', 9007199254740991],
    ['the first that is not is a bigint', '9007199254740993', 9007199254740993n],
    [
      'so is the greatest of 64 bits',
      '[18446744073709551615,-9223372036854775808]',
      [18446744073709551615n, -9223372036854775808n],
    ],
    ['16 digits that fit stay a number', '1234567890123456', 1234567890123456],
    [
      'a fraction and an exponent stay a number',
      '[12345678901234567.5,12345678901234567e3]',
      [Number('12345678901234567.5'), Number('12345678901234567e3')],
    ],
    ['digits in a text stay a text', '{"a":"12345678901234567890"}', { a: '12345678901234567890' }],
    ['digits in a name stay a name', '{"12345678901234567890":1}', { '12345678901234567890': 1 }],
    [
      'texts like marks stay texts',
      '["#12345678901234567890","##",12345678901234567890,"\\u0023"]',
      ['#12345678901234567890', '##', 12345678901234567890n, '#'],
    ],
    ['a quoted quote ends no text', '["\\"12345678901234567890",1]', ['"12345678901234567890', 1]],
  ];
  for (const [says, text, value] of rows) it(says, () => assert.deepEqual(parseExactJson(text), value));

  it('throws for what is not JSON', () => {
    for (const text of ['', '{', '12345678901234567890x', '[1,]'])
      assert.throws(() => parseExactJson(text), SyntaxError);
  });

  it('reads what exactJsonText writes', () => {
    const leaf = fc.oneof(
      fc.string(),
      fc.boolean(),
      fc.constant(null),
      fc.integer(),
      fc.bigInt({ min: 2n ** 53n, max: 2n ** 70n }),
    );
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        leaf,
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.string(), tie('value'), { maxKeys: 4 }),
      ),
    })).value;
    fc.assert(
      fc.property(value, (each) => {
        const text = exactJsonText(each as Parameters<typeof exactJsonText>[0]);
        assert.equal(exactJsonText(parseExactJson(text)), text);
      }),
    );
  });

  it('refuses what is nested too deep with a SyntaxError, as everything that it cannot read', () => {
    const text = `${'['.repeat(100_000)}12345678901234567890${']'.repeat(100_000)}`;
    assert.throws(() => parseExactJson(text), { name: 'SyntaxError', message: 'it is nested too deep' });
  });
});
