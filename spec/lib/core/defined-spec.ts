import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defined } from '../../../lib/core/defined.js';
import { excerpt } from '../../../lib/core/errorContext.js';

describe('defined', () => {
  it('leaves out what is undefined, and nothing else', () => {
    const kept = defined({ a: 0, b: '', c: null, d: false, e: undefined });
    assert.deepEqual(Object.keys(kept), ['a', 'b', 'c', 'd']);
    assert.deepEqual(kept, { a: 0, b: '', c: null, d: false });
  });
});

describe('excerpt', () => {
  for (const [sentence, text, expected] of [
    ['makes control characters visible', 'a\tb\0', '"a\\tb\\u0000"'],
    ['shows 80 characters whole', 'x'.repeat(80), `"${'x'.repeat(80)}"`],
    ['shows 60 of more, and how many there are', 'x'.repeat(81), `"${'x'.repeat(60)}"... (81 characters)`],
  ] as const) {
    it(sentence, () => assert.equal(excerpt(text), expected));
  }
});
