import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import type * as net from 'node:net';
import { describe, it } from 'node:test';
import * as tls from 'node:tls';
import { isLeft } from 'fp-ts/lib/Either.js';
import type { CodecIssue } from '../../../../lib/codec/issue.js';
import { connect } from '../../../../lib/guns/http/connectGun.js';
import { http } from '../../../../lib/guns/http/gun.js';
import { tlsConfig } from '../../../../lib/guns/shared/tlsOptions.js';
import { type Fields, GunBench } from '../gunBench.js';
import { pemFiles } from '../pemFiles.js';
import { selfSigned } from '../selfSigned.js';
import { TunnelProxy } from '../tunnelProxy.js';

const outcome = ({ netCode, protoCode, errorName }: Fields): string => `${netCode} ${protoCode} ${errorName}`.trim();
const file = pemFiles();

const server = selfSigned('localhost');
const client = selfSigned('ann');
const other = selfSigned('localhost');
const ca = file('ca.pem', server.cert);
const otherCa = file('other-ca.pem', other.cert);
const cert = file('cert.pem', client.cert);
const key = file('key.pem', client.key);
const both = file('both.pem', client.cert + client.key);
const otherKey = file('other-key.pem', other.key);
/** A key that this passphrase decrypts to bytes that are no key, with right padding: as one wrong passphrase in 256 does. */
const unluckyKey = file(
  'unlucky.pem',
  `-----BEGIN ENCRYPTED PRIVATE KEY-----
MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAjQADOjzwNE9wICCAAw
DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEC+v5udf8PzUhz9VhUpKCRMEgZCC
wr+t+wqpqWHxsUEY2di1Tni6Hxg9FoF4H+gqaf3P0J6PjM960zFJjbCPCOCHxRYt
1LLT8V41XSPPXaUJr9RQ6B7vgSYrbaPSogOe7KXg5ri65WLWXXro5CQLebfJvx2p
3pMYUvaysAwWRHgIbmawyG8h3qHoMeU3Og2uVeb9tmm4mXexFZ5qMqEu1yiA8oM=
-----END ENCRYPTED PRIVATE KEY-----
`,
);
const lockedKey = file(
  'locked.pem',
  createPrivateKey(client.key).export({
    type: 'pkcs8',
    format: 'pem',
    cipher: 'aes-256-cbc',
    passphrase: 'hope',
  }) as string,
);
const nonsense = file('nonsense.pem', 'nonsense');

/** Starts a TLS server that responds with the common name of the client and the SNI, and runs a test on its port. */
async function against(options: tls.TlsOptions, test: (port: number, seen: string[]) => Promise<void>): Promise<void> {
  const seen: string[] = [];
  const sockets = new Set<net.Socket>();
  const listening = tls.createServer({ ...server, ...options }, (socket) => {
    socket.on('error', () => undefined);
    const { subject } = socket.getPeerCertificate() as Partial<tls.PeerCertificate>;
    seen.push(
      `${subject?.CN ?? 'unknown'} ${String(socket.servername)} ${socket.getProtocol()} ${socket.getCipher().name}`,
    );
    socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'));
  });
  listening.on('connection', (socket: net.Socket) => sockets.add(socket));
  listening.on('tlsClientError', () => undefined);
  listening.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  try {
    await test((listening.address() as net.AddressInfo).port, seen);
  } finally {
    for (const socket of sockets) socket.destroy();
    listening.close();
    await once(listening, 'close');
  }
}

/** One shot over TLS at a port of this machine, by its name unless the test says otherwise. */
async function shot(port: number, options: object, host = 'localhost'): Promise<string> {
  const bench = new GunBench(http, { target: `${host}:${port}`, ssl: true, requestTimeout: '10s', tls: options });
  try {
    return outcome(await bench.shoot());
  } finally {
    await bench.close();
  }
}

describe('tls.verify', () => {
  const rows: readonly (readonly [sentence: string, options: object, expected: string, host?: string])[] = [
    ['is off by default: any certificate is accepted', {}, '0 200'],
    ['refuses a certificate that is not trusted', { verify: true }, '999 0 tls failure'],
    ['accepts one that ca trusts', { verify: true, ca }, '0 200'],
    ['refuses one that ca does not trust', { verify: true, ca: otherCa }, '999 0 tls failure'],
    ['refuses one for another name', { verify: true, ca }, '999 0 tls failure', '127.0.0.1'],
    ['accepts the name of server-name', { verify: true, ca, 'server-name': 'localhost' }, '0 200', '127.0.0.1'],
    ['refuses another server-name', { verify: true, ca, 'server-name': 'shop.test' }, '999 0 tls failure'],
    ['ca alone verifies nothing', { ca: otherCa }, '0 200'],
  ];
  for (const [sentence, options, expected, host] of rows) {
    it(sentence, () =>
      against({}, async (port) => {
        assert.equal(await shot(port, options, host), expected);
      }),
    );
  }

  it('compares with the name of the target, not with its address in dial.resolve', () =>
    against({}, async (port) => {
      for (const [host, expected] of [
        ['localhost', '0 200'],
        ['shop.test', '999 0 tls failure'],
      ] as const) {
        const dial = { resolve: { [host]: '127.0.0.1' } };
        const bench = new GunBench(http, { target: `${host}:${port}`, ssl: true, dial, tls: { verify: true, ca } });
        assert.equal(outcome(await bench.shoot()), expected);
        await bench.close();
      }
    }));

  it('in a tunnel compares with the host of the ammo, and tls is for the target only', () =>
    against({}, async (port) => {
      const proxy = new TunnelProxy(port, selfSigned('proxy.test'));
      const target = await proxy.listen();
      for (const [host, extra, expected] of [
        ['localhost', {}, '0 200'],
        ['shop.test', {}, '999 0 tls failure'],
        ['localhost', { 'connect-tls': { verify: true } }, '999 0 tls failure'],
      ] as const) {
        const options = { target, ssl: true, 'connect-ssl': true, tls: { verify: true, ca }, ...extra };
        const bench = new GunBench(connect, options);
        assert.equal(outcome(await bench.shoot({ host })), expected);
        await bench.close();
      }
      await proxy.close();
    }));
});

describe('tls.server-name', () => {
  it('is sent instead of the host; an address is not sent', () =>
    against({}, async (port, seen) => {
      await shot(port, {});
      await shot(port, { 'server-name': 'shop.test' });
      await shot(port, {}, '127.0.0.1');
      assert.deepEqual(
        seen.map((line) => line.split(' ')[1]),
        ['localhost', 'shop.test', 'false'],
      );
    }));
});

describe('the certificate of the client', () => {
  const asked = { requestCert: true, rejectUnauthorized: true, ca: client.cert };
  const rows: readonly (readonly [sentence: string, options: object])[] = [
    ['with a key in another file', { cert, key }],
    ['with the key in the same file', { cert: both }],
    ['with a key that a passphrase decrypts', { cert, key: lockedKey, passphrase: 'hope' }],
  ];
  for (const [sentence, options] of rows) {
    it(`${sentence} is shown to a server that asks for it`, () =>
      against(asked, async (port, seen) => {
        assert.equal(await shot(port, options), '0 200');
        assert.match(seen[0] ?? '', /^ann /);
      }));
  }

  it('missing is a failure of TLS', () =>
    against({ ...asked, maxVersion: 'TLSv1.2' }, async (port) => {
      assert.equal(await shot(port, {}), '999 0 tls failure');
    }));

  it('is read before the first shot: a file that is gone by then fails the warm-up, with the keys to check', async () => {
    const gone = file('gone.pem', client.cert + client.key);
    const bench = new GunBench(http, { target: '127.0.0.1:1', ssl: true, tls: { cert: gone } });
    rmSync(gone);
    await assert.rejects(bench.warmUp(), {
      code: 'ELPIS_GUN',
      message: /the certificates of the gun cannot be read: ENOENT/,
      hint: /tls\.ca, tls\.cert and tls\.key/,
    });
  });
});

describe('tls.min-version and tls.ciphers', () => {
  it('limit what is offered', () =>
    against({ maxVersion: 'TLSv1.2' }, async (port, seen) => {
      assert.equal(await shot(port, { 'min-version': 'TLSv1.3' }), '999 0 tls failure');
      assert.equal(await shot(port, { ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384' }), '0 200');
      assert.equal(seen.at(-1), 'unknown localhost TLSv1.2 ECDHE-ECDSA-AES256-GCM-SHA384');
    }));

  it('reach a server of TLS 1.1', () =>
    against({ minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }, async (port) => {
      assert.equal(await shot(port, {}), '999 0 tls failure');
      assert.equal(await shot(port, { 'min-version': 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }), '0 200');
    }));
});

describe('a config with tls is refused for', () => {
  const rows: readonly (readonly [sentence: string, options: object, code: string, hint: RegExp])[] = [
    ['a file that does not exist', { ca: '/no/such/file' }, 'missing-file', /relative path/],
    ['a key without a certificate', { key }, 'bad-value', /add cert/],
    [
      'a key of another certificate',
      { cert, key: otherKey },
      'bad-value',
      /the key does not belong to the certificate/,
    ],
    ['a certificate without its key', { cert }, 'bad-value', /holds no certificate or no key/],
    ['an encrypted key without a passphrase', { cert, key: lockedKey }, 'bad-value', /the passphrase does not decrypt/],
    [
      'a wrong passphrase',
      { cert, key: lockedKey, passphrase: 'fear' },
      'bad-value',
      /the passphrase does not decrypt/,
    ],
    [
      'a wrong passphrase with which the padding is right by chance',
      { cert, key: unluckyKey, passphrase: 'wrong250' },
      'bad-value',
      /the passphrase does not decrypt/,
    ],
    ['a certificate that is none', { cert: nonsense, key }, 'bad-value', /holds no certificate or no key/],
    ['a CA that is none', { ca: nonsense }, 'bad-value', /holds no certificate/],
    ['unknown ciphers', { ciphers: 'NONE-SUCH' }, 'bad-value', /ciphers names no suite/],
    ['a version that does not exist', { 'min-version': 'TLSv1.4' }, 'one-of', /did you mean TLSv1/],
  ];
  for (const [sentence, options, code, hint] of rows) {
    it(sentence, () => {
      const decoded = tlsConfig.decode(options);
      assert.ok(isLeft(decoded));
      const issue = decoded.left[0] as CodecIssue | undefined;
      assert.equal(issue?.code, code);
      assert.match(issue?.hint ?? '', hint);
    });
  }
});
