import { createRequire } from 'node:module';
import type { Cookie, CookieJar } from 'tough-cookie';
import type { EpochMs } from '../core/units.js';

const load = createRequire(import.meta.url);

/** The largest length of a header `Set-Cookie`, as in browsers; longer ones are ignored. */
export const COOKIE_LENGTH = 4096;
/** The largest number of cookies of one domain in a jar. */
export const COOKIES_PER_DOMAIN = 50;
/**
 * The largest number of cookies of all domains in a jar. An instance has one jar, so this bounds the memory of a run.
 */
export const COOKIES_PER_JAR = 200;

const keyOf = ({ domain, path, key }: Cookie): string => JSON.stringify([domain, path, key]);

function expiryOf(cookie: Cookie): EpochMs {
  const { creation } = cookie;
  return cookie.expiryTime(creation instanceof Date ? creation : undefined) ?? Number.POSITIVE_INFINITY;
}

/**
 * A cookie jar by RFC 6265 (tough-cookie), on a clock that is passed in. It limits the length of a cookie, the
 * cookies of a domain and the cookies of all domains. Expired cookies are removed first, then those that were set
 * longest ago.
 */
export class Cookies {
  /** The cookies, in the order in which they were last set. */
  readonly #kept = new Map<string, Cookie>();
  readonly #library = load('tough-cookie') as typeof import('tough-cookie');
  #jar: CookieJar | undefined;

  /** The header `Cookie` for a URL; empty when there are no cookies for it. */
  header(url: string, now: EpochMs): string {
    if (this.#jar === undefined) return '';
    const cookies = this.#jar.getCookiesSync(url, { expire: false, sort: true });
    return cookies
      .filter((cookie) => expiryOf(cookie) > now)
      .map((cookie) => cookie.cookieString())
      .join('; ');
  }

  /**
   * Keeps the cookies of the headers `Set-Cookie` of a response. A cookie that cannot be read is ignored, as in
   * browsers.
   *
   * @returns How many cookies were too long, or were removed because there were too many. Expired ones are not counted.
   */
  keep(headers: readonly string[], url: string, now: EpochMs): number {
    let dropped = 0;
    for (const header of headers) {
      if (header.length > COOKIE_LENGTH) {
        dropped++;
        continue;
      }
      this.#jar ??= this.#newJar();
      const cookie = this.#jar.setCookieSync(header, url, { ignoreError: true, now: new Date(now) });
      if (cookie === undefined) continue;
      const key = keyOf(cookie);
      this.#kept.delete(key);
      this.#kept.set(key, cookie);
      dropped += this.#bound(cookie.domain, now);
    }
    return dropped;
  }

  /** The value of a cookie that is sent to a URL. */
  value(name: string, url: string, now: EpochMs): string | undefined {
    for (const pair of this.header(url, now).split('; ')) {
      const equals = pair.indexOf('=');
      if (pair.slice(0, equals) === name) return pair.slice(equals + 1);
    }
    return undefined;
  }

  /** Removes all cookies. */
  clear(): void {
    this.#kept.clear();
    this.#jar = undefined;
  }

  /** Removes one cookie when a limit is exceeded. @returns 1 when it had not expired, otherwise 0. */
  #bound(domain: string | null, now: EpochMs): number {
    if (this.#kept.size <= COOKIES_PER_DOMAIN) return 0;
    const all = [...this.#kept.values()];
    const ofDomain = all.filter((cookie) => cookie.domain === domain);
    const over = ofDomain.length > COOKIES_PER_DOMAIN ? ofDomain : all.length > COOKIES_PER_JAR ? all : [];
    const expired = over.find((cookie) => expiryOf(cookie) <= now);
    const removed = expired ?? over[0];
    if (removed === undefined) return 0;
    this.#kept.delete(keyOf(removed));
    // The store is in memory, so the cookie is removed at once.
    this.#jar?.store.removeCookie(removed.domain, removed.path, removed.key, () => undefined);
    return expired === undefined ? 1 : 0;
  }

  #newJar(): CookieJar {
    const options = { looseMode: true, rejectPublicSuffixes: false, allowSpecialUseDomain: true };
    return new this.#library.CookieJar(undefined, options);
  }
}
