import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isRight } from 'fp-ts/lib/Either.js';
import type { CodecIssue } from '../../../../lib/codec/issue.js';
import { httpGunConfig } from '../../../../lib/guns/shared/httpOptions.js';

describe('the options of the http gun', () => {
  it('have the defaults of Pandora, and additional limits that are off or large', () => {
    const decoded = httpGunConfig.decode({ target: 'h:1' });
    assert.ok(isRight(decoded));
    assert.deepEqual(decoded.right, {
      target: { host: 'h', port: 1, text: 'h:1' },
      ssl: false,
      redirect: false,
      connectSsl: false,
      dial: {
        timeout: 3000,
        dnsCache: true,
        dualStack: true,
        fallbackDelay: 0,
        keepAlive: 120_000,
        localAddresses: [],
        roundRobin: false,
        resolve: {},
      },
      tls: {
        verify: false,
        ca: '',
        serverName: '',
        cert: '',
        key: '',
        passphrase: '',
        minVersion: 'TLSv1.2',
        ciphers: '',
      },
      tlsHandshakeTimeout: 1000,
      disableKeepAlives: false,
      disableCompression: true,
      maxIdleConns: 0,
      maxIdleConnsPerHost: 0,
      idleConnTimeout: 90_000,
      requestTimeout: 0,
      bodyIdleTimeout: 0,
      responseHeaderTimeout: 0,
      expectContinueTimeout: 1000,
      maxBody: 16 * 1024 * 1024,
      autoTag: { enabled: false, uriElements: 2, noTagOnly: true },
      answlog: { enabled: false, path: 'answ.log', filter: 'error' },
      httptrace: { dump: false, trace: false },
      sharedClient: { enabled: false, clientNumber: 0 },
    });
  });

  it('are spelled as in Pandora', () => {
    const decoded = httpGunConfig.decode({
      target: '[::1]:443',
      ssl: true,
      redirect: true,
      'connect-ssl': true,
      dial: {
        timeout: '1s',
        'dns-cache': false,
        'dual-stack': false,
        'fallback-delay': '1s',
        'keep-alive': '1s',
      },
      'tls-handshake-timeout': '2s',
      'disable-keep-alives': true,
      'disable-compression': false,
      'max-idle-conns': 1,
      'max-idle-conns-per-host': 2,
      'idle-conn-timeout': '3s',
      'response-header-timeout': '4s',
      'expect-continue-timeout': '5s',
      'auto-tag': { enabled: true, 'uri-elements': 3, 'no-tag-only': false },
      answlog: { enabled: true, path: 'a', filter: 'all' },
      httptrace: { dump: true, trace: true },
      'shared-client': { enabled: true, 'client-number': 4 },
    });
    assert.ok(isRight(decoded));
    assert.equal(decoded.right.sharedClient.clientNumber, 4);
  });

  const REFUSED: [sentence: string, options: object, code: string][] = [
    ['no target', {}, 'required'],
    ['a URL for a target', { target: 'http://h:1' }, 'endpoint'],
    ['a filter that does not exist', { target: 'h:1', answlog: { filter: 'warn' } }, 'one-of'],
    ['no elements of a path, even when tagging is off', { target: 'h:1', 'auto-tag': { 'uri-elements': 0 } }, 'min'],
    ['an unknown key', { target: 'h:1', tsl: true }, 'unknown-key'],
    ['a timeout without a unit', { target: 'h:1', 'response-header-timeout': '5' }, 'bad-duration'],
  ];
  for (const [sentence, options, code] of REFUSED) {
    it(`refuse ${sentence}`, () => {
      const decoded = httpGunConfig.decode(options);
      assert.ok(!isRight(decoded));
      assert.deepEqual(
        decoded.left.map((issue) => (issue as CodecIssue).code),
        [code],
      );
    });
  }
});
