import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RequestCache } from '../../../../lib/wire/http1/requestCache.js';
import { request } from '../../guns/gunBench.js';

const MAX_MISSES = 100_000;
const options = { host: 'localhost', disableKeepAlives: false, acceptGzip: false };

/** A cache after the given number of requests, all different. */
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

  it('finds the previous request without a look-up', () => {
    const cache = after(MAX_MISSES);
    const one = request();
    assert.equal(cache.encoded(one), cache.encoded(one));
  });

  it('finds a request again after 99,999 others, all different', () => {
    assert.equal(remembers(after(MAX_MISSES - 3)), true);
  });

  it('does not search for it after 100,000 others, all different', () => {
    assert.equal(remembers(after(MAX_MISSES - 2)), false);
  });

  it('keeps requests without a limit after a repeated request', () => {
    const cache = after(10);
    assert.equal(remembers(cache), true);
    for (let i = 0; i < MAX_MISSES; i++) cache.encoded(request());
    assert.equal(remembers(cache), true);
  });
});
