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
  goaway,
  headers,
  PADDED,
  PRIORITY,
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

    it('a larger head with a body sends nothing, and hears nothing when it was cancelled', () => {
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

describe('a stream', () => {
  it('hears interim responses, head, body, trailers and the end', () => {
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

  it('hears nothing after it was cancelled, and later frames for it are ignored', () => {
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

  it('that was cancelled inside an event hears nothing more of the same piece', () => {
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
