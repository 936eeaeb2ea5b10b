import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { HttpRow } from '../../../lib/providers/http/decoding.js';
import type { Header } from '../../../lib/providers/http/headers.js';
import { HTTP_FORMATS } from '../../../lib/providers/http/providers.js';
import { RawReader } from '../../../lib/providers/http/rawReader.js';
import { parseRawRequest, type RawRequest } from '../../../lib/providers/http/rawRequest.js';
import { BadAmmoPolicy } from '../../../lib/providers/reading/ammoError.js';
import { fakeDeps } from '../../../lib/testing/fakeDeps.js';

const FIRST = [
  'GET / HTTP/1.1',
  'POST /a?b HTTP/1.1',
  'POST http://u:8/c HTTP/1.0',
  'CONNECT h:1 HTTP/1.1',
  'GET /ä HTTP/1.1',
  'GET /x HTTP/0.9',
  'G[T / HTTP/1.1',
  'GET /',
  'GET * HTTP/2.0',
  'GET  / HTTP/1.1',
];
const LINES = [
  'Host: h',
  'host: other:80',
  'Host:',
  'A: 1',
  'a:2',
  'A :  3 ',
  'A: \t4\t',
  'Cookie: a=b; c=d',
  'Content-Length: 3',
  'content-length: 3',
  'Content-Length: 4',
  'Content-Length: 0',
  'Content-Length:',
  'Content-Length: x',
  'Connection: close',
  'Connection: Keep-Alive, x',
  'connection: upgrade',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: gzip',
  'Trailer: T',
  'Pragma: no-cache',
  'Cache-Control: max-age=1',
  ' folded',
  '\tfolded',
  'no colon',
  ': no name',
  'B: ü',
  'B: \x01',
  'B: a\rb',
];
const DEFAULTS: readonly (readonly Header[])[] = [
  [],
  [['Host', 'config']],
  [
    ['A', 'config'],
    ['User-Agent', 'x'],
  ],
];

/** A request; most have the usual form. */
const request: fc.Arbitrary<Buffer> = fc
  .record({
    first: fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...FIRST.slice(0, 3)) }, fc.constantFrom(...FIRST)),
    lines: fc.array(
      fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...LINES.slice(0, 9)) }, fc.constantFrom(...LINES)),
      { maxLength: 5 },
    ),
    end: fc.oneof({ weight: 9, arbitrary: fc.constant('\r\n') }, fc.constantFrom('\n', '\r\n ', '\r\r\n')),
    last: fc.oneof({ weight: 9, arbitrary: fc.constant('\r\n') }, fc.constantFrom('', '\n', '\r')),
    body: fc.constantFrom('', 'abc', 'abcdef', '3\r\nabc\r\n0\r\n\r\n', '\r\n\r\n'),
  })
  .map(({ first, lines, end, last, body }) =>
    Buffer.from([first, ...lines].map((line) => `${line}${end}`).join('') + last + body),
  );

const usual = (...lines: readonly string[]): Buffer => Buffer.from(['GET / HTTP/1.1', ...lines, '', ''].join('\r\n'));

const headersOf = (read: RawRequest | string): readonly Header[] => (read as RawRequest).request.headers;

describe('the reader of raw requests', () => {
  it('returns what the complete parser returns, for each of a sequence of requests', () => {
    fc.assert(
      fc.property(fc.array(request, { maxLength: 8 }), fc.constantFrom(...DEFAULTS), (requests, defaults) => {
        const reader = new RawReader(defaults);
        const all = Buffer.concat([Buffer.from('before'), ...requests, Buffer.from('A: 1\r\n\r\nafter')]);
        let at = 'before'.length;
        for (const bytes of requests) {
          const expected = parseRawRequest(bytes, defaults);
          assert.deepEqual(reader.read(all, at, at + bytes.length), expected);
          at += bytes.length;
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('shares the header lines that are the same at the same place of the request before', () => {
    const reader = new RawReader([]);
    const [first, other, same] = ['A: 1', 'A: 2', 'A: 2'].map((line) => {
      const bytes = usual('Cookie: c', line);
      return headersOf(reader.read(bytes, 0, bytes.length));
    });
    assert.equal(other?.[0], first?.[0]);
    assert.deepEqual(other?.[1], ['A', '2']);
    assert.equal(same, other);
  });

  it('remembers 64 header lines, because each keeps a head in memory', () => {
    const reader = new RawReader([]);
    const many = Array.from({ length: 80 }, (_, i) => `A${i}: 1`);
    const [first, second] = ['x', 'y'].map((value) => {
      const bytes = usual(...many, `Last: ${value}`);
      return headersOf(reader.read(bytes, 0, bytes.length));
    });
    assert.equal(second?.[63], first?.[63]);
    assert.deepEqual(second?.[64], first?.[64]);
    assert.notEqual(second?.[64], first?.[64]);
  });

  it('does not remember heads above 8 KiB', () => {
    const reader = new RawReader([]);
    const [first, second] = [8000, 8200]
      .flatMap((size) => {
        const bytes = usual('A: 1', `Long: ${'x'.repeat(size)}`);
        return [0, 1]
          .map(() => headersOf(reader.read(bytes, 0, bytes.length)))
          .map((read, _, [before]) => read === before);
      })
      .filter((_, i) => i % 2 === 1);
    assert.deepEqual([first, second], [true, false]);
  });
});

describe('the decoder of raw', () => {
  const item = (body: string): string => {
    const text = `POST / HTTP/1.1\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    return `${text.length} tag\n${text}\n`;
  };

  it('copies only the item that begins in one chunk and ends in another', () => {
    const bytes = Buffer.from(['one', 'two', 'three'].map(item).join(''));
    const cut = item('one').length + 10;
    // Copies with buffers of their own, as those of a file are.
    const chunks = [bytes.subarray(0, cut), bytes.subarray(cut)].map((chunk) => new Uint8Array(chunk));
    const troubles = new BadAmmoPolicy({ ...fakeDeps(), name: 'ammo', tolerant: false, reports: true });
    const decoder = HTTP_FORMATS.raw({ name: 'ammo', headers: [], maxSize: 0, troubles });
    const rows: HttpRow[] = [];
    for (const chunk of chunks) decoder.push(chunk, rows);
    decoder.end(rows);
    assert.equal(rows.map(({ request: { body } }) => Buffer.from(body ?? []).toString()).join(' '), 'one two three');
    const within = rows.map(({ request: { body } }) => chunks.some(({ buffer }) => buffer === body?.buffer));
    assert.deepEqual(within, [true, false, true]);
  });
});
