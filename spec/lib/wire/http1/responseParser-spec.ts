import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CAPTURE_NOTHING } from '../../../../lib/wire/http1/capture.js';
import { ResponseHeadCache } from '../../../../lib/wire/http1/parser/headCache.js';
import { CHUNK_LINE_LIMIT, HEAD_LIMIT, ResponseParser } from '../../../../lib/wire/http1/parser/responseParser.js';
import { parserOnAnything, parserOnValid, parserWithCache } from '../../../../scripts/soak/fuzzers/parser.js';
import { type ReadResponse, readResponse } from './readResponse.js';

const whole = (text: string, head = false, close = false): ReadResponse =>
  readResponse([Buffer.from(text)], head, close);
const bytewise = (text: string, head = false, close = false): ReadResponse =>
  readResponse(
    [...Buffer.from(text)].map((byte) => Uint8Array.of(byte)),
    head,
    close,
  );

type Row = [sentence: string, text: string, expected: Partial<ReadResponse>, head?: boolean, close?: boolean];
const OK = 'HTTP/1.1 200 OK\r\n';

const COMPLETE: Row[] = [
  ['a sized body', `${OK}Content-Length: 5\r\n\r\nhello`, { status: 200, body: 5, keep: true }],
  ['an empty body', `${OK}Content-Length: 0\r\n\r\n`, { body: 0, keep: true }],
  ['header names in any case', `${OK}cOnTeNt-LENGTH:5\r\n\r\nhello`, { body: 5 }],
  ['blanks around a value', `${OK}Content-Length: \t 5 \t\r\n\r\nhello`, { body: 5 }],
  ['the same length twice', `${OK}Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello`, { body: 5 }],
  ['no reason phrase', 'HTTP/1.1 204\r\n\r\n', { status: 204, keep: true }],
  ['an empty reason phrase', 'HTTP/1.1 304 \r\nContent-Length: 9\r\n\r\n', { status: 304, keep: true }],
  ['bare line feeds', 'HTTP/1.1 200 OK\nContent-Length: 5\nX: y\n\nhello', { body: 5, keep: true }],
  ['a folded header', `${OK}X: a\r\n b\r\nContent-Length:\r\n\t5\r\n\r\nhello`, { body: 5 }],
  ['a folded blank continuation', `${OK}Content-Length: 5\r\n \r\n\r\nhello`, { body: 5 }],
  ['a response to HEAD has no body', `${OK}Content-Length: 5\r\n\r\n`, { body: 0, keep: true }, true],
  ['Connection: close', `${OK}Connection: close\r\nContent-Length: 1\r\n\r\nx`, { keep: false }],
  ['close in a list', `${OK}Connection: foo, Close\r\nContent-Length: 1\r\n\r\nx`, { keep: false }],
  ['close as part of a word is nothing', `${OK}Connection: closed\r\nContent-Length: 1\r\n\r\nx`, { keep: true }],
  ['HTTP/1.0 closes', 'HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx', { keep: false }],
  ['HTTP/1.0 may keep', 'HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 1\r\n\r\nx', { keep: true }],
  [
    'HTTP/1.0 has no chunks',
    'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\nx',
    { body: 1 },
  ],
  [
    'an interim response',
    `HTTP/1.1 103 Early\r\nLink: x\r\n\r\n${OK}Content-Length: 2\r\n\r\nhi`,
    { status: 200, body: 2 },
  ],
  ['a continue', `HTTP/1.1 100 Continue\r\n\r\n${OK}Content-Length: 2\r\n\r\nhi`, { status: 200, body: 2 }],
  ['switching protocols is final', 'HTTP/1.1 101 Switching\r\n\r\n', { status: 101, keep: false }],
  [
    'chunks',
    `${OK}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nA\r\n0123456789\r\n0\r\n\r\n`,
    { body: 15, keep: true },
  ],
  ['chunk extensions', `${OK}Transfer-Encoding: Chunked\r\n\r\n5 ;a=b;c\r\nhello\r\n0;x\r\n\r\n`, { body: 5 }],
  [
    'trailers',
    `${OK}Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nA: b\r\n C\r\nD: e\r\n\r\n`,
    { body: 1, keep: true },
  ],
  ['chunks with bare line feeds', `${OK}Transfer-Encoding: chunked\n\n3\nabc\n0\n\n`, { body: 3, keep: true }],
  ['chunks beat a length', `${OK}Content-Length: 99\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, { body: 0 }],
  ['a body that ends with the connection', `${OK}\r\nall of this`, { body: 11, keep: true }, false, true],
];

const BROKEN: Row[] = [
  ['a blank first line', '\r\n', { reason: 'malformed status line' }],
  ['another protocol', 'SSH-2.0-OpenSSH_9.6\r\n', { reason: 'malformed status line' }],
  ['a version with letters', 'HTTP/1.x 200 OK\r\n', { reason: 'malformed HTTP version' }],
  ['a short status', 'HTTP/1.1 20 OK\r\n', { reason: 'malformed status code' }],
  ['a long status', 'HTTP/1.1 2000 OK\r\n', { reason: 'malformed status code' }],
  ['a status with letters', 'HTTP/1.1 2x0 OK\r\n', { reason: 'malformed status code' }],
  ['a header without a colon', `${OK}what\r\n\r\n`, { reason: 'malformed header line' }],
  ['a blank before the colon', `${OK}A : b\r\n\r\n`, { reason: 'malformed header line' }],
  ['a first header that is folded', `${OK} A: b\r\n\r\n`, { reason: 'malformed header line' }],
  ['a length with letters', `${OK}Content-Length: 5a\r\n\r\n`, { reason: 'bad Content-Length' }],
  ['a negative length', `${OK}Content-Length: -1\r\n\r\n`, { reason: 'bad Content-Length' }],
  ['a length beyond counting', `${OK}Content-Length: 99999999999999999\r\n\r\n`, { reason: 'bad Content-Length' }],
  [
    'lengths that differ',
    `${OK}Content-Length: 1\r\nContent-Length: 2\r\n\r\n`,
    { reason: 'two different Content-Lengths' },
  ],
  ['another coding', `${OK}Transfer-Encoding: gzip, chunked\r\n\r\n`, { reason: 'unsupported Transfer-Encoding' }],
  [
    'a chunk size that is none',
    `${OK}Transfer-Encoding: chunked\r\n\r\nxyz\r\n`,
    { status: 200, reason: 'malformed chunk size' },
  ],
  ['an empty chunk size', `${OK}Transfer-Encoding: chunked\r\n\r\n\r\n`, { reason: 'malformed chunk size' }],
  [
    'a chunk size beyond counting',
    `${OK}Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n`,
    { reason: 'malformed chunk size' },
  ],
  [
    'a chunk longer than its size',
    `${OK}Transfer-Encoding: chunked\r\n\r\n1\r\nxy\r\n`,
    { body: 1, reason: 'malformed chunk' },
  ],
  ['nothing and a close', '', { reason: 'closed early' }, false, true],
  ['half a head and a close', `${OK}A: b\r\n`, { status: 0, reason: 'closed early' }, false, true],
  [
    'half a body and a close',
    `${OK}Content-Length: 5\r\n\r\nhel`,
    { status: 200, body: 3, reason: 'the body is too short' },
    false,
    true,
  ],
  [
    'half the chunks and a close',
    `${OK}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n`,
    { body: 5, reason: 'the body is too short' },
    false,
    true,
  ],
];

const part = (outcome: ReadResponse, expected: Partial<ReadResponse>): Partial<ReadResponse> =>
  Object.fromEntries(Object.entries(outcome).filter(([key]) => key in expected));

describe('ResponseParser', () => {
  for (const [sentence, text, expected, head, close] of COMPLETE) {
    it(`reads ${sentence}`, () => {
      const full = { state: 'done', left: 0, ...expected } as const;
      assert.deepEqual(part(whole(text, head, close), full), full);
      assert.deepEqual(bytewise(text, head, close), whole(text, head, close));
    });
  }

  for (const [sentence, text, expected, head, close] of BROKEN) {
    it(`refuses ${sentence}`, () => {
      const full = { state: 'failed', ...expected } as const;
      assert.deepEqual(part(whole(text, head, close), full), full);
      assert.deepEqual(part(bytewise(text, head, close), full), full);
    });
  }

  it('reads the same with the head of any other response in the cache', () => {
    const rows = [...COMPLETE, ...BROKEN];
    for (const [, first, , firstHead = false, firstClose = false] of rows)
      for (const [sentence, text, , head = false, close = false] of rows) {
        if (head !== firstHead) continue;
        const memo = new ResponseHeadCache();
        readResponse([Buffer.from(first)], head, firstClose, memo);
        const expected = whole(text, head, close);
        for (const again of ['once', 'twice'])
          assert.deepEqual(readResponse([Buffer.from(text)], head, close, memo), expected, `${sentence}, ${again}`);
        const cut = Math.floor(text.length / 2);
        const halves = [Buffer.from(text.slice(0, cut)), Buffer.from(text.slice(cut))];
        assert.deepEqual(readResponse(halves, head, close, memo), expected, `${sentence}, in halves`);
      }
  });

  it('stops at the end of the response and leaves the rest unread', () => {
    const outcome = whole(`${OK}Content-Length: 2\r\n\r\nhi${OK}`);
    assert.deepEqual(part(outcome, { state: 'done', left: 0 }), { state: 'done', left: OK.length });
  });

  it('is ready for the next response after begin', () => {
    const parser = new ResponseParser();
    for (const status of [200, 404, 500]) {
      parser.begin(false);
      const bytes = Buffer.from(`HTTP/1.1 ${status} X\r\nContent-Length: 1\r\n\r\nx`);
      parser.feed(bytes, 0, bytes.length);
      assert.deepEqual([parser.done, parser.status, parser.bodyBytes], [true, status, 1]);
    }
  });

  const ENDLESS: [string, string, string, string, number][] = [
    ['an endless header', `${OK}A: `, 'x'.repeat(8192), 'headers too long', HEAD_LIMIT],
    ['endless headers', OK, 'A: b\r\n'.repeat(1000), 'headers too long', HEAD_LIMIT],
    ['endless folds', `${OK}A: b\r\n`, ' c\r\n'.repeat(1000), 'headers too long', HEAD_LIMIT],
    ['endless interim responses', '', 'HTTP/1.1 102 Wait\r\n\r\n'.repeat(200), 'headers too long', HEAD_LIMIT],
    ['an endless status line', 'HTTP/1.1 200 ', 'O'.repeat(8192), 'headers too long', HEAD_LIMIT],
    [
      'endless trailers',
      `${OK}Transfer-Encoding: chunked\r\n\r\n0\r\n`,
      'A: b\r\n'.repeat(1000),
      'headers too long',
      HEAD_LIMIT,
    ],
    [
      'an endless chunk extension',
      `${OK}Transfer-Encoding: chunked\r\n\r\n1;`,
      'x'.repeat(512),
      'chunk line too long',
      CHUNK_LINE_LIMIT,
    ],
  ];
  for (const [sentence, start, more, reason, limit] of ENDLESS) {
    it(`gives up on ${sentence} within its limit`, () => {
      const parser = new ResponseParser();
      parser.begin(false);
      parser.feed(Buffer.from(start), 0, Buffer.byteLength(start));
      const bytes = Buffer.from(more);
      let fed = 0;
      while (!parser.failed && fed < limit * 2) fed += parser.feed(bytes, 0, bytes.length);
      assert.equal(parser.reason, reason);
      assert.ok(fed <= limit, `read ${fed} bytes`);
    });
  }

  it('keeps what the rule asks for, folded lines joined', () => {
    const parser = new ResponseParser({ ...CAPTURE_NOTHING, fromStatus: 500, redirects: true, maxBody: 1 << 20 });
    const feed = (text: string): void => {
      parser.begin(false);
      for (const byte of Buffer.from(text)) parser.feed(Uint8Array.of(byte), 0, 1);
    };
    feed('HTTP/1.1 200 OK\r\nLocation: /a\r\nContent-Length: 2\r\n\r\nhi');
    assert.deepEqual(parser.capture.lines, []);
    feed('HTTP/1.1 302 Found\r\nA: x\r\n y\r\nLocation: /a\r\nContent-Length: 2\r\n\r\nhi');
    assert.deepEqual(parser.capture.lines, ['HTTP/1.1 302 Found', 'A: x y', 'Location: /a', 'Content-Length: 2']);
    assert.equal(parser.capture.header('location'), '/a');
    assert.equal(parser.capture.body.length, 0);
    feed('HTTP/1.1 500 Oops\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n1\r\n!\r\n0\r\n\r\n');
    assert.equal(parser.capture.body.toString(), 'hi!');
  });

  for (const { holds, runs, assert: holdsTrue } of [parserOnValid, parserWithCache, parserOnAnything])
    it(`fuzzed: ${holds}`, () => holdsTrue(runs));
});
