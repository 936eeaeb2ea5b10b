import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isHttpAmmo, toHttpAmmo } from '../../../lib/protocols/http.js';
import { encodeRequest } from '../../../lib/wire/http1/request.js';

const wire = (...args: Parameters<typeof toHttpAmmo>): string =>
  encodeRequest(toHttpAmmo(...args).request, {
    host: 'target',
    disableKeepAlives: false,
    acceptGzip: false,
  }).bytes.toString();

describe('toHttpAmmo', () => {
  it('is ammo for the http guns, with nothing that was not asked for', () => {
    const ammo = toHttpAmmo('GET', '/');
    assert.ok(isHttpAmmo(ammo));
    assert.deepEqual([ammo.id, ammo.tag, ammo.request.body], [0, '', null]);
    assert.equal(wire('GET', '/'), 'GET / HTTP/1.1\r\nHost: target\r\nUser-Agent: Go-http-client/1.1\r\n\r\n');
  });

  it('takes headers, a body and a host', () => {
    const text = wire('POST', '/a%20b?c', { headers: { B: ['1', '2'], A: 'x' }, body: 'é', host: 'shop', close: true });
    assert.equal(
      text,
      'POST /a%20b?c HTTP/1.1\r\nHost: shop\r\nUser-Agent: Go-http-client/1.1\r\nConnection: close\r\n' +
        'Content-Length: 2\r\nA: x\r\nB: 1\r\nB: 2\r\n\r\né',
    );
  });

  it('knows its path, decoded where it can be', () => {
    assert.equal(toHttpAmmo('GET', '/a%20b?c').request.path, '/a b');
    assert.equal(toHttpAmmo('GET', '/100%').request.path, '/100%');
  });

  it('refuses an address', () => {
    assert.throws(() => toHttpAmmo('GET', 'http://host/'), /"http:\/\/host\/" is not a target/);
  });
});
