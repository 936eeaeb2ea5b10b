import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { ProxyHead } from '../../../../lib/wire/dial/proxyHead.js';

/** Feeds a text in pieces. Returns the status, how many bytes the head has, and the problem. */
function read(text: string, cuts: readonly number[] = []): [status: number, length: number, problem: string] {
  const bytes = Buffer.from(text, 'latin1');
  const head = new ProxyHead();
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  let start = 0;
  for (const end of ends) {
    const piece = bytes.subarray(start, end);
    const used = head.feed(piece, piece.length);
    start += used;
    if (head.done || head.problem !== '') return [head.status, start, head.problem];
  }
  return [head.status, -1, head.problem];
}

describe('ProxyHead', () => {
  const rows: readonly (readonly [sentence: string, text: string, status: number, length: number])[] = [
    ['a status line alone', 'HTTP/1.1 200 OK\r\n\r\n', 200, 19],
    ['a status line without a reason', 'HTTP/1.0 200\r\n\r\n', 200, 16],
    ['headers', 'HTTP/1.1 200 Connection established\r\nVia: x\r\nA: b\r\n\r\n', 200, 53],
    ['line ends without CR', 'HTTP/1.1 407 No\nA: b\n\n', 407, 22],
    ['bytes after the head, which are not part of it', 'HTTP/1.1 200 OK\r\n\r\nabc', 200, 19],
    ['a head that is not complete', 'HTTP/1.1 200 OK\r\nA: b\r\n', 200, -1],
  ];
  for (const [sentence, text, status, length] of rows) {
    it(`reads ${sentence}`, () => {
      assert.deepEqual(read(text), [status, length, '']);
    });
  }

  const refused: readonly (readonly [sentence: string, text: string, problem: RegExp])[] = [
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n', /"SSH-2.0-OpenSSH_9.2" is no status line/],
    ['an empty first line', '\r\nHTTP/1.1 200 OK\r\n\r\n', /"" is no status line/],
    ['HTTP/2', 'HTTP/2 200\r\n\r\n', /no status line/],
    ['a status of two digits', 'HTTP/1.1 20 OK\r\n\r\n', /no status line/],
    ['the status 000', 'HTTP/1.1 000 OK\r\n\r\n', /no status line/],
    ['a first line without an end', 'H'.repeat(1025), /first line is longer than 1024 bytes/],
    ['a head without an end', `HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(11_000)}`, /head is longer than 65536 bytes/],
  ];
  for (const [sentence, text, problem] of refused) {
    it(`refuses ${sentence}`, () => {
      assert.match(read(text)[2], problem);
    });
  }

  it('reads the longest head, and refuses one byte more', () => {
    const start = 'HTTP/1.1 200 OK\r\nA: ';
    const filled = (length: number): string => `${start}${'x'.repeat(length - start.length - 4)}\r\n\r\n`;
    assert.deepEqual(read(filled(65_536)), [200, 65_536, '']);
    assert.match(read(filled(65_537))[2], /longer than/);
  });

  it('reads any split of a head like the whole', () => {
    const pieces = fc.constantFrom('HTTP/1.1 200 OK', '\r\n', '\n', 'a: b', '\r', 'x', ' ');
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), fc.array(fc.nat(200), { maxLength: 8 }), (parts, cuts) => {
        const text = `HTTP/1.1 200 OK\r\n${parts.join('')}`;
        assert.deepEqual(read(text, cuts), read(text));
      }),
    );
  });

  it('never accepts more bytes than it has read', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const head = new ProxyHead();
        const used = head.feed(bytes, bytes.length);
        assert.ok(used <= bytes.length && (used === bytes.length || head.done || head.problem !== ''));
      }),
    );
  });
});
