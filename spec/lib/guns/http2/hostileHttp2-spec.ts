import assert from 'node:assert/strict';
import type * as net from 'node:net';
import { describe, it } from 'node:test';
import { data, END_STREAM, frame, headers, response, settings, words } from '../../wire/http2/peer.js';
import { against, fine, outcome, type Play } from './frameServer.js';

const OK = { ':status': '200' };

/** Writes the piece until the gun closes. */
const flood = (socket: net.Socket, piece: Buffer): void => {
  const many = Buffer.concat(Array.from({ length: Math.ceil(65_536 / piece.length) }, () => piece));
  const more = (): void => {
    if (!socket.destroyed) socket.write(many, more);
  };
  more();
};

describe('the http2 gun bounds what a server does:', () => {
  const rows: [sentence: string, play: Play, expected: string, options?: Record<string, unknown>][] = [
    ['a close without a response', ({ socket }) => socket.end(), '999 0 closed early'],
    [
      'a reset without a response',
      ({ socket }) => setImmediate(() => socket.resetAndDestroy()),
      '104 0 connection reset',
    ],
    [
      'a close in the middle of a frame',
      ({ socket }, id) => socket.end(headers(id, OK).subarray(0, 9)),
      '999 0 closed early',
    ],
    [
      'a close in the body, which keeps the status',
      ({ socket }, id) => socket.end(Buffer.concat([headers(id, OK), data(id, 'ab')])),
      '999 200 closed early',
    ],
    [
      'a reset stream in the body, which keeps the status',
      ({ socket }, id) => socket.write(Buffer.concat([headers(id, OK), frame('RST_STREAM', 0, id, words(2))])),
      '999 200 http2 stream reset: internal error',
    ],
    ['garbage', ({ socket }) => socket.write(Buffer.alloc(100_000, 0xff)), '999 0 http2: frame size error'],
    [
      'zeros, which are DATA on stream 0',
      ({ socket }) => socket.write(Buffer.alloc(100_000)),
      '999 0 http2: protocol error',
    ],
    ['a flood of SETTINGS', ({ socket }) => flood(socket, settings({ 3: 9 })), '999 0 http2: enhance your calm'],
    [
      'a flood of PING',
      ({ socket }) => flood(socket, frame('PING', 0, 0, '12345678')),
      '999 0 http2: enhance your calm',
    ],
    [
      'a flood of empty DATA',
      ({ socket }, id) => {
        socket.write(headers(id, OK));
        flood(socket, data(id, ''));
      },
      '999 200 http2: enhance your calm',
    ],
    [
      'a flood of CONTINUATION',
      ({ socket }, id) => {
        socket.write(frame('HEADERS', 0, id));
        flood(socket, frame('CONTINUATION', 0, id, 'xyz'));
      },
      '999 0 http2: enhance your calm',
    ],
    [
      'a flood of WINDOW_UPDATE',
      ({ socket }) => flood(socket, frame('WINDOW_UPDATE', 0, 0, words(1))),
      '999 0 http2: enhance your calm',
    ],
    [
      'a flood of RST_STREAM',
      ({ socket }, id) => flood(socket, frame('RST_STREAM', 0, id, words(8))),
      '999 0 http2 stream reset: cancel',
    ],
    [
      'a window that never opens',
      ({ socket }) => socket.write(settings({ 4: 0 })),
      '110 0 timeout',
      { requestTimeout: '100ms' },
    ],
    [
      'a body that never ends',
      ({ socket }, id) => {
        socket.write(headers(id, OK));
        flood(socket, data(id, 'x'.repeat(1000)));
      },
      '110 200 timeout',
      { requestTimeout: '100ms' },
    ],
    ['no response', () => undefined, '110 0 timeout', { 'response-header-timeout': '50ms', requestTimeout: '0s' }],
    [
      'a body that stops',
      ({ socket }, id) => socket.write(Buffer.concat([headers(id, OK), data(id, 'x')])),
      '110 200 timeout',
      { 'body-idle-timeout': '50ms' },
    ],
    [
      'a promise to push',
      ({ socket }, id) => socket.write(frame('PUSH_PROMISE', 4, id, words(2))),
      '999 0 http2: protocol error',
    ],
  ];
  for (const [sentence, play, expected, options = {}] of rows) {
    it(`${sentence}: ${expected}`, () =>
      against(play, options, async (bench) => {
        const body = Buffer.alloc(sentence === 'no response' ? 10 : 100_000);
        assert.equal(outcome(await bench.shoot({ method: 'POST', body })), expected);
      }));
  }

  it('a small SETTINGS_MAX_HEADER_LIST_SIZE: heads that are larger are not sent, and the others are', () =>
    against(
      (peer, id) => peer.socket.write(Buffer.concat([settings({ 6: 250 }), response(id)])),
      {},
      async (bench, peers) => {
        assert.equal(outcome(await bench.shoot()), '0 200');
        const large = await bench.shoot({ headers: [['x', 'y'.repeat(200)]] });
        assert.equal(outcome(large), '999 0 request head too large');
        assert.deepEqual([large.bytesOut, large.bytesIn], [0, 0]);
        assert.equal(outcome(await bench.shoot()), '0 200');
        assert.deepEqual(
          peers.map(({ ids }) => ids),
          [[1, 3]],
        );
        assert.match(
          JSON.stringify(bench.log.lines),
          /the header list has \d+ bytes, and the server takes 250 \(SETTINGS_MAX_HEADER_LIST_SIZE\)/,
        );
      },
    ));

  it('a redirect without an end: 10 requests at most', () =>
    against(
      ({ socket }, id) => socket.write(headers(id, { ':status': '302', location: '/again' }, END_STREAM)),
      { redirect: true },
      async (bench, peers) => {
        assert.equal(outcome(await bench.shoot()), '999 0 too many redirects');
        assert.equal(peers[0]?.ids.length, 10);
      },
    ));

  it('a long text of GOAWAY: 256 characters of it are in the log', () =>
    against(
      ({ socket }, id) =>
        socket.end(frame('GOAWAY', 0, 0, Buffer.concat([words(id - 1), words(11), Buffer.alloc(9000, 'x')]))),
      {},
      async (bench) => {
        assert.match((await bench.shoot()).errorName, /^http2 goaway: enhance your calm$/);
        assert.match(JSON.stringify(bench.log.lines), /[^x]x{256}[^x]/);
      },
    ));

  it('a connection on which nothing came for a whole timeout takes no more requests', () =>
    against(
      (peer, id) => {
        if (peer.index > 0 || id === 1) fine(peer, id);
      },
      { requestTimeout: '50ms' },
      async (bench, peers) => {
        await bench.shoot();
        assert.equal(outcome(await bench.shoot()), '110 0 timeout');
        assert.equal(outcome(await bench.shoot()), '0 200');
        assert.equal(peers.length, 2);
      },
    ));

  it('a stream that times out is cancelled, and a connection that is alive is kept', () =>
    against(
      (peer, id) => {
        if (id === 3) peer.socket.write(frame('PING', 0, 0, '12345678'));
        else fine(peer, id);
      },
      { requestTimeout: '100ms' },
      async (bench, peers) => {
        await bench.shoot();
        assert.equal(outcome(await bench.shoot()), '110 0 timeout');
        assert.equal(outcome(await bench.shoot()), '0 200');
        assert.equal(peers.length, 1);
      },
    ));
});
