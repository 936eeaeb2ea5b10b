import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ResponseHeadCache } from '../../../../lib/wire/http1/parser/headCache.js';
import { ResponseFraming } from '../../../../lib/wire/http1/parser/responseFraming.js';

const HEAD = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n');
const framing = new ResponseFraming();
framing.status = 200;
framing.length = 2;

describe('ResponseHeadCache', () => {
  it('is empty at first, then matches the learnt head, at any offset', () => {
    const memo = new ResponseHeadCache();
    assert.equal(memo.match(HEAD, 0, HEAD.length), 0);
    memo.learn(HEAD, 0, HEAD.length, framing);
    const response = Buffer.concat([Buffer.from('xx'), HEAD, Buffer.from('hi')]);
    assert.equal(memo.match(response, 2, response.length), HEAD.length);
    assert.deepEqual([memo.framing.status, memo.framing.length, memo.framing.keepAlive], [200, 2, true]);
  });

  it('matches only the whole head, to the last byte', () => {
    const memo = new ResponseHeadCache();
    memo.learn(HEAD, 0, HEAD.length, framing);
    assert.equal(memo.match(HEAD, 0, HEAD.length - 1), 0);
    const other = Buffer.from(HEAD);
    other[HEAD.length - 5] = 51;
    assert.equal(memo.match(other, 0, other.length), 0);
  });

  it('finds a difference in any byte, in memory of its own and in shared memory', () => {
    for (const shared of [false, true])
      for (let length = HEAD.length - 4; length <= HEAD.length; length++)
        for (let at = 0; at < length; at++) {
          const memo = new ResponseHeadCache();
          memo.learn(HEAD, 0, length, framing);
          const memory = shared ? new Uint8Array(HEAD.length + 9) : new Uint8Array(HEAD.length);
          const other = memory.subarray(shared ? 3 : 0);
          other.set(HEAD);
          assert.equal(memo.match(other, 0, other.length), length);
          other[at] = (other[at] as number) ^ 1;
          assert.equal(memo.match(other, 0, other.length), 0, `byte ${at} of ${length}`);
        }
  });

  it('stops after 16 different heads; a repeated head restarts the count', () => {
    const memo = new ResponseHeadCache();
    const numbered = (i: number): Buffer => Buffer.from(`HTTP/1.1 200 OK\r\nX: ${i}\r\n\r\n`);
    for (let i = 0; i < 15; i++) memo.learn(numbered(i), 0, numbered(i).length, framing);
    assert.ok(memo.match(numbered(14), 0, numbered(14).length) > 0);
    for (let i = 0; i < 17; i++) memo.learn(numbered(i), 0, numbered(i).length, framing);
    assert.equal(memo.match(numbered(16), 0, numbered(16).length), 0);
  });

  it('does not keep a head above 2 kB', () => {
    const memo = new ResponseHeadCache();
    const long = Buffer.from(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(2048)}\r\n\r\n`);
    memo.learn(long, 0, long.length, framing);
    assert.equal(memo.match(long, 0, long.length), 0);
  });
});
