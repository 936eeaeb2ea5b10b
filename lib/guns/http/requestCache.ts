import type { HttpRequest } from '../../protocols/httpRequest.js';
import type { EncodedRequest } from './encodedRequest.js';
import { type EncodeOptions, encodeRequest } from './encodeRequest.js';
import { HeadMemo } from './headMemo.js';

/** After so many requests of which none came twice, the ammo is taken to be different every time. */
const PATIENCE = 100_000;

/**
 * Encoded forms of the requests that a gun has met. Repeated ammo costs one look-up; ammo that never repeats is found
 * out and costs nothing but its encoding. Requests that nobody else holds any more are forgotten.
 */
export class RequestCache {
  readonly #known = new WeakMap<HttpRequest, EncodedRequest>();
  #last: HttpRequest | undefined;
  #lastEncoded: EncodedRequest | undefined;
  #misses = 0;

  constructor(readonly options: EncodeOptions) {}

  encoded(request: HttpRequest): EncodedRequest {
    if (request === this.#last) return this.#again(this.#lastEncoded as EncodedRequest);
    const found = this.#misses < PATIENCE ? this.#known.get(request) : undefined;
    if (found !== undefined) this.#misses = Number.NEGATIVE_INFINITY;
    const encoded = found ?? this.#encode(request);
    this.#last = request;
    this.#lastEncoded = encoded;
    return found === undefined ? encoded : this.#again(found);
  }

  #again(encoded: EncodedRequest): EncodedRequest {
    encoded.heads ??= new HeadMemo();
    return encoded;
  }

  #encode(request: HttpRequest): EncodedRequest {
    const encoded = encodeRequest(request, this.options);
    if (this.#misses < PATIENCE) this.#known.set(request, encoded);
    this.#misses++;
    return encoded;
  }
}
