import assert from 'node:assert/strict';
import { once } from 'node:events';
import type * as net from 'node:net';
import { describe, it } from 'node:test';
import * as tls from 'node:tls';
import { nodeFetch } from '../../../../lib/guns/fetch/gun.js';
import { http } from '../../../../lib/guns/http/gun.js';
import { type Fields, GunBench, ScriptedServer } from '../gunBench.js';
import { selfSigned } from '../selfSigned.js';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const outcome = ({ netCode, protoCode, errorName }: Fields): string => `${netCode} ${protoCode} ${errorName}`.trim();
/** A TLS record that carries a fatal alert. */
const alert = (code: number): Buffer => Buffer.from([0x15, 3, 3, 0, 2, 2, code]);

type Row = [fault: string, play: (socket: net.Socket) => void, expected: string];
const HANDSHAKES: Row[] = [
  ['a close instead of a handshake', (socket) => socket.end(), '999 0 tls failure'],
  ['a reset instead of a handshake', (socket) => socket.resetAndDestroy(), '104 0 connection reset'],
  ['a response in plain HTTP', (socket) => socket.write(OK), '999 0 tls failure'],
  ['garbage', (socket) => socket.write('x'.repeat(100)), '999 0 tls failure'],
  ['zeros', (socket) => socket.write(Buffer.alloc(100)), '999 0 tls failure'],
  ['the alert handshake_failure', (socket) => socket.write(alert(40)), '999 0 tls failure'],
  ['the alert unrecognized_name', (socket) => socket.write(alert(112)), '999 0 tls failure'],
  ['the alert internal_error', (socket) => socket.write(alert(80)), '999 0 tls failure'],
  ['half a record and a close', (socket) => socket.end(Buffer.from([0x16, 3, 3, 1])), '999 0 tls failure'],
  [
    'a record longer than TLS allows',
    (socket) => socket.write(Buffer.from([0x16, 3, 3, 255, 255, 0])),
    '999 0 tls failure',
  ],
];

describe('the http gun against a TLS handshake:', () => {
  for (const [fault, play, expected] of HANDSHAKES) {
    it(`${fault} is ${expected}, and so is the next shot`, async () => {
      const server = new ScriptedServer(play);
      const bench = new GunBench(http, { target: await server.listen(), ssl: true, requestTimeout: '5s' });
      try {
        for (const _ of [1, 2]) assert.equal(outcome(await bench.shoot()), expected);
        const warned = bench.log.lines.filter(({ level }) => level === 'warn');
        assert.equal(warned.length, 1, 'the failure is logged once');
        assert.match(String(warned[0]?.fields?.reason), /\w{3}/);
      } finally {
        await bench.close();
        await server.close();
      }
    });
  }
});

async function againstTls(
  options: tls.TlsOptions,
  play: (socket: tls.TLSSocket) => void,
  test: (target: string) => Promise<void>,
): Promise<void> {
  const sockets = new Set<net.Socket>();
  const server = tls.createServer(options, (socket) => {
    socket.on('error', () => undefined);
    socket.on('data', () => play(socket));
  });
  server.on('connection', (socket: net.Socket) => sockets.add(socket));
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await test(`127.0.0.1:${(server.address() as net.AddressInfo).port}`);
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  }
}

const CERTIFICATES: [fault: string, certificate: { key: string; cert: string }, reason: RegExp][] = [
  ['is self-signed', selfSigned('127.0.0.1'), /self.signed certificate/],
  ['has expired', selfSigned('127.0.0.1', '210101'), /self.signed certificate|expired/],
  ['is for another host', selfSigned('other.test'), /self.signed certificate|other\.test/],
];

describe('a certificate', () => {
  for (const [fault, certificate, reason] of CERTIFICATES) {
    it(`that ${fault} is accepted by the http gun, and by fetch unless it verifies; then the log has the reason`, () =>
      againstTls(
        certificate,
        (socket) => socket.write(OK),
        async (target) => {
          const rows = [
            [http, {}, '0 200'],
            [nodeFetch, {}, '0 200'],
            [nodeFetch, { 'verify-certificates': true }, '999 0 tls failure'],
          ] as const;
          for (const [gun, options, expected] of rows) {
            const limit = { requestTimeout: '5s' };
            const bench = new GunBench(gun, { target, ssl: true, ...limit, ...options });
            assert.equal(outcome(await bench.shoot()), expected);
            const reasons = bench.log.lines.map(({ fields }) => String(fields?.reason));
            if (expected === '0 200') assert.deepEqual(reasons, []);
            else assert.match(reasons.join('\n'), reason);
            await bench.close();
          }
        },
      ));
  }
});

function drip(socket: tls.TLSSocket): void {
  for (const byte of OK) socket.write(byte);
}

const AFTER: [fault: string, options: tls.TlsOptions, play: (socket: tls.TLSSocket) => void, expected: string][] = [
  ['a server that asks for a certificate', { requestCert: true, rejectUnauthorized: true }, () => undefined, 'failed'],
  ['a server of an old version', { maxVersion: 'TLSv1.1', minVersion: 'TLSv1' }, () => undefined, '999 0 tls failure'],
  ['a server of TLS 1.2', { maxVersion: 'TLSv1.2' }, (socket) => socket.write(OK), '0 200'],
  ['a close after the response', {}, (socket) => socket.end(OK), '0 200'],
  ['a close without a response', {}, (socket) => socket.end(), '999 0 closed early'],
  [
    'a close in the body',
    {},
    (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi'),
    '999 200 body too short',
  ],
  ['a reset without a response', {}, (socket) => socket.destroy(), '104 0 connection reset|999 0 closed early'],
  ['one byte in a record', {}, (socket) => drip(socket), '0 200'],
];

describe('the http gun over TLS, against', () => {
  for (const [fault, options, play, expected] of AFTER) {
    it(`${fault}: ${expected}`, () =>
      againstTls({ ...selfSigned(), ...options }, play, async (target) => {
        const bench = new GunBench(http, { target, ssl: true, requestTimeout: '5s' });
        for (const _ of [1, 2]) {
          const fields = await bench.shoot();
          if (expected === 'failed') assert.ok(fields.netCode > 0 && fields.protoCode === 0, outcome(fields));
          else assert.ok(expected.split('|').includes(outcome(fields)), outcome(fields));
        }
        await bench.close();
      }));
  }
});
