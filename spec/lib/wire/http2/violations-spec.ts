import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  ACK,
  block,
  data,
  END_HEADERS,
  END_STREAM,
  frame,
  headers,
  PADDED,
  PRIORITY,
  response,
  settings,
  words,
} from './peer.js';
import { HEAD as HEAD_REQUEST, WiredClient } from './wiredClient.js';

const HEAD = { ':status': '200' };
/** One stream, id 1, is open; id 3 was never opened. */
type Row = [sentence: string, bytes: Buffer | Buffer[], expected: string];
const all = (bytes: Buffer | Buffer[]): Buffer => (Array.isArray(bytes) ? Buffer.concat(bytes) : bytes);

/** Errors of the connection: GOAWAY with the code of RFC 9113, the socket is closed, the stream fails. */
const CONNECTION: Row[] = [
  ['DATA on stream 0', data(0, 'x'), '1 protocol error'],
  ['DATA on a stream that was never opened', data(3, 'x'), '1 protocol error'],
  ['DATA on a stream of the server', data(2, 'x'), '1 protocol error'],
  ['DATA padded beyond its payload', [headers(1, HEAD), frame('DATA', PADDED, 1, '\x05abc')], '1 protocol error'],
  ['DATA padded without a payload', [headers(1, HEAD), frame('DATA', PADDED, 1)], '6 frame size error'],
  ['HEADERS on stream 0', headers(0, HEAD), '1 protocol error'],
  ['HEADERS on a stream that was never opened', headers(3, HEAD), '1 protocol error'],
  ['HEADERS padded beyond its payload', frame('HEADERS', PADDED | END_HEADERS, 1, '\x05abc'), '1 protocol error'],
  ['HEADERS padded without a payload', frame('HEADERS', PADDED | END_HEADERS, 1), '1 protocol error'],
  ['HEADERS too short for its priority', frame('HEADERS', PRIORITY | END_HEADERS, 1, 'abc'), '1 protocol error'],
  ['HEADERS that cannot be decoded', frame('HEADERS', END_HEADERS, 1, '\x80'), '9 compression error'],
  ['HEADERS in the middle of a block', [frame('HEADERS', 0, 1, block(HEAD)), headers(1, HEAD)], '1 protocol error'],
  ['DATA in the middle of a block', [frame('HEADERS', 0, 1, block(HEAD)), data(1, 'x')], '1 protocol error'],
  [
    'an unknown frame in the middle of a block',
    [frame('HEADERS', 0, 1, block(HEAD)), frame(0xbe, 0, 0)],
    '1 protocol error',
  ],
  [
    'CONTINUATION of another stream',
    [frame('HEADERS', 0, 1, block(HEAD)), frame('CONTINUATION', END_HEADERS, 3)],
    '1 protocol error',
  ],
  ['CONTINUATION without a block', frame('CONTINUATION', END_HEADERS, 1), '1 protocol error'],
  ['PRIORITY on stream 0', frame('PRIORITY', 0, 0, words(0, 0).subarray(0, 5)), '1 protocol error'],
  ['PRIORITY of 4 bytes', frame('PRIORITY', 0, 1, words(0)), '6 frame size error'],
  ['RST_STREAM on stream 0', frame('RST_STREAM', 0, 0, words(8)), '1 protocol error'],
  ['RST_STREAM on a stream that was never opened', frame('RST_STREAM', 0, 3, words(8)), '1 protocol error'],
  ['RST_STREAM of 3 bytes', frame('RST_STREAM', 0, 1, 'abc'), '6 frame size error'],
  ['SETTINGS on a stream', frame('SETTINGS', 0, 1), '1 protocol error'],
  ['SETTINGS of 5 bytes', frame('SETTINGS', 0, 0, 'abcde'), '6 frame size error'],
  ['an acknowledgement of SETTINGS with a payload', frame('SETTINGS', ACK, 0, 'abcdef'), '6 frame size error'],
  ['ENABLE_PUSH 1', settings({ 2: 1 }), '1 protocol error'],
  ['INITIAL_WINDOW_SIZE 2^31', settings({ 4: 2 ** 31 }), '3 flow control error'],
  ['MAX_FRAME_SIZE 16383', settings({ 5: 16_383 }), '1 protocol error'],
  ['MAX_FRAME_SIZE 2^24', settings({ 5: 2 ** 24 }), '1 protocol error'],
  ['PUSH_PROMISE', frame('PUSH_PROMISE', END_HEADERS, 1, words(2)), '1 protocol error'],
  ['PING on a stream', frame('PING', 0, 1, '12345678'), '1 protocol error'],
  ['PING of 7 bytes', frame('PING', 0, 0, '1234567'), '6 frame size error'],
  ['GOAWAY on a stream', frame('GOAWAY', 0, 1, words(1, 0)), '1 protocol error'],
  ['GOAWAY of 7 bytes', frame('GOAWAY', 0, 0, '1234567'), '6 frame size error'],
  ['WINDOW_UPDATE of 3 bytes', frame('WINDOW_UPDATE', 0, 0, 'abc'), '6 frame size error'],
  ['WINDOW_UPDATE by 0 for the connection', frame('WINDOW_UPDATE', 0, 0, words(0)), '1 protocol error'],
  [
    'WINDOW_UPDATE above 2^31 - 1 for the connection',
    frame('WINDOW_UPDATE', 0, 0, words(2 ** 31 - 1)),
    '3 flow control error',
  ],
  ['WINDOW_UPDATE on a stream that was never opened', frame('WINDOW_UPDATE', 0, 3, words(1)), '1 protocol error'],
  ['a frame of 16385 bytes', frame('PING', 0, 0, 'x'.repeat(16_385)), '6 frame size error'],
  ['DATA of 16385 bytes', [headers(1, HEAD), data(1, 'x'.repeat(16_385))], '6 frame size error'],
];

/** Errors of one stream: RST_STREAM with the code of RFC 9113, the connection goes on. */
const STREAM: Row[] = [
  ['DATA before the head', data(1, 'x'), '1 http2: protocol error'],
  ['no :status', headers(1, { a: 'b' }), '1 http2: protocol error'],
  ['an empty head', headers(1, {}), '1 http2: protocol error'],
  [':status after a field', headers(1, { a: 'b', ':status': '200' }), '1 http2: protocol error'],
  ['a pseudo-header of requests', headers(1, { ':status': '200', ':path': '/' }), '1 http2: protocol error'],
  [':status of two digits', headers(1, { ':status': '20' }), '1 http2: protocol error'],
  [':status 099', headers(1, { ':status': '099' }), '1 http2: protocol error'],
  ['status 101', headers(1, { ':status': '101' }), '1 http2: protocol error'],
  ['an interim response that ends the stream', headers(1, { ':status': '103' }, END_STREAM), '1 http2: protocol error'],
  ['a name with a capital letter', headers(1, { ...HEAD, Abc: 'd' }), '1 http2: protocol error'],
  ['a name with a blank', headers(1, { ...HEAD, 'a b': 'd' }), '1 http2: protocol error'],
  ['an empty name', headers(1, { ...HEAD, '': 'd' }), '1 http2: protocol error'],
  ['a value with a line end', headers(1, { ...HEAD, a: 'b\nc' }), '1 http2: protocol error'],
  ['a value with NUL', headers(1, { ...HEAD, a: 'b\0c' }), '1 http2: protocol error'],
  ['the header connection', headers(1, { ...HEAD, connection: 'close' }), '1 http2: protocol error'],
  ['the header transfer-encoding', headers(1, { ...HEAD, 'transfer-encoding': 'chunked' }), '1 http2: protocol error'],
  ['the header keep-alive', headers(1, { ...HEAD, 'keep-alive': '5' }), '1 http2: protocol error'],
  ['a content-length that is no number', headers(1, { ...HEAD, 'content-length': '-1' }), '1 http2: protocol error'],
  ['trailers with a pseudo-header', [headers(1, HEAD), headers(1, HEAD, END_STREAM)], '1 http2: protocol error'],
  ['trailers that do not end the stream', [headers(1, HEAD), headers(1, { a: 'b' })], '1 http2: protocol error'],
  ['a head longer than 256 KiB', longHead(), '1 http2: protocol error'],
  ['WINDOW_UPDATE by 0', frame('WINDOW_UPDATE', 0, 1, words(0)), '1 http2: protocol error'],
  ['WINDOW_UPDATE above 2^31 - 1', frame('WINDOW_UPDATE', 0, 1, words(2 ** 31 - 1)), '3 http2: flow control error'],
  [
    'a body longer than content-length',
    [headers(1, { ...HEAD, 'content-length': '1' }), data(1, 'ab')],
    '1 body too long',
  ],
  ['a body with status 204', [headers(1, { ':status': '204' }), data(1, 'a')], '1 body too long'],
];

/** A list whose fields are one indexed field of 4 KB, over and over: 70 bytes that stand for 280 KB. */
function longHead(): Buffer {
  const value = 'y'.repeat(4000);
  const first = Buffer.concat([Buffer.from([0x40, 1, 0x78, 0x7f]), Buffer.from([0xa1, 0x1e]), Buffer.from(value)]);
  return frame('HEADERS', END_HEADERS, 1, Buffer.concat([Buffer.from([0x88]), first, Buffer.alloc(70, 0xbe)]));
}

describe('a connection that breaks a rule of HTTP/2 is closed with GOAWAY and a named failure:', () => {
  for (const [sentence, bytes, expected] of CONNECTION) {
    it(`${sentence}: ${expected}`, () => {
      const { recorder, wire, wired } = WiredClient.sent();
      wire.receive(all(bytes), response(1));
      const [code = '', ...name] = expected.split(' ');
      assert.deepEqual(wire.sent(), [`GOAWAY 0 ${code}`]);
      assert.deepEqual(recorder.heard.at(-1), `failed: http2: ${name.join(' ')}`);
      assert.equal(wire.destroyed, true);
      // The next request has a connection of its own.
      wired.send();
      assert.equal(wired.wires.length, 2);
    });
  }
});

describe('a stream that breaks a rule of HTTP/2 is reset with a named failure, and the connection goes on:', () => {
  for (const [sentence, bytes, expected] of STREAM) {
    it(`${sentence}: ${expected}`, () => {
      const { recorder, wire, wired } = WiredClient.sent();
      const other = wired.send();
      wired.turn();
      wire.sent();
      wire.receive(all(bytes), response(3));
      const [code = '', ...name] = expected.split(' ');
      assert.deepEqual(wire.sent(), [`RST_STREAM 1 ${code}`]);
      assert.deepEqual(recorder.heard.at(-1), `failed: ${name.join(' ')}`);
      assert.deepEqual(other.heard, ['responded 200', 'data ok', 'complete']);
      assert.equal(wire.destroyed, false);
    });
  }

  it('two different values of content-length: 1 http2: protocol error', () => {
    const { recorder, wire } = WiredClient.sent();
    const two = Buffer.concat([block(HEAD), block({ 'content-length': '1' }), block({ 'content-length': '2' })]);
    wire.receive(frame('HEADERS', END_HEADERS, 1, two));
    assert.deepEqual([wire.sent(), recorder.heard], [['RST_STREAM 1 1'], ['failed: http2: protocol error']]);
  });
});

describe('the begin of a connection', () => {
  it('must be SETTINGS', () => {
    const wired = new WiredClient();
    const recorder = wired.send();
    wired.wire.events.opened();
    wired.turn();
    wired.wire.sent();
    wired.wire.receive(frame('PING', 0, 0, '12345678'));
    assert.deepEqual([wired.wire.sent(), recorder.heard], [['GOAWAY 0 1'], ['failed: http2: protocol error']]);
  });

  it('must not be an acknowledgement alone, which is no SETTINGS', () => {
    const wired = new WiredClient();
    const recorder = wired.send();
    wired.wire.events.opened();
    wired.wire.receive(frame('SETTINGS', ACK, 0), response(1));
    assert.deepEqual(recorder.heard, ['failed: http2: protocol error']);
  });

  it('fails when our settings are not acknowledged in time', () => {
    const { wired, wire, recorder } = WiredClient.sent();
    wired.clock.advance(9_999);
    assert.deepEqual(recorder.heard, []);
    wired.clock.advance(1);
    assert.deepEqual([wire.sent(), recorder.heard], [['GOAWAY 0 4'], ['failed: http2: settings timeout']]);
  });

  it('does not fail when they are', () => {
    const { wired, wire, recorder } = WiredClient.sent();
    wire.receive(frame('SETTINGS', ACK, 0));
    wired.clock.advance(60_000);
    wire.receive(response(1));
    assert.deepEqual(recorder.heard, ['responded 200', 'data ok', 'complete']);
  });

  for (const [sentence, text] of [
    ['a response of HTTP/1.1', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['a response of HTTP/1.0', 'HTTP/1.0 200 OK\r\n\r\nhello'],
  ] as const) {
    it(`with ${sentence} is not HTTP/2`, () => {
      const wired = new WiredClient();
      const recorder = wired.send();
      wired.wire.events.opened();
      wired.wire.receive(Buffer.from(text));
      assert.deepEqual([recorder.heard, wired.wire.destroyed], [['failed: not http2'], true]);
    });
  }
});

describe('a body', () => {
  it('shorter than content-length fails at its end', () => {
    const { wire, recorder } = WiredClient.sent();
    wire.receive(headers(1, { ...HEAD, 'content-length': '3' }), data(1, 'ab', END_STREAM));
    assert.deepEqual(recorder.heard, ['responded 200', 'data ab', 'failed: body too short']);
  });

  it('of a response to HEAD is empty, whatever its content-length; padding is no body', () => {
    const { wire, recorder } = WiredClient.sent({}, HEAD_REQUEST);
    wire.receive(headers(1, { ...HEAD, 'content-length': '9' }), frame('DATA', PADDED | END_STREAM, 1, '\x02ab'));
    assert.deepEqual(recorder.heard, ['responded 200', 'complete']);
    const other = WiredClient.sent({}, HEAD_REQUEST);
    other.wire.receive(headers(1, { ...HEAD, 'content-length': '9' }), data(1, 'a'));
    assert.deepEqual(other.recorder.heard, ['responded 200', 'failed: body too long']);
  });
});
