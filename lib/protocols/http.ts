import { ElpisError } from '../core/errors.js';
import type { Ammo } from '../core/shot.js';
import type { Bytes } from '../core/units.js';

/**
 * An HTTP request as the ammo defines it, without the parts that the client adds. Immutable; may be shared by many
 * ammo.
 */
export interface HttpRequest {
  /** As written; never changed to upper case. */
  readonly method: string;
  /** The target of the request line: path and query, already escaped. */
  readonly target: string;
  /** Decoded path of the URL, for auto-tagging. */
  readonly path: string;
  /** The Host header of the ammo, with its port; empty when the gun fills in the host of the target. */
  readonly host: string;
  /** Ammo headers in order, names canonical, without Host; a name may repeat. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Exact bytes, or null for no body. */
  readonly body: Uint8Array | null;
  /** True when the ammo requests that the connection is closed after this request. */
  readonly close: boolean;
  /** True when the body must be sent in chunks (the Transfer-Encoding of the ammo was chunked). */
  readonly chunked: boolean;
  /** The trailers after the last chunk; only sent when `chunked`. Absent: none. */
  readonly trailers?: HttpTrailers;
  /**
   * The number of bytes by which the body is shorter than the Content-Length of the ammo; such a request cannot be
   * sent.
   */
  readonly missingBytes?: Bytes;
}

/** The trailers of a chunked request, names canonical and in alphabetical order. */
export interface HttpTrailers {
  /** The names that the Trailer header announces. */
  readonly names: readonly string[];
  /** The trailers that follow the body. */
  readonly values: readonly (readonly [name: string, value: string])[];
}

/** The ammo of one HTTP shot. */
export interface HttpAmmo extends Ammo {
  readonly protocol: 'http';
  readonly request: HttpRequest;
  /**
   * The reason that this item cannot be sent; absent when it can. A gun does not send such ammo, but emits a sample
   * with net code 999. The id is 0 unless the item failed after it got one.
   */
  readonly problem?: string;
}

/** True when the ammo is an HTTP request, which the HTTP guns require. */
export function isHttpAmmo(ammo: unknown): ammo is HttpAmmo {
  return typeof ammo === 'object' && ammo !== null && (ammo as Partial<HttpAmmo>).protocol === 'http';
}

/** Options of {@link toHttpAmmo}. */
export interface ToHttpAmmoOptions {
  /** Groups results. Default none. */
  readonly tag?: string;
  /** Default 0. */
  readonly id?: number;
  /** By name; a list repeats the header. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Text is sent as UTF-8. Default none. */
  readonly body?: string | Uint8Array;
  /** The Host header, instead of the host of the target. */
  readonly host?: string;
  /** Close the connection afterwards. Default false. */
  readonly close?: boolean;
}

/**
 * Makes ammo from an HTTP request, for your own providers.
 *
 * @param method As written on the request line; not changed to upper case.
 * @param target Path and query, as written on the request line: escaped, and starting with a slash.
 * @param options Tag, id, headers, body, host and whether the connection is closed.
 * @throws ElpisError `ELPIS_AMMO` for a target that does not start with a slash.
 * @example
 * toHttpAmmo('POST', '/orders?fast', { tag: 'order', headers: { 'Content-Type': 'application/json' }, body: '{"id":1}' });
 */
export function toHttpAmmo(method: string, target: string, options: ToHttpAmmoOptions = {}): HttpAmmo {
  const { tag = '', id = 0, headers = {}, body, host = '', close = false } = options;
  if (!target.startsWith('/')) {
    const hint = 'give path and query only; the host is that of the gun, or options.host';
    throw new ElpisError('ELPIS_AMMO', `${JSON.stringify(target)} is not a target; expected a path such as /a?b`, {
      hint,
    });
  }
  const pathOnly = target.split('?', 1)[0] as string;
  return {
    protocol: 'http',
    id,
    tag,
    request: {
      method,
      target,
      path: decoded(pathOnly),
      host,
      headers: Object.entries(headers).flatMap(([name, value]) =>
        (typeof value === 'string' ? [value] : value).map((each) => [name, each] as const),
      ),
      body: body === undefined ? null : typeof body === 'string' ? Buffer.from(body) : body,
      close,
      chunked: false,
    },
  };
}

/** A path that cannot be decoded is returned unchanged; it is only used for tags. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** Throws for ammo that is not an HTTP request. @throws ElpisError `ELPIS_SHOT` that names the kind of ammo. */
export function requireHttpAmmo(ammo: unknown, gun: string): void {
  if (isHttpAmmo(ammo)) return;
  const kind = (Object(ammo) as { protocol?: unknown }).protocol;
  const name = typeof kind === 'string' ? `${kind} ammo` : `ammo of type ${ammo === null ? 'null' : typeof ammo}`;
  throw new ElpisError('ELPIS_SHOT', `the ${gun} gun cannot shoot ${name}`, {
    hint: 'use a provider of HTTP requests: uri, uripost, raw or http/json',
  });
}
