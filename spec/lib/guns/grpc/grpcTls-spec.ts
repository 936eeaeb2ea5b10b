import assert from 'node:assert/strict';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import * as tls from 'node:tls';
import { isLeft } from 'fp-ts/lib/Either.js';
import { firstValueFrom, of } from 'rxjs';
import type { CodecIssue } from '../../../../lib/codec/issue.js';
import { grpcClient } from '../../../../lib/guns/grpc/client.js';
import { grpc } from '../../../../lib/guns/grpc/gun.js';
import { grpcGunConfig } from '../../../../lib/guns/grpc/options.js';
import { grpcStream } from '../../../../lib/guns/grpc/streamGun.js';
import { CONFIGURED } from '../../../../lib/plugin/configured.js';
import { pemFiles } from '../pemFiles.js';
import { selfSigned } from '../selfSigned.js';
import { ECHO_PROTO, type EchoOptions, type EchoServer, echoServer } from './echoServer.js';
import { echo, GrpcBench } from './grpcBench.js';

const file = pemFiles();

const server = selfSigned('localhost');
const client = selfSigned('ann');
const ca = file('ca.pem', server.cert);
const otherCa = file('other-ca.pem', selfSigned('localhost').cert);
const cert = file('cert.pem', client.cert);
const key = file('key.pem', client.key);
const proto = { files: [ECHO_PROTO] };

/** Runs a test against a server over TLS, which it reaches by the name of its certificate. */
async function against(options: EchoOptions, test: (at: string, server: EchoServer) => Promise<void>): Promise<void> {
  const running = await echoServer({ tls: true, certificate: server, ...options });
  try {
    await test(`localhost:${running.target.port}`, running);
  } finally {
    running.close();
  }
}

/** The proto code and the name of one call, whose method is described by a file. */
async function call(target: string, options: object): Promise<string> {
  const bench = await new GrpcBench({ target, timeout: '10s', proto, ...options }).warmUp();
  try {
    const { protoCode, errorName } = await bench.shoot(echo());
    return `${protoCode} ${errorName}`.trim();
  } finally {
    await bench.close();
  }
}

describe('the tls of a gRPC gun', () => {
  const rows: readonly (readonly [sentence: string, tls: unknown, expected: string])[] = [
    ['true accepts any certificate', true, '200'],
    ['a map without verify accepts any certificate', {}, '200'],
    ['verify refuses a certificate that is not trusted', { verify: true }, '503 tls failure'],
    ['verify accepts one that ca trusts', { verify: true, ca }, '200'],
    ['verify refuses one that ca does not trust', { verify: true, ca: otherCa }, '503 tls failure'],
    ['verify refuses another server-name', { verify: true, ca, 'server-name': 'shop.test' }, '503 tls failure'],
    ['min-version is offered', { 'min-version': 'TLSv1.3' }, '200'],
  ];
  for (const [sentence, options, expected] of rows) {
    it(sentence, () => against({}, async (at) => assert.equal(await call(at, { tls: options }), expected)));
  }

  it('verify compares the certificate with the address of the target, unless server-name has a name', () =>
    against({}, async (_, { target }) => {
      assert.equal(await call(target.text, { tls: { verify: true, ca } }), '503 tls failure');
      assert.equal(await call(target.text, { tls: { verify: true, ca, 'server-name': 'localhost' } }), '200');
    }));

  it('verify compares the certificate with the authority of the calls, as grpc-go does', () =>
    against({}, async (_, { target }) => {
      for (const [authority, expected] of [
        ['localhost', '200'],
        ['localhost:443', '200'],
        ['shop.test', '503 tls failure'],
      ] as const) {
        const options = { tls: { verify: true, ca }, dial_options: { authority } };
        assert.equal(await call(target.text, options), expected);
      }
    }));

  it('shows the certificate of the client to a server that asks for it', () =>
    against({ clientCa: client.cert }, async (at) => {
      assert.equal(await call(at, { tls: { cert, key } }), '200');
      assert.match(await call(at, { tls: true }), /^503 /);
    }));

  it('is for reflection, health and calls alike', () =>
    against({ clientCa: client.cert, health: () => 'SERVING' }, async (at) => {
      const options = { tls: { verify: true, ca, cert, key }, health: { enabled: true } };
      const bench = await new GrpcBench({ target: at, ...options }).warmUp();
      assert.equal((await bench.shoot(echo())).protoCode, 200);
      await bench.close();
    }));

  it('is for the port of reflection, too', () =>
    against({}, (described) =>
      against({ reflection: 'none' }, async (at) => {
        const bench = await new GrpcBench({
          ...{ target: at, reflect_port: Number(described.split(':')[1]), tls: { verify: true, ca } },
        }).warmUp();
        assert.equal((await bench.shoot(echo())).protoCode, 200);
        await bench.close();
      }),
    ));

  it('fails the warm-up with the reason when reflection is refused by TLS', () =>
    against({}, async (at) => {
      const bench = new GrpcBench({ target: at, tls: { verify: true, ca: otherCa } });
      await assert.rejects(bench.warmUp(), {
        code: 'ELPIS_GUN',
        message: /^server reflection of localhost:\d+ failed: .*self-signed certificate/,
        hint: /tls\.ca/,
      });
      await bench.close();
    }));

  it('fails the question for health with the same hint', () =>
    against({ health: () => 'SERVING' }, async (at) => {
      const options = { target: at, proto, health: { enabled: true }, tls: { verify: true, ca: otherCa } };
      const bench = new GrpcBench(options);
      await assert.rejects(bench.warmUp(), { code: 'ELPIS_GUN', hint: /tls\.ca/ });
      await bench.close();
    }));

  it('is read by the warm-up: a file that is gone by then fails it', async () => {
    const gone = file('gone.pem', client.cert + client.key);
    const bench = new GrpcBench({ target: 'localhost:1', proto, tls: { cert: gone } });
    rmSync(gone);
    await assert.rejects(bench.warmUp(), { code: 'ELPIS_GUN', message: /certificates of the gun cannot be read/ });
    await bench.close();
  });

  it('is that of streams and of the client in code', () =>
    against({ clientCa: client.cert }, async (at) => {
      const options = { target: at, tls: { verify: true, ca, cert, key } };
      const bench = await new GrpcBench(options, {}, grpcStream).warmUp();
      const samples = await bench.stream({ ...echo({ text: 'a' }), method: 'elpis.test.Echo.Down' });
      assert.deepEqual(
        samples.map(({ protoCode }) => protoCode),
        [200],
      );
      await bench.close();
      const opened = await grpcClient({ target: at, tls: { verify: true, ca, cert, key, minVersion: 'TLSv1.3' } });
      const { text } = await firstValueFrom(opened.call('elpis.test.Echo.Unary', of({ text: 'hi' })));
      assert.equal(text, 'hi');
      await opened.close();
    }));
});

describe('the name that a gRPC gun asks for by SNI', () => {
  const names: string[] = [];
  let listening: tls.Server;
  before(async () => {
    const seen = (name: string, done: (error: Error) => void): void => {
      names.push(name);
      done(new Error('refused'));
    };
    listening = tls.createServer({ ...server, SNICallback: seen });
    listening.on('tlsClientError', () => undefined);
    listening.listen(0, '127.0.0.1');
    await once(listening, 'listening');
  });
  after(() => listening.close());

  it('is server-name, else the host of the authority, else that of the target; an address is not sent', async () => {
    const { port } = listening.address() as AddressInfo;
    const ask = (host: string, options: object): Promise<string> => call(`${host}:${port}`, options);
    await ask('localhost', { tls: true });
    await ask('127.0.0.1', { tls: true });
    await ask('127.0.0.1', { tls: true, dial_options: { authority: 'shop.test:8443' } });
    await ask('127.0.0.1', { tls: true, dial_options: { authority: '[::1]:443' } });
    await ask('127.0.0.1', { tls: { 'server-name': 'other.test' }, dial_options: { authority: 'shop.test' } });
    assert.deepEqual(names, ['localhost', 'shop.test', 'other.test']);
  });
});

describe('the option tls of a gRPC gun', () => {
  const issue = (written: unknown): CodecIssue | undefined => {
    const decoded = grpcGunConfig.decode({ target: 'localhost:1', tls: written });
    return isLeft(decoded) ? (decoded.left[0] as CodecIssue) : undefined;
  };

  it('is a flag or a map', () => {
    for (const fine of [true, false, null, {}, { verify: true }]) assert.equal(issue(fine), undefined);
    assert.deepEqual([issue('true')?.code, issue('true')?.hint], ['wrong-type', 'write true or false without quotes']);
    assert.equal(issue(1)?.expected, 'true or false, or a map of options');
    assert.match(issue({ verfy: true })?.hint ?? '', /did you mean verify/);
    assert.match(issue({ key })?.hint ?? '', /add cert/);
  });

  it('is written back as it was', () => {
    for (const written of [true, { verify: true, 'server-name': 'a' }]) {
      const decoded = grpcGunConfig.decode({ target: 'localhost:1', tls: written });
      assert.ok(!isLeft(decoded));
      const { tls: back } = grpcGunConfig.encode(decoded.right);
      assert.deepEqual(back, written === true ? true : { verify: true, serverName: 'a' });
    }
    const off = grpcGunConfig.decode({ target: 'localhost:1', tls: false });
    assert.ok(!isLeft(off));
    assert.equal('tls' in grpcGunConfig.encode(off.right), false);
  });

  it('is described by the gun, with the files that it reads', () => {
    const { describe: described, traits } = grpc({ target: 'localhost:1', tls: { ca } })[CONFIGURED];
    assert.match(described(), /over TLS/);
    assert.deepEqual(traits.files, [{ path: ca, access: 'read', key: 'tls.ca' }]);
  });
});
