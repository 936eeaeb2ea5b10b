import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TextCache } from '../../../lib/aggregators/encoding/encodedBatch.js';

/** A cache, and the texts that it has written out, in order. */
function cached() {
  const written: string[] = [];
  const cache = new TextCache((text) => {
    if (text !== '') written.push(text);
    return `<${text}>`;
  });
  return { cache, written };
}
const texts = (count: number): string[] => Array.from({ length: count }, (_, i) => `text ${i}`);

describe('TextCache', () => {
  it('encodes each text once and returns its UTF-8 bytes', () => {
    const { cache, written } = cached();
    for (const text of ['a', 'ö', 'a', 'ö', '', 'a'])
      assert.equal(Buffer.from(cache.bytes(text)).toString(), `<${text}>`);
    assert.deepEqual(written, ['a', 'ö']);
  });

  it('holds 4096 texts', () => {
    const { cache, written } = cached();
    for (const text of [...texts(4096), ...texts(4096)]) cache.bytes(text);
    assert.equal(written.length, 4096);
  });

  it('holds no more than that: with one text more it is emptied', () => {
    const { cache, written } = cached();
    for (const text of texts(4097)) cache.bytes(text);
    cache.bytes('text 0');
    assert.deepEqual(written.slice(4096), ['text 4096', 'text 0']);
    cache.bytes('text 4096');
    assert.equal(written.length, 4098);
  });

  it('holds texts of up to 1024 characters; a longer one is encoded each time', () => {
    const [longest, longer] = ['x'.repeat(1024), 'x'.repeat(1025)];
    const { cache, written } = cached();
    for (const text of [longest, 'a', longest, 'a', longest]) cache.bytes(text);
    assert.deepEqual(written, [longest, 'a']);
    for (const text of [longer, 'a', longer]) assert.equal(cache.bytes(text).length, text.length + 2);
    assert.deepEqual(written.slice(2), [longer, longer]);
  });
});
