import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import * as tls from 'node:tls';
import { realTimeScheduler } from '../../../../lib/time/realTime.js';
import type { Origin } from '../../../../lib/wire/dial/origin.js';
import { socketConnector } from '../../../../lib/wire/dial/socketConnector.js';
import { anyCertificate } from '../../../../lib/wire/dial/tlsClient.js';
import { selfSigned } from '../../guns/selfSigned.js';

const dial = {
  scheduler: realTimeScheduler,
  timeout: 5000,
  tlsHandshakeTimeout: 5000,
  dualStack: true,
  fallbackDelay: 0,
  keepAlive: 0,
};

/** Opens a connection and closes it. Returns the protocol that ALPN chose. */
function protocolOf(origin: Origin, alpn?: readonly string[]): Promise<string | undefined> {
  const connect = socketConnector(alpn === undefined ? dial : { ...dial, tls: anyCertificate(alpn) });
  return new Promise((resolve, reject) => {
    const socket = connect(origin, {
      opened: (protocol) => {
        resolve(protocol);
        socket.destroy();
      },
      received: () => undefined,
      finished: () => reject(new Error('closed')),
      failed: reject,
    });
  });
}

describe('ALPN of socketConnector', () => {
  const rows: readonly (readonly [
    sentence: string,
    offers: readonly string[] | undefined,
    server: readonly string[] | undefined,
    chosen: string | undefined,
  ])[] = [
    ['offers http/1.1 by default', undefined, ['h2', 'http/1.1'], 'http/1.1'],
    ['offers what it is given', ['h2'], ['http/1.1', 'h2'], 'h2'],
    ['reports the choice of a server that prefers the second', ['h2', 'http/1.1'], ['http/1.1'], 'http/1.1'],
    ['reports no protocol when the server chooses none', ['h2'], undefined, undefined],
  ];
  for (const [sentence, offers, protocols, chosen] of rows) {
    it(sentence, async () => {
      const options = protocols === undefined ? {} : { ALPNProtocols: [...protocols] };
      const server = tls.createServer({ ...selfSigned(), ...options }, (socket) => socket.on('error', () => undefined));
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      try {
        const { port } = server.address() as AddressInfo;
        assert.equal(await protocolOf({ host: '127.0.0.1', port, ssl: true, remember: false }, offers), chosen);
      } finally {
        server.close();
      }
    });
  }

  it('fails when the server knows none of the protocols', async () => {
    const server = tls.createServer({ ...selfSigned(), ALPNProtocols: ['http/1.1'] });
    server.on('tlsClientError', () => undefined);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const { port } = server.address() as AddressInfo;
      const origin = { host: '127.0.0.1', port, ssl: true, remember: false };
      await assert.rejects(protocolOf(origin, ['h2']), /alert no application protocol/);
    } finally {
      server.close();
    }
  });
});
