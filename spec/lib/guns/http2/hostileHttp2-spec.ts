import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttp1 } from 'node:http';
import { createServer as createHttps } from 'node:https';
import * as net from 'node:net';
import { describe, it } from 'node:test';
import * as tls from 'node:tls';
import { from, lastValueFrom } from 'rxjs';
import { isElpisError } from '../../../../lib/core/errors.js';
import { http2 } from '../../../../lib/guns/http2/gun.js';
import {
  data,
  END_STREAM,
  frame,
  goaway,
  headers,
  response,
  type SentFrame,
  SentFrames,
  settings,
  words,
} from '../../wire/http2/peer.js';
import { type Fields, GunBench, request } from '../gunBench.js';
import { selfSigned } from '../selfSigned.js';
import { TurnClock } from '../turnClock.js';

/** One connection of a server that is played frame by frame. */
interface Peer {
  readonly socket: net.Socket;
  /** Index of the connection. */
  readonly index: number;
  /** Requests of the connection so far. */
  readonly ids: number[];
}
type Play = (peer: Peer, id: number) => void;

/** A server that sends its settings, acknowledges ours, and calls `play` for each request. */
async function frameServer(play: Play): Promise<{ server: net.Server; target: string; peers: Peer[] }> {
  const peers: Peer[] = [];
  const server = net.createServer({ noDelay: true }, (socket) => {
    const peer: Peer = { socket, index: peers.length, ids: [] };
    peers.push(peer);
    const sent = new SentFrames();
    socket.on('error', () => undefined);
    socket.write(settings());
    const hear = ({ type, flags, id }: SentFrame): void => {
      if (type === 'SETTINGS' && flags === 0) socket.write(frame('SETTINGS', 1, 0));
      if (type !== 'HEADERS') return;
      peer.ids.push(id);
      play(peer, id);
    };
    socket.on('data', (bytes) => sent.read(bytes as Buffer).forEach(hear));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, target: `127.0.0.1:${(server.address() as net.AddressInfo).port}`, peers };
}

async function against(
  play: Play,
  options: Record<string, unknown>,
  test: (bench: GunBench, peers: Peer[]) => Promise<void>,
): Promise<void> {
  const { server, target, peers } = await frameServer(play);
  const bench = new GunBench(
    http2,
    { target, ssl: false, requestTimeout: '20s', ...options },
    { scheduler: new TurnClock() },
  );
  try {
    await test(bench, peers);
  } finally {
    await bench.close();
    for (const { socket } of peers) socket.destroy();
    server.close();
  }
}

const outcome = ({ netCode, protoCode, errorName, retries }: Fields): string =>
  `${netCode} ${protoCode}${errorName === '' ? '' : ` ${errorName}`}${retries > 0 ? `, sent again ${retries} times` : ''}`;
const fine: Play = ({ socket }, id) => socket.write(response(id));
const OK = { ':status': '200' };

/** Writes the piece until the gun closes. */
const flood = (socket: net.Socket, piece: Buffer): void => {
  const many = Buffer.concat(Array.from({ length: Math.ceil(65_536 / piece.length) }, () => piece));
  const more = (): void => {
    if (!socket.destroyed) socket.write(many, more);
  };
  more();
};

describe('the http2 gun sends a request again that the server has not processed', () => {
  const goawayOnFirst =
    (lastId: (id: number) => number): Play =>
    (peer, id) => {
      if (peer.index === 0) peer.socket.write(goaway(lastId(id)));
      else fine(peer, id);
    };

  it('by the last id of GOAWAY, on a new connection', () =>
    against(
      goawayOnFirst((id) => Math.max(0, id - 2)),
      {},
      async (bench, peers) => {
        assert.equal(
          outcome(await bench.shoot({ method: 'POST', body: Buffer.from('x') })),
          '0 200, sent again 1 times',
        );
        assert.deepEqual(
          peers.map(({ ids }) => ids),
          [[1], [1]],
        );
        const counters = bench.gunFactory.counters?.();
        assert.deepEqual([counters?.get('retries'), counters?.get('connections closed by goaway')], [1, 1]);
      },
    ));

  it('by the last id of GOAWAY, 20 times at most', () =>
    against(
      ({ socket }) => socket.write(goaway(0)),
      {},
      async (bench, peers) => {
        const expected = '999 0 http2 goaway: no error, sent again 20 times';
        assert.equal(outcome(await bench.shoot()), expected);
        assert.equal(peers.length, 21);
      },
    ));

  it('and fails when it may have processed it, and closes', () =>
    against(
      ({ socket }, id) => socket.end(goaway(id, 2, 'out of order')),
      {},
      async (bench, peers) => {
        assert.equal(outcome(await bench.shoot()), '999 0 closed early');
        assert.equal(outcome(await bench.shoot()), '999 0 closed early');
        assert.equal(peers.length, 2);
      },
    ));

  it('and lets a request end that was processed before GOAWAY', () =>
    against(
      ({ socket }, id) => socket.write(Buffer.concat([goaway(id), response(id)])),
      {},
      async (bench, peers) => {
        for (const _ of [1, 2]) assert.equal(outcome(await bench.shoot()), '0 200');
        assert.equal(peers.length, 2);
      },
    ));

  it('by the reset code REFUSED_STREAM, on the same connection, three times at most', () =>
    against(
      (peer, id) => {
        if (peer.ids.length % 4 !== 0) peer.socket.write(frame('RST_STREAM', 0, id, words(7)));
        else fine(peer, id);
      },
      {},
      async (bench, peers) => {
        assert.equal(outcome(await bench.shoot()), '0 200, sent again 3 times');
        peers[0]?.ids.push(0);
        const expected = '0 200, sent again 2 times';
        assert.equal(outcome(await bench.shoot()), expected);
        assert.equal(peers.length, 1);
      },
    ));

  it('and gives up after three times', () =>
    against(
      ({ socket }, id) => socket.write(frame('RST_STREAM', 0, id, words(7))),
      {},
      async (bench) => {
        const expected = '999 0 http2 stream reset: refused stream, sent again 3 times';
        assert.equal(outcome(await bench.shoot()), expected);
      },
    ));

  it('because it had closed the kept connection, when the method permits that, once', () =>
    against(
      (peer, id) => {
        if (peer.ids.length === 2) peer.socket.destroy();
        else fine(peer, id);
      },
      {},
      async (bench, peers) => {
        await bench.shoot();
        assert.equal(outcome(await bench.shoot()), '0 200, sent again 1 times');
        assert.equal(outcome(await bench.shoot({ method: 'POST', body: Buffer.from('x') })), '999 0 closed early');
        assert.equal(peers.length, 2);
      },
    ));
});

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

describe('a server without HTTP/2 ends the pool, because every shot would fail:', () => {
  const thrown = async (bench: GunBench): Promise<unknown> => {
    const gun = bench.gunFactory.create({ instance: 0 });
    const ammo = { protocol: 'http' as const, id: 1, tag: '', request: request() };
    const shot = { index: 0, at: 0, ammo, instance: 0, started: 0, slotWait: 0 };
    return await lastValueFrom(from(gun.shoot(ammo, shot))).catch((error: unknown) => error);
  };
  const without: [sentence: string, server: () => net.Server, ssl: boolean, message: RegExp][] = [
    [
      'TLS that chooses no protocol',
      () => tls.createServer(selfSigned()),
      true,
      /^https:\/\/127\.0\.0\.1:\d+ does not speak HTTP\/2: it chose no protocol by ALPN$/,
    ],
    [
      'TLS that takes HTTP/1.1 only',
      () => createHttps(selfSigned(), (_, sent) => sent.end()),
      true,
      /it refused h2 by ALPN$/,
    ],
    [
      'a port without TLS that responds with HTTP/1.1',
      () => createHttp1((_, sent) => sent.end()),
      false,
      /^http:\/\/127\.0\.0\.1:\d+ does not speak HTTP\/2: it responded with HTTP\/1\.x$/,
    ],
  ];
  for (const [sentence, create, ssl, message] of without) {
    it(sentence, async () => {
      const server = create();
      server.on('tlsClientError', () => undefined);
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const target = `127.0.0.1:${(server.address() as net.AddressInfo).port}`;
      const bench = new GunBench(http2, { target, ssl });
      try {
        const error = await thrown(bench);
        assert.ok(isElpisError(error, 'ELPIS_SHOT'), String(error));
        assert.match(error.message, message);
        assert.match(error.hint ?? '', /use the gun http/);
      } finally {
        await bench.close();
        server.close();
      }
    });
  }

  it('but is a failed shot when the target has spoken HTTP/2 before', () =>
    against(
      (peer, id) => {
        if (peer.index === 0) peer.socket.write(Buffer.concat([response(id), goaway(id)]));
        else peer.socket.write('HTTP/1.1 503 Busy\r\n\r\n');
      },
      {},
      async (bench, peers) => {
        assert.equal(outcome(await bench.shoot()), '0 200');
        // Its settings come first, so that this is no frame.
        assert.equal(outcome(await bench.shoot()), '999 0 http2: frame size error');
        assert.equal(peers.length, 2);
        assert.equal(END_STREAM, 1);
      },
    ));
});
