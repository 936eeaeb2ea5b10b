import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttp1 } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type * as net from 'node:net';
import { describe, it } from 'node:test';
import * as tls from 'node:tls';
import { from, lastValueFrom } from 'rxjs';
import { isElpisError } from '../../../../lib/core/errors.js';
import { http2 } from '../../../../lib/guns/http2/gun.js';
import { END_STREAM, frame, goaway, response, words } from '../../wire/http2/peer.js';
import { GunBench, request } from '../gunBench.js';
import { selfSigned } from '../selfSigned.js';
import { against, fine, outcome, type Play } from './frameServer.js';

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
