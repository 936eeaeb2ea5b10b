import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { bytesText, msText, percentText, rateText, sparkline } from '../../../../lib/observers/screen/figures.js';
import { beside, box, cell, fit, lineWidth, paint, span, title } from '../../../../lib/observers/screen/line.js';
import { printable, textWidth } from '../../../../lib/observers/screen/textWidth.js';

describe('textWidth', () => {
  const rows: readonly (readonly [text: string, width: number, sentence: string])[] = [
    ['', 0, 'nothing'],
    ['login', 5, 'letters'],
    ['Größe', 5, 'letters with marks in one character'],
    ['e\u0301', 1, 'a letter and a combining mark'],
    ['カート', 6, 'katakana'],
    ['支付', 4, 'Chinese'],
    ['결제', 4, 'Korean'],
    ['ﾊﾝｶｸ', 4, 'halfwidth katakana'],
    ['✅ 🚀', 5, 'emoji'],
    ['👍🏽', 2, 'an emoji with a colour of skin'],
    ['█▁─│━╴▾', 7, 'the blocks and rules of the screen'],
  ];
  for (const [text, width, sentence] of rows) it(`${sentence}: ${width}`, () => assert.equal(textWidth(text), width));

  it('printable replaces what could control a terminal', () =>
    assert.equal(printable('a\x1b[2Jb\nc\u202ed\u2028e\x9bf'), 'a?[2Jb?c?d?e?f'));
});

describe('lines of the screen', () => {
  it('a cell is filled or cut to its width, on either side', () => {
    assert.deepEqual(
      [cell('ab', 4), cell('ab', 4, 'right'), cell('abcdef', 4), cell('abc', 0)],
      ['ab  ', '  ab', 'abc…', ''],
    );
    assert.deepEqual([cell('カート', 4), cell('カート', 5), cell('カート', 6)], ['カ… ', 'カー…', 'カート']);
  });

  it('property: a cell and a fitted line have exactly their width, for any text', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 4 }),
        fc.integer({ min: 1, max: 30 }),
        (texts, width) => {
          assert.equal(textWidth(cell(texts.join(' '), width)), width);
          assert.equal(
            lineWidth(
              fit(
                texts.map((text) => span(text)),
                width,
              ),
            ),
            width,
          );
        },
      ),
    );
  });

  it('a line that is too long is cut with an ellipsis, and keeps its looks', () => {
    const line = fit([span('abc', 'bold'), span('def', 'bad'), span('ghi')], 5);
    assert.deepEqual(line, [span('abc', 'bold'), span('d…', 'bad')]);
  });

  it('panels stand side by side with a rule, and have a height', () => {
    const drawn = beside(box([[span('a')]], 2, 2), box([[span('b')], [span('c')], [span('d')]], 3, 2));
    assert.deepEqual(
      drawn.map((line) => paint(line, 0)),
      ['a │b  ', '  │c  '],
    );
  });

  it('a title has its note at the end', () => {
    assert.equal(paint(title('tags', 20, 'all'), 0), '─ tags ───────── all');
    assert.equal(paint(title('tags', 6), 0), '─ tag…');
  });

  it('is painted without codes, in 16 and in 256 colours', () => {
    const line = [span('a', 'bad'), span('b')];
    assert.deepEqual(
      [paint(line, 0), paint(line, 16), paint(line, 256)],
      ['ab', '\x1b[31;1ma\x1b[0mb', '\x1b[38;5;167;1ma\x1b[0mb'],
    );
  });

  it('a level of heat has two halves in 256 colours, and a shade without; a small level is not invisible', () => {
    const heat = (upper: number, lower: number) => ({ text: ' ', tone: { upper, lower } });
    const cells = [heat(0, 0), heat(1, 0), heat(0, 0.001), heat(0.5, 1)];
    assert.deepEqual(
      cells.map((one) => paint([one], 0)),
      [' ', '█', '░', '█'],
    );
    assert.deepEqual(
      cells.map((one) => paint([one], 256)),
      [' ', '\x1b[38;5;229m▀\x1b[0m', '\x1b[38;5;17m▄\x1b[0m', '\x1b[38;5;108;48;5;229m▀\x1b[0m'],
    );
  });
});

describe('figures', () => {
  it('a sparkline is scaled to its largest value; a gap is blank, and a zero is not', () => {
    assert.equal(sparkline([0, 1, null, 4, 8]), '▁▁ ▄█');
    assert.equal(sparkline([1, 2], 4), '▂▄');
    assert.equal(sparkline([]), '');
  });

  it('percent: a small part is never 0, and a missing part never 100', () => {
    const parts = [0, 0.00001, 0.0123, 0.123, 0.9912, 0.99999, 1, null, Number.NaN];
    assert.deepEqual(parts.map(percentText), [
      '0 %',
      '<0.01 %',
      '1.23 %',
      '12.3 %',
      '99.12 %',
      '>99.99 %',
      '100 %',
      '-',
      '-',
    ]);
  });

  it('times, rates and bytes are short', () => {
    assert.deepEqual([msText(undefined), msText(null), msText(1.5)], ['-', '-', '1.500']);
    assert.deepEqual(
      [rateText(undefined), rateText(null), rateText(0), rateText(49.98), rateText(1200)],
      ['-', '-', '0', '50.0', '1,200'],
    );
    assert.deepEqual(
      [bytesText(null), bytesText(10), bytesText(2000), bytesText(5e7)],
      ['-', '10 B', '2.0 KiB', '47.7 MiB'],
    );
  });
});
