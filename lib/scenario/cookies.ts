import { createRequire } from 'node:module';
import type { CookieJar } from 'tough-cookie';
import type { EpochMs } from '../core/units.js';

const load = createRequire(import.meta.url);

/** A cookie jar by RFC 6265 (tough-cookie), on a clock that is handed in. */
export class Cookies {
  #jar: CookieJar | undefined;

  /** What the header `Cookie` says to a URL; empty for nothing. */
  header(url: string, now: EpochMs): string {
    if (this.#jar === undefined) return '';
    const cookies = this.#jar.getCookiesSync(url, { expire: false, sort: true }).filter((cookie) => {
      const { creation } = cookie;
      return (cookie.expiryTime(creation instanceof Date ? creation : undefined) ?? Number.POSITIVE_INFINITY) > now;
    });
    return cookies.map((cookie) => cookie.cookieString()).join('; ');
  }

  /** Keeps what the headers `Set-Cookie` of an answer say. One that cannot be understood is ignored, as browsers do. */
  keep(headers: readonly string[], url: string, now: EpochMs): void {
    if (headers.length === 0) return;
    for (const header of headers) this.#open().setCookieSync(header, url, { ignoreError: true, now: new Date(now) });
  }

  /** The value of a cookie that would be sent to a URL. */
  value(name: string, url: string, now: EpochMs): string | undefined {
    for (const pair of this.header(url, now).split('; ')) {
      const equals = pair.indexOf('=');
      if (pair.slice(0, equals) === name) return pair.slice(equals + 1);
    }
    return undefined;
  }

  /** Forgets all. */
  clear(): void {
    this.#jar = undefined;
  }

  #open(): CookieJar {
    if (this.#jar === undefined) {
      const { CookieJar: Jar } = load('tough-cookie') as typeof import('tough-cookie');
      this.#jar = new Jar(undefined, { looseMode: true, rejectPublicSuffixes: false, allowSpecialUseDomain: true });
    }
    return this.#jar;
  }
}
