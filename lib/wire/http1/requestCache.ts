import type { HttpRequest } from '../../protocols/http.js';
import { ResponseHeadCache } from './parser/headCache.js';
import { type EncodedRequest, type EncodeOptions, encodeRequest } from './request.js';

/** After this many requests without a repetition, the cache assumes that the ammo is different every time. */
const MOST_MISSES = 100_000;

/**
 * Encoded forms of the requests that a gun has sent. Repeated ammo needs one look-up; ammo that never repeats is
 * detected and only encoded. Entries are weak: a request that is not referenced elsewhere is collected.
 */
export class RequestCache {
  readonly #known = new WeakMap<HttpRequest, EncodedRequest>();
  #last: HttpRequest | undefined;
  #lastEncoded: EncodedRequest | undefined;
  #misses = 0;

  constructor(readonly options: EncodeOptions) {}

  encoded(request: HttpRequest): EncodedRequest {
    if (request === this.#last) return this.#again(this.#lastEncoded as EncodedRequest);
    const found = this.#misses < MOST_MISSES ? this.#known.get(request) : undefined;
    if (found !== undefined) this.#misses = Number.NEGATIVE_INFINITY;
    const encoded = found ?? this.#encode(request);
    this.#last = request;
    this.#lastEncoded = encoded;
    return found === undefined ? encoded : this.#again(found);
  }

  #again(encoded: EncodedRequest): EncodedRequest {
    encoded.heads ??= new ResponseHeadCache();
    return encoded;
  }

  #encode(request: HttpRequest): EncodedRequest {
    const encoded = encodeRequest(request, this.options);
    if (this.#misses < MOST_MISSES) this.#known.set(request, encoded);
    this.#misses++;
    return encoded;
  }
}
