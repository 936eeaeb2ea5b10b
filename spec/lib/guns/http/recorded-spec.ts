import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { http } from '../../../../lib/guns/http/gun.js';
import type { HttpRequest } from '../../../../lib/protocols/http.js';
import { VirtualClock } from '../../../../lib/time/virtualClock.js';
import { type Fields, GunBench, ScriptedServer } from '../gunBench.js';
import { against, OK, type Script, say } from './against.js';

type Expected = Partial<Pick<Fields, 'netCode' | 'protoCode' | 'errorName' | 'bytesIn'>>;
const ROWS: [sentence: string, script: Script, expected: Expected, changed?: Partial<HttpRequest>][] = [
  ['a complete response', say(OK), { netCode: 0, protoCode: 200, errorName: '', bytesIn: OK.length }],
  [
    'a response byte by byte',
    (socket) => {
      let at = 0;
      const more = (): void => {
        if (at < OK.length) socket.write(OK[at++] as string, more);
      };
      more();
    },
    { netCode: 0, protoCode: 200, bytesIn: OK.length },
  ],
  ['an interim response first', say(`HTTP/1.1 103 Early\r\n\r\n${OK}`), { netCode: 0, protoCode: 200 }],
  [
    'a body that ends with the connection',
    (socket) => socket.end('HTTP/1.0 200 OK\r\n\r\nsome'),
    { netCode: 0, protoCode: 200 },
  ],
  [
    'a response to HEAD',
    say('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n'),
    { netCode: 0, protoCode: 200 },
    { method: 'HEAD' },
  ],
  ['a close without a response', (socket) => socket.end(), { netCode: 999, protoCode: 0, errorName: 'closed early' }],
  [
    'a close in the headers',
    (socket) => socket.end('HTTP/1.1 200 OK\r\nA: '),
    { netCode: 999, protoCode: 0, errorName: 'closed early' },
  ],
  [
    'a reset without a response',
    (socket) => socket.resetAndDestroy(),
    { netCode: 104, protoCode: 0, errorName: 'connection reset' },
  ],
  ['garbage', say('SSH-2.0-OpenSSH_9.6\r\n'), { netCode: 999, protoCode: 0, errorName: 'bad response' }],
  [
    'binary garbage',
    (socket) => socket.write(Buffer.alloc(300_000, 0xff)),
    { netCode: 999, protoCode: 0, errorName: 'bad response' },
  ],
  [
    'an endless header',
    (socket) => {
      socket.write('HTTP/1.1 200 OK\r\nA: ');
      const more = (): void => {
        if (!socket.destroyed) socket.write(Buffer.alloc(65536, 97), more);
      };
      more();
    },
    { netCode: 999, protoCode: 0, errorName: 'bad response' },
  ],
  [
    'a body that is too short',
    (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi'),
    { netCode: 999, protoCode: 200, errorName: 'body too short' },
  ],
  [
    'chunks that are none',
    say('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n'),
    { netCode: 999, protoCode: 200, errorName: 'bad response' },
  ],
  [
    'a reset in the body',
    (socket) => {
      socket.write('HTTP/1.1 500 Oops\r\nContent-Length: 9\r\n\r\nhi');
      socket.resetAndDestroy();
    },
    { netCode: 104, protoCode: 500, errorName: 'connection reset' },
  ],
];

describe('the http gun records', () => {
  for (const [sentence, script, expected, changed] of ROWS) {
    it(sentence, () =>
      against(script, {}, async (bench) => {
        const fields = await bench.shoot(changed);
        const picked = Object.fromEntries(Object.keys(expected).map((key) => [key, fields[key as keyof Fields]]));
        assert.deepEqual(picked, expected);
        assert.ok(fields.started <= fields.responded && fields.responded <= fields.ended);
        assert.deepEqual([fields.sizeIn, fields.sizeOut, fields.connectTime, fields.latency], [0, 0, 0, 0]);
      }),
    );
  }

  it('a refused connection, once in the log', async () => {
    const server = new ScriptedServer(() => undefined);
    const target = await server.listen();
    await server.close();
    const bench = new GunBench(http, { target, httptrace: { trace: true } });
    for (const _ of [1, 2]) {
      const fields = await bench.shoot();
      assert.deepEqual([fields.netCode, fields.protoCode, fields.errorName], [111, 0, 'connection refused']);
      assert.deepEqual([fields.connectTime, fields.sendTime, fields.latency, fields.receiveTime], [0, 0, 0, 0]);
    }
    assert.equal(bench.log.lines.filter(({ level }) => level === 'warn').length, 1);
    await bench.close();
  });

  it('a name that does not exist', async () => {
    const bench = new GunBench(http, { target: 'no-such-host.invalid:80', dial: { 'dns-cache': false } });
    const fields = await bench.shoot();
    assert.deepEqual([fields.netCode, fields.protoCode, fields.errorName], [999, 0, 'dns failure']);
    await bench.close();
  });

  it('a request that cannot be written, without a connection', () =>
    against(say(OK), {}, async (bench, server) => {
      const fields = await bench.shoot({ headers: [['X', 'a\r\nB: c']] });
      assert.deepEqual([fields.netCode, fields.protoCode, fields.errorName], [999, 0, 'bad request']);
      assert.equal(server.sockets.length, 0);
    }));

  it('a dial timeout', () => {
    const clock = new VirtualClock(1000);
    return against(
      say(OK),
      {},
      async (bench) => {
        const seen: Fields[] = [];
        bench.fire({}, (fields) => seen.push(fields));
        clock.advance(3000);
        assert.deepEqual([seen[0]?.netCode, seen[0]?.protoCode, seen[0]?.errorName], [110, 0, 'timeout']);
        assert.equal((seen[0]?.ended ?? 0) - (seen[0]?.started ?? 0), 3000);
      },
      { scheduler: clock },
    );
  });

  it('a TLS handshake timeout', () => {
    const clock = new VirtualClock(1000);
    let greeted: () => void = () => undefined;
    const hello = new Promise<void>((resolve) => {
      greeted = resolve;
    });
    return against(
      () => greeted(),
      { ssl: true },
      async (bench) => {
        const response = bench.shoot();
        await hello;
        clock.advance(1000);
        const fields = await response;
        assert.deepEqual([fields.netCode, fields.protoCode, fields.errorName], [110, 0, 'timeout']);
      },
      { scheduler: clock },
    );
  });

  it('TLS spoken to a plain port', () =>
    against(say('HTTP/1.1 400 Bad Request\r\n\r\n'), { ssl: true }, async (bench) => {
      const fields = await bench.shoot();
      assert.deepEqual([fields.netCode, fields.protoCode, fields.errorName], [999, 0, 'tls failure']);
    }));

  it('a TLS handshake that the peer ends', () =>
    against(
      (socket) => socket.end(),
      { ssl: true },
      async (bench) => {
        const fields = await bench.shoot();
        assert.deepEqual([fields.netCode, fields.protoCode, fields.errorName], [999, 0, 'tls failure']);
      },
    ));

  it('a response-header-timeout, also on a kept connection, but not while a body comes', () => {
    const clock = new VirtualClock(1000);
    let asked: (received: string) => void = () => undefined;
    const next = (): Promise<string> =>
      new Promise((resolve) => {
        asked = resolve;
      });
    return against(
      (socket, received) => {
        if (received.includes('/quick')) socket.write(OK);
        if (received.includes('/slow-body')) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n');
        asked(received);
      },
      { 'response-header-timeout': '5s' },
      async (bench, server) => {
        assert.equal((await bench.shoot({ target: '/quick' })).netCode, 0);
        const came = next();
        const late = bench.shoot({ target: '/silent' });
        await came;
        clock.advance(4999);
        clock.advance(1);
        const fields = await late;
        assert.deepEqual([fields.netCode, fields.protoCode, fields.errorName], [110, 0, 'timeout']);
        assert.equal(server.sockets.length, 1);

        const slow = bench.shoot({ target: '/slow-body' });
        // A tenth of the limit per turn: the head of the response arrives before it.
        for (let turn = 0; turn < 100; turn++) {
          await new Promise((resolve) => setImmediate(resolve));
          clock.advance(500);
        }
        server.sockets[1]?.write('ok');
        assert.deepEqual([(await slow).netCode, server.sockets.length], [0, 2]);
      },
      { scheduler: clock },
    );
  });
});
