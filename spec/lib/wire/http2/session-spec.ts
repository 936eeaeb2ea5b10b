import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { encodeHead } from '../../../../lib/wire/http2/hpack/encodeHead.js';
import {
  ACK,
  block,
  data,
  END_HEADERS,
  END_STREAM,
  frame,
  headers,
  PADDED,
  response,
  settings,
  words,
} from './peer.js';
import { GET, HEAD, POST, type Recorder, WiredClient } from './wiredClient.js';

const OK = { ':status': '200' };

describe('a connection', () => {
  it('begins with the preface, our settings and a wider window, and acknowledges those of the server', () => {
    const wired = new WiredClient();
    wired.send();
    wired.wire.events.opened();
    wired.turn();
    assert.deepEqual(wired.wire.sent(), ['SETTINGS 0', `WINDOW_UPDATE 0 ${2 ** 30}`, 'HEADERS 1 END_STREAM GET /']);
    assert.equal(wired.wire.writes, 1, 'one write for all of it');
    wired.wire.receive(settings({ 3: 10 }));
    assert.deepEqual(wired.wire.sent(), ['SETTINGS 0 ACK']);
  });

  it('writes the requests of one turn together, and those of a received piece at its end', () => {
    const { wired, wire, recorder } = WiredClient.sent();
    const before = wire.writes;
    for (const _ of [1, 2, 3]) wired.send();
    assert.equal(wire.writes, before);
    wired.turn();
    assert.equal(wire.writes, before + 1);
    recorder.onEvent = (event) => {
      if (event === 'complete') for (const _ of [1, 2, 3]) wired.send();
    };
    wire.sent();
    wire.receive(response(1));
    assert.equal(wire.writes, before + 2);
    assert.deepEqual(
      wire.sent(),
      [9, 11, 13].map((id) => `HEADERS ${id} END_STREAM GET /`),
    );
    wired.turn();
    assert.equal(wire.writes, before + 2);
  });

  describe('whose server takes header lists up to a size', () => {
    /** 7 + 3 + 32 and 5 + 1 + 32 bytes. */
    const SIZE = 80;

    it('sends a head of that size, and none that is larger: it fails in the next turn, and takes no stream id', () => {
      const wired = new WiredClient();
      wired.send();
      wired.open({ 6: SIZE });
      wired.send();
      const large = wired.send(HEAD);
      const next = wired.send();
      assert.deepEqual(large.heard, [], 'not before send has returned');
      wired.turn();
      assert.deepEqual(large.heard, ['failed: request head too large']);
      assert.deepEqual(
        wired.wire.sent(),
        [3, 5].map((id) => `HEADERS ${id} END_STREAM GET /`),
      );
      assert.deepEqual([large.stream?.bytesOut, large.stream?.bytesIn, large.stream?.waiting], [0, 0, 0]);
      wired.wire.receive(response(1), response(3), response(5));
      assert.equal(next.heard.at(-1), 'complete');
    });

    it('a larger head with a body sends nothing, and receives nothing when it was cancelled', () => {
      const wired = new WiredClient();
      wired.send();
      wired.open({ 6: SIZE });
      const large = wired.send(POST, Buffer.from('body'), false);
      large.stream?.write(Buffer.from('more'), false);
      large.stream?.finish(encodeHead([['a', 'b']]));
      large.stream?.cancel();
      wired.turn();
      assert.deepEqual([large.heard, wired.wire.sent()], [[], []]);
    });

    it('follows the last SETTINGS', () => {
      const wired = new WiredClient();
      wired.send();
      wired.open({ 6: SIZE });
      wired.wire.receive(settings({ 6: SIZE + 1 }));
      wired.send(HEAD);
      assert.deepEqual(wired.wire.sent(), ['SETTINGS 0 ACK']);
      wired.turn();
      assert.deepEqual(wired.wire.sent(), ['HEADERS 3 END_STREAM HEAD /']);
    });

    it('sends trailers of that size, and cancels a stream with larger ones', () => {
      const wired = new WiredClient();
      wired.send();
      wired.open({ 6: SIZE });
      const [fits, large] = [wired.send(GET, null, false), wired.send(GET, null, false)];
      fits.stream?.finish(encodeHead([['t', 'x'.repeat(SIZE - 33)]]));
      large.stream?.finish(encodeHead([['t', 'x'.repeat(SIZE - 32)]]));
      assert.deepEqual(large.heard, ['failed: request head too large']);
      wired.turn();
      assert.deepEqual(
        wired.wire
          .sent()
          .filter((text) => !/^HEADERS \d GET/.test(text))
          .map((text) => text.slice(0, 24)),
        ['HEADERS 3 END_STREAM t=x', 'RST_STREAM 5 8'],
      );
    });

    it('closes when it is idle, also after a head that was not sent', () => {
      const wired = new WiredClient({ idleTimeout: 1000 });
      wired.send();
      wired.open({ 6: SIZE });
      wired.wire.receive(response(1));
      wired.clock.advance(500);
      wired.send(HEAD);
      wired.clock.advance(999);
      assert.equal(wired.wire.destroyed, false);
      wired.clock.advance(1);
      assert.equal(wired.wire.destroyed, true);
    });
  });

  it('begins the first block after a smaller table was announced with a change to size 0', () => {
    const { wired, wire } = WiredClient.sent();
    wire.receive(settings({ 1: 100 }));
    wired.send();
    wired.send();
    wired.turn();
    assert.deepEqual(wire.sent(), [
      'SETTINGS 0 ACK',
      'HEADERS 3 END_STREAM resized GET /',
      'HEADERS 5 END_STREAM GET /',
    ]);
  });

  it('acknowledges PING with the same bytes, and not an acknowledgement', () => {
    const { wire } = WiredClient.sent();
    wire.receive(frame('PING', 0, 0, '12345678'), frame('PING', ACK, 0, '12345678'));
    assert.deepEqual(wire.sent(), ['PING 0 ACK']);
  });

  it('ignores priorities, unknown frames, and reserved bits and flags', () => {
    const { wire, recorder } = WiredClient.sent();
    const reserved = headers(1, OK, 0x40 | 0x80);
    reserved[5] = 0x80;
    wire.receive(
      frame('PRIORITY', 0, 1, words(0, 0).subarray(0, 5)),
      frame('PRIORITY', 0, 7, words(0, 0).subarray(0, 5)),
      frame(0xbe, 0xff, 0x7fff, 'anything'),
      reserved,
      data(1, '', END_STREAM),
    );
    assert.deepEqual([recorder.heard, wire.sent()], [['responded 200', 'complete'], []]);
  });

  it('writes heads longer than a frame in parts', () => {
    const long = encodeHead([
      [':method', 'GET'],
      ['x', '!'.repeat(40_000)],
    ]);
    const { wired, wire } = WiredClient.sent();
    const { stream } = wired.send(long);
    wired.turn();
    const size = long.block.length;
    assert.deepEqual(wire.sent(), [
      'HEADERS 3 END_STREAM 16384 bytes',
      'CONTINUATION 3 16384 bytes',
      `CONTINUATION 3 ${size - 2 * 16_384} bytes`,
    ]);
    assert.equal(stream?.bytesOut, size + 27);
  });

  it('reports written for each request when it is timed', () => {
    const { wire, recorder } = WiredClient.sent({ timed: true });
    assert.deepEqual(recorder.heard, []);
    wire.taken();
    assert.deepEqual(recorder.heard, ['written']);
  });
});

describe('any exchange', () => {
  it('gives the same events however its bytes are divided', () => {
    const text = fc.string({ maxLength: 50 });
    const exchange = fc.record({
      interim: fc.boolean(),
      fields: fc.dictionary(
        fc.stringMatching(/^[a-z]{1,8}$/).filter((name) => !/^(connection|upgrade)$/.test(name)),
        fc.stringMatching(/^[ -~]{0,40}$/),
      ),
      parts: fc.array(fc.tuple(text, fc.nat(3)), { maxLength: 5 }),
      trailers: fc.boolean(),
      continuation: fc.boolean(),
      noise: fc.array(
        fc.constantFrom(frame('PING', 0, 0, '12345678'), settings({ 4: 70_000 }), frame(0xee, 1, 5, 'zz')),
        { maxLength: 3 },
      ),
      cuts: fc.array(fc.nat(30), { maxLength: 40 }),
    });
    fc.assert(
      fc.property(exchange, ({ interim, fields, parts, trailers, continuation, noise, cuts }) => {
        const head = block({ ...OK, ...fields });
        const bytes = Buffer.concat([
          ...(interim ? [headers(1, { ':status': '103' })] : []),
          ...noise,
          ...(continuation
            ? [frame('HEADERS', 0, 1, head.subarray(0, 1)), frame('CONTINUATION', END_HEADERS, 1, head.subarray(1))]
            : [frame('HEADERS', END_HEADERS, 1, head)]),
          ...parts.map(([each, padding]) => {
            const content = Buffer.from(each);
            return frame('DATA', PADDED, 1, Buffer.concat([Buffer.from([padding]), content, Buffer.alloc(padding)]));
          }),
          trailers ? headers(1, { sum: '1' }, END_STREAM) : data(1, '', END_STREAM),
        ]);
        const played = (pieces: Buffer[]): unknown => {
          const { wire, recorder } = WiredClient.sent();
          for (const piece of pieces) wire.receive(piece);
          const events = recorder.heard.filter((event) => !event.startsWith('data'));
          return { events, body: recorder.body, sent: wire.sent(), bytesIn: recorder.stream?.bytesIn };
        };
        const pieces: Buffer[] = [];
        let at = 0;
        for (const cut of cuts) {
          pieces.push(bytes.subarray(at, at + cut));
          at += cut;
        }
        const whole = played([bytes]);
        assert.deepEqual(played([...pieces, bytes.subarray(at)]), whole);
        assert.equal((whole as { events: string[] }).events.at(-1), 'complete');
      }),
    );
  });
});

describe('a listener', () => {
  it('may send from every event, on the same connection', () => {
    const { wired, wire, recorder } = WiredClient.sent();
    const others: Recorder[] = [];
    recorder.onEvent = () => others.push(wired.send());
    wire.receive(headers(1, OK), data(1, 'a'), headers(1, { a: 'b' }, END_STREAM));
    wire.receive(...[3, 5, 7, 9].map((id) => response(id)));
    assert.deepEqual(
      others.map(({ heard }) => heard.at(-1)),
      ['complete', 'complete', 'complete', 'complete'],
    );
  });

  it('may cancel others from an event', () => {
    const { wired, wire, recorder } = WiredClient.sent();
    const other = wired.send(GET);
    recorder.onEvent = () => other.stream?.cancel();
    wire.events.failed(new Error('gone'));
    assert.deepEqual([recorder.heard, other.heard], [['failed: Error: gone'], []]);
  });
});
