import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  block,
  data,
  END_HEADERS,
  END_STREAM,
  frame,
  goaway,
  headers,
  PADDED,
  PRIORITY,
  response,
  words,
} from './peer.js';
import { POST, WiredClient } from './wiredClient.js';

const OK = { ':status': '200' };

describe('a stream', () => {
  it('receives interim responses, head, body, trailers and the end', () => {
    const { wire, recorder } = WiredClient.sent();
    wire.receive(
      headers(1, { ':status': '100' }),
      headers(1, { ':status': '103', link: 'a' }),
      headers(1, OK),
      data(1, 'ab'),
      frame('DATA', PADDED, 1, '\x03cdxxx'),
      data(1, ''),
      headers(1, { sum: '4' }, END_STREAM),
    );
    assert.deepEqual(recorder.heard, [
      'informational 100',
      'informational 103',
      'responded 200',
      'data ab',
      'data cd',
      'trailers sum=4',
      'complete',
    ]);
    assert.equal(recorder.body, 'abcd');
  });

  it('may have no body, and a head in parts with padding and priority', () => {
    const { wire, recorder } = WiredClient.sent();
    const whole = block({ ...OK, a: 'b' });
    const begin = Buffer.concat([
      Buffer.from([2]),
      words(0),
      Buffer.from([16]),
      whole.subarray(0, 1),
      Buffer.from('xx'),
    ]);
    wire.receive(
      frame('HEADERS', PADDED | PRIORITY | END_STREAM, 1, begin),
      frame('CONTINUATION', 0, 1),
      frame('CONTINUATION', END_HEADERS, 1, whole.subarray(1)),
    );
    assert.deepEqual(recorder.heard, ['responded 200', 'complete']);
    assert.equal(recorder.stream?.bytesIn, 9 * 3 + begin.length + whole.length - 1);
  });

  it('receives nothing after it was cancelled, and later frames for it are ignored', () => {
    const { wired, wire, recorder } = WiredClient.sent();
    wire.receive(headers(1, OK));
    recorder.stream?.cancel();
    recorder.stream?.cancel();
    recorder.stream?.write(Buffer.from('x'), true);
    wired.turn();
    assert.deepEqual(wire.sent(), ['RST_STREAM 1 8']);
    const other = wired.send();
    wire.receive(data(1, 'late'), headers(1, { a: 'b' }, END_STREAM), frame('RST_STREAM', 0, 1, words(0)), response(3));
    assert.deepEqual([recorder.heard, other.heard.at(-1)], [['responded 200'], 'complete']);
  });

  it('that was cancelled inside an event receives nothing more of the same piece', () => {
    for (const at of ['responded 200', 'data ab', 'trailers a=b']) {
      const { wire, recorder } = WiredClient.sent();
      recorder.onEvent = (event) => {
        if (event === at) recorder.stream?.cancel();
      };
      wire.receive(headers(1, OK), data(1, 'ab'), data(1, 'cd'), headers(1, { a: 'b' }, END_STREAM));
      assert.equal(recorder.heard.at(-1), at);
    }
  });

  it('whose end has come refuses more of it: the connection fails', () => {
    for (const more of [data(1, 'x'), headers(1, { a: 'b' }, END_STREAM)]) {
      const { wire } = WiredClient.sent();
      wire.receive(response(1), more);
      assert.deepEqual(wire.sent(), ['GOAWAY 0 5']);
    }
  });

  it('ignores WINDOW_UPDATE, RST_STREAM and PRIORITY after its end', () => {
    const { wire } = WiredClient.sent();
    const late = [frame('WINDOW_UPDATE', 0, 1, words(5)), frame('RST_STREAM', 0, 1, words(0))];
    wire.receive(response(1), ...late, frame('PRIORITY', 0, 1, words(0, 0).subarray(0, 5)));
    assert.deepEqual(wire.sent(), []);
  });

  it('fails when the server resets it, and says when it was not processed', () => {
    const codes: [code: number, heard: string][] = [
      [8, 'failed: http2 stream reset: cancel'],
      [0, 'failed: http2 stream reset: no error'],
      [7, 'failed: http2 stream reset: refused stream, not processed'],
      [0xdead, 'failed: http2 stream reset: unknown error'],
    ];
    for (const [code, heard] of codes) {
      const { wire, recorder } = WiredClient.sent();
      wire.receive(frame('RST_STREAM', 0, 1, words(code)));
      assert.deepEqual([recorder.heard, wire.destroyed], [[heard], false]);
    }
  });

  it('fails with the error of the socket', () => {
    const { wire, recorder } = WiredClient.sent();
    wire.events.failed(new Error('reset'));
    assert.deepEqual(recorder.heard, ['failed: Error: reset']);
    const closed = WiredClient.sent();
    closed.wire.events.finished();
    assert.deepEqual(closed.recorder.heard, ['failed: closed early']);
  });

  it('is cancelled when its response is complete before its request', () => {
    const { wire, recorder } = WiredClient.sent({}, POST, null, false);
    wire.receive(response(1));
    assert.deepEqual([recorder.heard.at(-1), wire.sent()], ['complete', ['RST_STREAM 1 8']]);
  });
});

describe('GOAWAY', () => {
  it('fails the streams after the last that was processed, lets the others end, and closes then', () => {
    const { wired, wire, recorder } = WiredClient.sent();
    const second = wired.send();
    wire.receive(goaway(1, 0, 'bye'));
    assert.deepEqual([recorder.heard, second.heard], [[], ['failed: http2 goaway: no error, not processed']]);
    const third = wired.send();
    assert.equal(wired.wires.length, 2, 'a new connection for new requests');
    wire.receive(response(1));
    assert.deepEqual([recorder.heard.at(-1), wire.destroyed], ['complete', true]);
    wired.open();
    wired.wire.receive(response(1));
    assert.equal(third.heard.at(-1), 'complete');
    assert.equal(wired.counters.goaways, 1);
  });

  it('closes a connection without streams at once', () => {
    const { wire } = WiredClient.sent();
    wire.receive(response(1), goaway(1, 11));
    assert.equal(wire.destroyed, true);
  });

  it('may come twice, first with the largest id', () => {
    const { wire, recorder } = WiredClient.sent();
    wire.receive(goaway(2 ** 31 - 1));
    assert.deepEqual([recorder.heard, wire.destroyed], [[], false]);
    wire.receive(goaway(0));
    assert.deepEqual(recorder.heard, ['failed: http2 goaway: no error, not processed']);
    assert.equal(wire.destroyed, true);
  });
});
