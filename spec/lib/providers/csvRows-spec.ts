import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { CsvRows } from '../../../lib/providers/templates/csvRows.js';

const format = { name: 'data', delimiter: ',', quotes: true };

function rows(text: string, more: Partial<typeof format> = {}): string[][] {
  const read = new CsvRows(Buffer.from(text), { ...format, ...more });
  return Array.from({ length: read.length }, (_, row) => read.fields(row));
}

const CASES: readonly (readonly [
  sentence: string,
  text: string,
  expected: string[][],
  more?: Partial<typeof format>,
])[] = [
  [
    'rows and fields',
    'a,b\n1,2\n',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  ['no line end at the end', 'a\n1', [['a'], ['1']]],
  [
    'CR LF, and empty lines between',
    'a,b\r\n\r\n1,2\r\n\r\n',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  [
    'empty fields',
    ',\n,\n',
    [
      ['', ''],
      ['', ''],
    ],
  ],
  [
    'quotes',
    '"a","b,c"\n"x ""y""","z\nw"\n',
    [
      ['a', 'b,c'],
      ['x "y"', 'z\nw'],
    ],
  ],
  [
    'quotes and CR LF',
    'a,"b"\r\n1,"2"\r\n',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  ['an empty field in quotes', 'a\n""\n', [['a'], ['']]],
  ['quotes as ordinary characters', 'a"b,c\n', [['a"b', 'c']], { quotes: false }],
  ['another delimiter', 'a;b,c\n', [['a', 'b,c']], { delimiter: ';' }],
  ['a byte order mark', '\uFEFFa\n1\n', [['a'], ['1']]],
  ['nothing', '', []],
];

const BAD: readonly (readonly [sentence: string, text: string, message: string])[] = [
  ['fields too few', 'a,b\n1,2\n3\n', 'data:3: the row has 1 fields, the first one 2'],
  ['fields too many, after lines in quotes', 'a\n"x\ny"\n1,2', 'data:4: the row has 2 fields, the first one 1'],
  ['a quote that is not closed', 'a\n"1\n2', 'data:2: a quote is not closed'],
  ['a quote in the middle', 'a\nb"c"\n', 'data:2: there is a quote inside a field that does not begin with a quote'],
  ['text after quotes', 'a\n"b"c\n', 'data:2: there is text after a quoted field'],
];

describe('rows of CSV', () => {
  for (const [sentence, text, expected, more] of CASES)
    it(sentence, () => assert.deepEqual(rows(text, more), expected));
  for (const [sentence, text, message] of BAD)
    it(`refuses ${sentence}`, () => assert.throws(() => rows(text), { message }));

  it('are those that csv-parse reads, or both refuse the text', () => {
    const text = fc
      .array(fc.constantFrom('a', 'é', ',', '"', '\n', '\r\n', '""', 'b c'), { maxLength: 24 })
      .map((parts) => parts.join(''));
    const attempt = (read: () => string[][]): string[][] | 'refused' => {
      try {
        return read();
      } catch {
        return 'refused';
      }
    };
    fc.assert(
      fc.property(text, (csv) => {
        const expected = attempt(
          () => parse(csv, { bom: true, skip_empty_lines: true, record_delimiter: ['\r\n', '\n'] }) as string[][],
        );
        assert.deepEqual(
          attempt(() => rows(csv)),
          expected,
        );
      }),
      { numRuns: 3000 },
    );
  });

  it('never hang on bytes of any kind, nor on a file that is cut anywhere', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        try {
          const read = new CsvRows(Buffer.from(bytes), format);
          for (let row = 0; row < read.length; row++) assert.equal(read.fields(row).length, read.fields(0).length);
        } catch (error) {
          assert.match(String(error), /data:\d+: /);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
