import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CAPTURE_NOTHING, ResponseRecorder } from '../../../../lib/wire/http1/capture.js';

const MIB = 1024 * 1024;
const LIMIT = 16 * MIB;
const ERRORS = { ...CAPTURE_NOTHING, fromStatus: 400, redirects: true, maxBody: LIMIT };

/** A capture of a response with a body in pieces of these sizes. */
function captured(status: number, ...sizes: readonly number[]): ResponseRecorder {
  const capture = new ResponseRecorder();
  capture.begin(ERRORS, status);
  for (const size of sizes) capture.content(Buffer.alloc(size, 'x'), 0, size);
  return capture;
}

describe('ResponseRecorder', () => {
  const ROWS: readonly (readonly [sentence: string, sizes: readonly number[], kept: number, truncated: boolean])[] = [
    ['no body', [], 0, false],
    ['a body in pieces', [10, 20], 30, false],
    ['a body of the limit, 16 MiB', [LIMIT], LIMIT, false],
    ['a byte more than the limit, in one piece', [LIMIT + 1], LIMIT, true],
    ['a piece that crosses the limit', [10 * MIB, 10 * MIB], LIMIT, true],
    ['pieces beyond the limit', [LIMIT, 1, 1], LIMIT, true],
  ];
  for (const [sentence, sizes, kept, truncated] of ROWS)
    it(`${sentence}: keeps ${kept} bytes${truncated ? ' and says that there were more' : ''}`, () => {
      const capture = captured(500, ...sizes);
      assert.deepEqual([capture.body.length, capture.truncated], [kept, truncated]);
    });

  it('begins anew for the next response', () => {
    const capture = captured(500, LIMIT + 1);
    capture.reset();
    assert.deepEqual([capture.body.length, capture.truncated, capture.whole, capture.active], [0, false, false, false]);
    capture.begin(ERRORS, 500);
    capture.content(Buffer.from('abc'), 1, 3);
    assert.deepEqual([capture.body.toString(), capture.truncated], ['bc', false]);
  });

  it('keeps no body below its status, and of a redirect the head only', () => {
    const redirect = captured(302, 10);
    redirect.line(Buffer.from('HTTP/1.1 302 Found'), 0, 18);
    redirect.line(Buffer.from('Location: /a'), 0, 12);
    assert.deepEqual([redirect.body.length, redirect.whole, redirect.header('location')], [0, false, '/a']);
    const good = captured(200, 10);
    assert.deepEqual([good.body.length, good.active], [0, false]);
    const nothing = new ResponseRecorder();
    nothing.begin(CAPTURE_NOTHING, 599);
    assert.equal(nothing.active, false);
  });
});
