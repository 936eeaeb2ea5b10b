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
});
