import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeHead } from '../../../../lib/wire/http2/hpack/encodeHead.js';
import { data, frame, headers, PADDED, settings, words } from './peer.js';
import { POST, WiredClient } from './wiredClient.js';

const OK = { ':status': '200' };

describe('the windows of the server', () => {
  const body = (size: number): Buffer => Buffer.alloc(size, 'x');

  it('are used as far as they go, one frame of each stream in turn', () => {
    const { wired, wire } = WiredClient.sent({}, POST, body(3), true);
    wired.turn();
    wire.receive(settings({ 4: 40_000 }));
    wire.sent();
    wired.send(POST, body(30_000));
    wired.send(POST, body(30_000));
    wired.turn();
    assert.deepEqual(
      wire.sent(),
      [
        'HEADERS 3 POST /',
        'DATA 3 16384 bytes',
        'DATA 3 13616 bytes',
        'HEADERS 5 POST /',
        'DATA 5 16384 bytes',
        'DATA 5 13616 bytes',
      ].map((text) => (text.endsWith('13616 bytes') ? text.replace(/DATA (\d)/, 'DATA $1 END_STREAM') : text)),
    );
    const left = 65_535 - 3 - 60_000;
    const third = wired.send(POST, body(10_000));
    const fourth = wired.send(POST, body(1_000));
    wired.turn();
    assert.deepEqual(wire.sent(), ['HEADERS 7 POST /', `DATA 7 ${left} bytes`, 'HEADERS 9 POST /']);
    assert.deepEqual([third.stream?.waiting, fourth.stream?.waiting], [10_000 - left, 1_000]);
    wire.receive(frame('WINDOW_UPDATE', 0, 0, words(100)));
    assert.deepEqual(wire.sent(), ['DATA 7 100 bytes']);
    wire.receive(frame('WINDOW_UPDATE', 0, 0, words(100_000)));
    assert.deepEqual(wire.sent(), ['DATA 9 END_STREAM 1000 bytes', `DATA 7 END_STREAM ${9_900 - left} bytes`]);
    assert.deepEqual([third.heard, fourth.heard], [['drained'], ['drained']]);
  });

  it('of one stream does not hold up the others, and grow and shrink with INITIAL_WINDOW_SIZE', () => {
    const { wired, wire } = WiredClient.sent();
    wire.receive(settings({ 4: 0 }));
    wire.sent();
    const blocked = wired.send(POST, body(50));
    wired.turn();
    assert.deepEqual(wire.sent(), ['HEADERS 3 POST /']);
    wire.receive(settings({ 4: 20 }));
    assert.deepEqual(wire.sent(), ['SETTINGS 0 ACK', 'DATA 3 20 bytes']);
    wire.receive(settings({ 4: 5 }), frame('WINDOW_UPDATE', 0, 3, words(10)));
    assert.deepEqual(wire.sent(), ['SETTINGS 0 ACK'], 'the window is below 0, and 10 more are not enough');
    wire.receive(frame('WINDOW_UPDATE', 0, 3, words(10)));
    assert.deepEqual(wire.sent(), ['DATA 3 5 bytes']);
    const other = wired.send(POST, body(5));
    wired.turn();
    assert.deepEqual(wire.sent(), ['HEADERS 5 POST /', 'DATA 5 END_STREAM 5 bytes']);
    assert.deepEqual([blocked.stream?.waiting, other.stream?.waiting], [25, 0]);
  });

  it('that INITIAL_WINDOW_SIZE makes larger than 2^31 - 1 are an error of the connection', () => {
    const { wire, recorder } = WiredClient.sent();
    wire.receive(frame('WINDOW_UPDATE', 0, 1, words(2 ** 31 - 1 - 65_535)), settings({ 4: 65_536 }));
    assert.deepEqual(recorder.heard, ['failed: http2: flow control error']);
  });

  it('need none for an end without bytes, and trailers follow the body', () => {
    const { wired, wire } = WiredClient.sent({}, POST, null, false);
    wire.receive(settings({ 4: 2 }));
    wire.sent();
    const { stream } = wired.send(POST, null, false);
    stream?.write(Buffer.from('abc'), false);
    stream?.write(Buffer.from(''), false);
    stream?.write(Buffer.from('d'), false);
    stream?.finish(encodeHead([['sum', '4']]));
    stream?.write(Buffer.from('never'), true);
    wired.turn();
    assert.deepEqual(wire.sent(), ['HEADERS 3 POST /', 'DATA 3 2 bytes']);
    wire.receive(frame('WINDOW_UPDATE', 0, 3, words(2)));
    assert.deepEqual(wire.sent(), ['DATA 3 1 bytes', 'DATA 3 1 bytes', 'HEADERS 3 END_STREAM sum=4']);
    const empty = wired.send(POST, null, false);
    empty.stream?.write(Buffer.from(''), true);
    wired.turn();
    assert.deepEqual(wire.sent(), ['HEADERS 5 POST /', 'DATA 5 END_STREAM 0 bytes']);
    assert.deepEqual(empty.heard, []);
  });

  it('do not fill the memory when the server does not read: what the socket cannot pass on stays where it is', () => {
    const { wired, wire } = WiredClient.sent();
    wire.receive(settings({ 4: 10_000_000 }), frame('WINDOW_UPDATE', 0, 0, words(10_000_000)));
    wire.sent();
    wire.pending = true;
    const { stream } = wired.send(POST, body(1_000_000));
    wired.turn();
    assert.ok((stream?.waiting ?? 0) > 960_000, `${stream?.waiting} bytes wait`);
    const sent = wire.sent().length;
    wired.turn();
    assert.deepEqual(wire.sent(), []);
    assert.ok(sent <= 4);
    wire.taken();
    assert.equal(stream?.waiting, 0);
  });

  it('are left alone by a stream that was cancelled while it waited', () => {
    const { wired, wire } = WiredClient.sent({}, POST, body(100_000));
    wire.sent();
    const other = wired.send(POST, body(10));
    wired.turn();
    wire.sent();
    const { stream } = other;
    stream?.cancel();
    wire.receive(frame('WINDOW_UPDATE', 0, 1, words(100_000)), frame('WINDOW_UPDATE', 0, 0, words(100_000)));
    assert.ok(!wire.sent().some((text) => text.startsWith('DATA 3')));
  });
});

describe('our windows', () => {
  const windows = { stream: 100, connection: 65_535 };
  const chunk = data(1, 'x'.repeat(40));

  it('are opened again when half of them was used', () => {
    const { wire } = WiredClient.sent({ windows });
    wire.receive(headers(1, OK), chunk);
    assert.deepEqual(wire.sent(), []);
    wire.receive(chunk);
    assert.deepEqual(wire.sent(), ['WINDOW_UPDATE 1 80']);
  });

  it('count padding', () => {
    const { wire } = WiredClient.sent({ windows });
    wire.receive(headers(1, OK), frame('DATA', PADDED, 1, `\x3bab${'x'.repeat(0x3b)}`));
    assert.deepEqual(wire.sent(), ['WINDOW_UPDATE 1 62']);
  });

  it('of a stream cannot be exceeded: the stream is reset', () => {
    const { wire, recorder } = WiredClient.sent({ windows });
    wire.receive(headers(1, OK), data(1, 'x'.repeat(101)));
    assert.deepEqual(
      [wire.sent(), recorder.heard],
      [['RST_STREAM 1 3'], ['responded 200', 'failed: http2: flow control error']],
    );
  });

  it('of the connection are opened again by DATA for streams that have ended, too', () => {
    const { wired, wire, recorder } = WiredClient.sent({ windows: { stream: 1_000_000, connection: 65_535 } });
    wire.receive(headers(1, OK));
    recorder.stream?.cancel();
    wired.turn();
    wire.sent();
    for (const _ of [1, 2]) wire.receive(data(1, 'x'.repeat(16_384)));
    assert.deepEqual(wire.sent(), ['WINDOW_UPDATE 0 32768']);
  });

  it('of the connection cannot be exceeded, before our updates are written: the connection fails', () => {
    const windows = { stream: 1_000_000, connection: 65_535 };
    const frames = (count: number): Buffer[] => Array.from({ length: count }, () => data(1, 'x'.repeat(16_000)));
    const { wire, recorder } = WiredClient.sent({ windows });
    for (const _ of [1, 2, 3, 4]) wire.receive(...(recorder.heard.length === 0 ? [headers(1, OK)] : []), ...frames(3));
    assert.equal(recorder.body.length, 12 * 16_000);
    wire.sent();
    wire.receive(...frames(5));
    assert.deepEqual([wire.sent().at(-1), recorder.heard.at(-1)], ['GOAWAY 0 3', 'failed: http2: flow control error']);
  });
});
