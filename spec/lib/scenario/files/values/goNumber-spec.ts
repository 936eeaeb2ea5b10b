import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatFloat } from '../../../../../lib/scenario/files/values/goNumber.js';

describe('formatFloat with many digits', () => {
  // Printed by Go 1.24. A double has up to 767 of them; Go prints all, and rounds the last.
  const rows: [value: number, format: 'e' | 'f' | 'g', precision: number, text: string][] = [
    [0.1, 'f', 40, '0.1000000000000000055511151231257827021182'],
    [1e-17, 'f', 60, '0.000000000000000010000000000000000715424240546219245085280562'],
    [
      1e-20,
      'f',
      100,
      '0.0000000000000000000099999999999999994515327145420957165172950370278739244710771577606678306437970605',
    ],
    [0.1, 'e', 30, '1.000000000000000055511151231258e-01'],
    [0.3, 'g', 30, '0.299999999999999988897769753748'],
    [1 / 3, 'f', 50, '0.33333333333333331482961625624739099293947219848633'],
    [5e-324, 'f', 3, '0.000'],
  ];
  for (const [value, format, precision, text] of rows) {
    it(`%.${precision}${format} of ${value} is that of Go`, () => {
      assert.equal(formatFloat(value, format, precision), text);
    });
  }
});
