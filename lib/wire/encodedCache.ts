import type { HttpRequest } from '../protocols/http.js';

/** After this many requests without a repetition, the cache assumes that the ammo is different every time. */
const MAX_MISSES = 100_000;

/**
 * Encoded forms `E` of the requests `R` that a gun has sent. Repeated ammo needs one look-up; ammo that never repeats is
 * detected and only encoded. Entries are weak: a request that is not referenced elsewhere is collected.
 */
export class EncodedCache<E extends object, R extends object = HttpRequest> {
  readonly #known = new WeakMap<R, E>();
  readonly #encode: (request: R) => E;
  readonly #repeated: ((encoded: E) => void) | undefined;
  #last: R | undefined;
  #lastEncoded: E | undefined;
  #misses = 0;

  /**
   * @param encode Called for a request that is not in the cache.
   * @param repeated Called for a request that is.
   */
  constructor(encode: (request: R) => E, repeated?: (encoded: E) => void) {
    this.#encode = encode;
    this.#repeated = repeated;
  }

  encoded(request: R): E {
    if (request === this.#last) {
      const last = this.#lastEncoded as E;
      this.#repeated?.(last);
      return last;
    }
    const found = this.#misses < MAX_MISSES ? this.#known.get(request) : undefined;
    this.#last = request;
    if (found === undefined) return this.#learn(request);
    this.#misses = Number.NEGATIVE_INFINITY;
    this.#lastEncoded = found;
    this.#repeated?.(found);
    return found;
  }

  #learn(request: R): E {
    const encoded = this.#encode(request);
    if (this.#misses < MAX_MISSES) this.#known.set(request, encoded);
    this.#misses++;
    this.#lastEncoded = encoded;
    return encoded;
  }
}
