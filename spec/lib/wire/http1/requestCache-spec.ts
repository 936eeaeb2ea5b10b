import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RequestCache } from '../../../../lib/wire/http1/requestCache.js';
import { request } from '../../guns/gunBench.js';

const PATIENCE = 100_000;
const options = { host: 'localhost', disableKeepAlives: false, acceptGzip: false };

/** A cache that has met so many requests, none of them twice. */
function after(different: number): RequestCache {
  const cache = new RequestCache(options);
  for (let i = 0; i < different; i++) cache.encoded(request());
  return cache;
}

/** True when a request is found again after another one. */
function remembers(cache: RequestCache): boolean {
  const [one, other] = [request(), request()];
  const encoded = cache.encoded(one);
  cache.encoded(other);
  return cache.encoded(one) === encoded;
}

describe('RequestCache', () => {
  it('encodes a request once, and keeps its last response from the second time on', () => {
    const cache = new RequestCache(options);
    const [one, other] = [request(), request({ target: '/other', path: '/other' })];
    const encoded = cache.encoded(one);
    assert.equal(encoded.heads, undefined);
    assert.match(cache.encoded(other).bytes.toString(), /^GET \/other HTTP/);
    assert.equal(cache.encoded(one), encoded);
    assert.notEqual(encoded.heads, undefined);
  });

  it('knows the request before this one without a look-up', () => {
    const cache = after(PATIENCE);
    const one = request();
    assert.equal(cache.encoded(one), cache.encoded(one));
  });

  it('finds a request again when 99,999 have come, none of them twice', () => {
    assert.equal(remembers(after(PATIENCE - 3)), true);
  });

  it('does not look for it any more when 100,000 have come, none of them twice', () => {
    assert.equal(remembers(after(PATIENCE - 2)), false);
  });

  it('remembers for ever once a request has come again', () => {
    const cache = after(10);
    assert.equal(remembers(cache), true);
    for (let i = 0; i < PATIENCE; i++) cache.encoded(request());
    assert.equal(remembers(cache), true);
  });
});
