import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import { describe, it, mock } from 'node:test';
import { Gate, isLoopback } from '../../../lib/page/server/gate.js';

const TOKEN = 'q1w2e3';
const LOCAL = { host: '127.0.0.1', port: 9090, token: undefined };
const OPEN = { host: '0.0.0.0', port: 9090, token: TOKEN };

const requestOf = (headers: Record<string, string>, method = 'GET'): IncomingMessage =>
  ({ headers, method }) as unknown as IncomingMessage;

/** [sentence, options, headers, the status of a refusal of data] */
const DATA: readonly [string, typeof LOCAL | typeof OPEN, Record<string, string>, number | undefined][] = [
  ['a request of the page', LOCAL, { host: '127.0.0.1:9090', 'sec-fetch-site': 'same-origin' }, undefined],
  ['a request of a program', LOCAL, { host: '127.0.0.1:9090' }, undefined],
  ['localhost is this machine', LOCAL, { host: 'localhost:9090', origin: 'http://localhost:9090' }, undefined],
  ['a name that points here (DNS rebinding)', LOCAL, { host: 'evil.example:9090' }, 403],
  [
    'a name that points here, with its own origin',
    LOCAL,
    { host: 'evil.example:9090', origin: 'http://evil.example:9090' },
    403,
  ],
  ['a name that begins like this machine', LOCAL, { host: '127.0.0.1.evil.example:9090' }, 403],
  ['localhost as a part of another name', LOCAL, { host: 'localhost.evil.example:9090' }, 403],
  ['another port', LOCAL, { host: '127.0.0.1:80' }, 403],
  ['no host', LOCAL, {}, 403],
  ['an origin of another site', LOCAL, { host: '127.0.0.1:9090', origin: 'http://evil.example' }, 403],
  [
    'an origin of another server of this machine',
    LOCAL,
    { host: '127.0.0.1:9090', origin: 'http://127.0.0.1:3000' },
    403,
  ],
  ['an origin with TLS', LOCAL, { host: '127.0.0.1:9090', origin: 'https://127.0.0.1:9090' }, 403],
  ['a hidden origin, such as a sandboxed frame', LOCAL, { host: '127.0.0.1:9090', origin: 'null' }, 403],
  ['an image or a script of another site', LOCAL, { host: '127.0.0.1:9090', 'sec-fetch-site': 'cross-site' }, 403],
  ['a page on another port', LOCAL, { host: '127.0.0.1:9090', 'sec-fetch-site': 'same-site' }, 403],
  ['without the token', OPEN, { host: '10.0.0.5:9090' }, 401],
  ['with another token', OPEN, { host: '10.0.0.5:9090', authorization: 'Bearer q1w2e4' }, 401],
  ['with the beginning of the token', OPEN, { host: '10.0.0.5:9090', authorization: 'Bearer q1' }, 401],
  ['with the token', OPEN, { host: '10.0.0.5:9090', authorization: `Bearer ${TOKEN}` }, undefined],
  ['with the token, by IPv6', OPEN, { host: '[fe80::1]:9090', authorization: `Bearer ${TOKEN}` }, undefined],
  ['with the token, by another name', OPEN, { host: 'evil.example:9090', authorization: `Bearer ${TOKEN}` }, 403],
];

describe('the gate of the page', () => {
  for (const [sentence, options, headers, status] of DATA)
    it(`${status === undefined ? 'accepts' : 'refuses'} ${sentence}`, () =>
      assert.equal(new Gate(options).data(requestOf(headers))?.status, status));

  const command = { host: '127.0.0.1:9090', origin: 'http://127.0.0.1:9090', 'content-type': 'application/json' };

  /** [sentence, method, changed headers, the status of a refusal of a command] */
  const COMMANDS: readonly [string, string, Record<string, string>, number | undefined][] = [
    ['a POST of JSON from the page', 'POST', {}, undefined],
    ['JSON with a charset', 'POST', { 'content-type': 'application/json; charset=utf-8' }, undefined],
    ['a GET, such as a link or an image', 'GET', {}, 405],
    ['a form of another site', 'POST', { 'content-type': 'text/plain', origin: 'http://evil.example' }, 403],
    ['a form', 'POST', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['a text, which needs no consent of the server', 'POST', { 'content-type': 'text/plain' }, 415],
  ];
  for (const [sentence, method, changed, status] of COMMANDS)
    it(`${status === undefined ? 'accepts' : 'refuses'} as a command ${sentence}`, () =>
      assert.equal(new Gate(LOCAL).command(requestOf({ ...command, ...changed }, method))?.status, status));

  it('compares tokens in a time that does not depend on where they differ', () => {
    const compared = mock.method(crypto, 'timingSafeEqual');
    syncBuiltinESMExports();
    try {
      for (const given of ['Bearer q1w2e4', 'Bearer x', '']) {
        const { status } = new Gate(OPEN).data(requestOf({ host: '10.0.0.5:9090', authorization: given })) ?? {};
        assert.equal(status, 401);
      }
      const lengths = compared.mock.calls.flatMap(({ arguments: [a, b] }) => [a.byteLength, b.byteLength]);
      assert.deepEqual(lengths, [32, 32, 32, 32, 32, 32], 'also of tokens with another length');
    } finally {
      compared.mock.restore();
      syncBuiltinESMExports();
    }
  });

  it('refuses a command without an origin', () => {
    const { origin: _none, ...rest } = command;
    assert.equal(new Gate(LOCAL).command(requestOf(rest, 'POST'))?.status, 403);
  });

  it('refuses the page itself to another name', () => {
    assert.equal(new Gate(LOCAL).page(requestOf({ host: 'evil.example:9090' }))?.status, 403);
    assert.equal(new Gate(LOCAL).page(requestOf({ host: '127.0.0.1:9090' })), undefined);
  });

  it('knows the hosts that only this machine can connect to', () => {
    assert.deepEqual(
      ['localhost', '127.0.0.1', '127.9.9.9', '::1', '0.0.0.0', '10.0.0.1', '127.evil.example', '::'].map(isLoopback),
      [true, true, true, true, false, false, false, false],
    );
  });
});
