import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ACK, data, END_STREAM, frame, headers, response, settings, words } from './peer.js';
import { POST, WiredClient } from './wiredClient.js';

/** The most frames in a row that carry nothing. */
const MOST = 10_000;
const OK = { ':status': '200' };

const FLOODS: [sentence: string, piece: Buffer, before?: Buffer][] = [
  ['SETTINGS', settings({ 3: 100 })],
  ['acknowledgements of SETTINGS', frame('SETTINGS', ACK, 0)],
  ['PING', frame('PING', 0, 0, '12345678')],
  ['acknowledgements of PING', frame('PING', ACK, 0, '12345678')],
  ['PRIORITY', frame('PRIORITY', 0, 1, words(0, 0).subarray(0, 5))],
  ['WINDOW_UPDATE', frame('WINDOW_UPDATE', 0, 0, words(1))],
  ['WINDOW_UPDATE of a stream', frame('WINDOW_UPDATE', 0, 1, words(1))],
  ['RST_STREAM of streams that have ended', frame('RST_STREAM', 0, 1, words(8)), response(1)],
  ['empty DATA', data(1, ''), headers(1, OK)],
  ['DATA of padding alone', frame('DATA', 0x8, 1, '\x02xx'), headers(1, OK)],
  ['empty CONTINUATION', frame('CONTINUATION', 0, 1), frame('HEADERS', 0, 1)],
  ['GOAWAY that ends no stream', frame('GOAWAY', 0, 0, words(3, 0))],
  ['unknown frames', frame(0xbe, 0, 0, 'x')],
];

describe('a flood ends the connection with GOAWAY and the failure enhance your calm:', () => {
  for (const [sentence, piece, before = Buffer.alloc(0)] of FLOODS) {
    it(`more than ${MOST} frames in a row of ${sentence}`, () => {
      const { wired, wire } = WiredClient.sent({}, POST, Buffer.from('x'), false);
      const other = wired.send();
      wire.receive(before);
      // What came before the flood may count as its first frame.
      for (let i = 0; i < MOST - 2; i++) wire.receive(piece);
      assert.equal(wire.destroyed, false, 'fewer are allowed');
      for (let i = 0; i < 3; i++) wire.receive(piece);
      assert.equal(wire.destroyed, true);
      assert.deepEqual([wire.sent().at(-1), other.heard.at(-1)], ['GOAWAY 0 11', 'failed: http2: enhance your calm']);
    });
  }

  it('a header block that never ends', () => {
    const { wire, recorder } = WiredClient.sent();
    const piece = frame('CONTINUATION', 0, 1, 'x'.repeat(16_384));
    wire.receive(frame('HEADERS', 0, 1));
    for (let i = 0; i < 16; i++) wire.receive(piece);
    assert.equal(wire.destroyed, false, '256 KiB are allowed');
    wire.receive(piece);
    assert.deepEqual([wire.sent(), recorder.heard], [['GOAWAY 0 11'], ['failed: http2: enhance your calm']]);
  });

  it('PING without reading our acknowledgements, while a body goes on', () => {
    const { wire, recorder } = WiredClient.sent();
    wire.receive(headers(1, OK));
    wire.pending = true;
    const pieces = [frame('PING', 0, 0, '12345678'), data(1, 'x')];
    for (let i = 0; i < MOST; i++) wire.receive(...pieces);
    assert.equal(wire.destroyed, false);
    wire.receive(...pieces);
    assert.deepEqual([wire.destroyed, recorder.heard.at(-1)], [true, 'failed: http2: enhance your calm']);
  });
});

describe('what is no flood', () => {
  it('is any number of frames when something of use comes between', () => {
    const { wired, wire } = WiredClient.sent();
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < MOST - 1; i++) wire.receive(frame('PING', 0, 0, '12345678'));
      wire.receive(response(1 + 2 * round));
      wired.send();
    }
    assert.equal(wire.destroyed, false);
  });

  it('is a window update for each frame of a body that we send', () => {
    const { wired, wire } = WiredClient.sent();
    wire.receive(settings({ 4: 1 }));
    const upload = wired.send(POST, Buffer.alloc(2 * MOST));
    for (let i = 0; i < 2 * MOST - 1; i++) {
      wire.receive(frame('WINDOW_UPDATE', 0, 0, words(1)), frame('WINDOW_UPDATE', 0, 3, words(1)));
    }
    assert.deepEqual([wire.destroyed, upload.stream?.waiting], [false, 0]);
  });

  it('is any number of streams that the server resets', () => {
    const { wired, wire } = WiredClient.sent();
    wire.receive(response(1));
    for (let id = 3; id < 2 * MOST + 10; id += 2) {
      wired.send();
      wire.receive(frame('RST_STREAM', 0, id, words(7)));
    }
    assert.equal(wire.destroyed, false);
  });

  it('is an end without a body on each stream', () => {
    const { wired, wire } = WiredClient.sent();
    for (let id = 1; id < 2 * MOST + 10; id += 2) {
      wire.receive(headers(id, OK), data(id, '', END_STREAM));
      wired.send();
    }
    assert.equal(wire.destroyed, false);
  });
});
