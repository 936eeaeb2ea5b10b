import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { netFailureOf } from '../../../lib/protocols/netFailure.js';

const system = (code: string, errno: number, syscall = 'read'): Error =>
  Object.assign(new Error(code), { code, errno, syscall });

describe('netFailureOf', () => {
  const ROWS: [sentence: string, error: unknown, netCode: number, errorName: string][] = [
    ['a refusal', system('ECONNREFUSED', -111, 'connect'), 111, 'connection refused'],
    ['a reset', system('ECONNRESET', -104), 104, 'connection reset'],
    ['a timeout', system('ETIMEDOUT', -110, 'connect'), 110, 'timeout'],
    ['no route', system('EHOSTUNREACH', -113, 'connect'), 113, 'host unreachable'],
    ['no network', system('ENETUNREACH', -101, 'connect'), 101, 'network unreachable'],
    ['a broken pipe', system('EPIPE', -32, 'write'), 32, 'broken pipe'],
    ['no free port', system('EADDRNOTAVAIL', -99, 'connect'), 99, 'no local address'],
    ['no free file', system('EMFILE', -24, 'connect'), 24, 'too many open files'],
    ['another errno', system('EACCES', -13, 'connect'), 13, 'eacces'],
    ['an unknown name', system('ENOTFOUND', -3008, 'getaddrinfo'), 999, 'dns failure'],
    ['a name server that fails', system('EAI_AGAIN', -3001, 'getaddrinfo'), 999, 'dns failure'],
    ['a TLS alert', system('EPROTO', -71, 'write'), 999, 'tls failure'],
    ['an OpenSSL error', Object.assign(new Error(), { code: 'ERR_SSL_WRONG_VERSION_NUMBER' }), 999, 'tls failure'],
    [
      'a handshake that ended',
      Object.assign(new Error('Client network socket disconnected before secure TLS connection was established'), {
        code: 'ECONNRESET',
      }),
      999,
      'tls failure',
    ],
    [
      'several addresses that refused',
      Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }),
      111,
      'connection refused',
    ],
    ['any other error', new Error('what'), 999, 'network error'],
    ['no error at all', undefined, 999, 'network error'],
  ];
  for (const [sentence, error, netCode, errorName] of ROWS) {
    it(`names ${sentence}`, () => assert.deepEqual(netFailureOf(error), { netCode, errorName }));
  }
});
