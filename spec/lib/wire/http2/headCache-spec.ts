import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HeadCache } from '../../../../lib/wire/http2/headCache.js';
import type { ReceivedHead } from '../../../../lib/wire/http2/streamListener.js';

const HEAD: ReceivedHead = { status: 200, fields: [], length: -1 };

describe('HeadCache', () => {
  it('keeps blocks of up to 2048 bytes', () => {
    for (const [length, kept] of [
      [1, true],
      [2048, true],
      [2049, false],
    ] as const) {
      const cache = new HeadCache();
      const block = new Uint8Array(length).fill(7);
      const find = (): ReceivedHead | undefined => cache.find(block, 0, length, false, true);
      assert.equal(find(), undefined);
      cache.learn(block, 0, length, false, HEAD, true);
      assert.equal(find(), kept ? HEAD : undefined, `${length} bytes`);
    }
  });

  it('returns a block that was used before the last one, of heads and of trailers each', () => {
    const cache = new HeadCache();
    const wire = new Uint8Array(64);
    const heads = new Map<string, ReceivedHead>();
    const find = (text: string, trailing: boolean): ReceivedHead | undefined => {
      // At a place of the shared buffer that is not a multiple of four.
      wire.set(Buffer.from(text), 3);
      return cache.find(wire, 3, 3 + text.length, trailing, true);
    };
    const learn = (text: string, trailing: boolean): void => {
      assert.equal(find(text, trailing), undefined, text);
      const head = { ...HEAD };
      heads.set(`${text} ${trailing}`, head);
      cache.learn(wire, 3, 3 + text.length, trailing, head, true);
    };
    for (const text of ['abcde', 'abcdf', 'abcd', 'bbcde']) for (const trailing of [false, true]) learn(text, trailing);
    for (const text of ['abcde', 'abcde', 'bbcde', 'abcdf', 'abcd']) {
      for (const trailing of [false, true, true]) assert.equal(find(text, trailing), heads.get(`${text} ${trailing}`));
    }
  });

  it('the block that was used last is not returned for a table with room, when it means this only without room', () => {
    const cache = new HeadCache();
    const block = Uint8Array.of(1, 2, 3, 4, 5);
    assert.equal(cache.find(block, 0, 5, false, true), undefined);
    cache.learn(block, 0, 5, false, HEAD, false);
    assert.deepEqual([cache.find(block, 0, 5, false, true), cache.find(block, 0, 5, false, false)], [HEAD, undefined]);
  });
});
