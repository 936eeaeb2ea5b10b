import { ElpisError } from '../core/errors.js';
import type { Ammo } from '../core/shot.js';
import type { Bytes } from '../core/units.js';

/**
 * An HTTP request as the ammo fixes it: what is sent except what the client adds. Immutable; may be shared by many ammo.
 */
export interface HttpRequest {
  /** As written; never changed to upper case. */
  readonly method: string;
  /** What stands on the request line: path and query, already escaped. */
  readonly target: string;
  /** Decoded path of the URL, for auto-tagging. */
  readonly path: string;
  /** What the ammo itself fixes for the Host header, port kept; empty when the gun fills in the target's host. */
  readonly host: string;
  /** Ammo headers in order, names canonical, without Host; a name may repeat. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Exact bytes, or null for no body. */
  readonly body: Uint8Array | null;
  /** True when the ammo asks for the connection to be closed after this request. */
  readonly close: boolean;
  /** True when the body must be sent in chunks (the ammo's own Transfer-Encoding was chunked). */
  readonly chunked: boolean;
  /** By how many bytes the body is shorter than the ammo's own Content-Length says; such a request can't be sent. */
  readonly missingBytes?: Bytes;
}

/** One HTTP request on its way to one shot. */
export interface HttpAmmo extends Ammo {
  readonly protocol: 'http';
  readonly request: HttpRequest;
  /**
   * Why this item could not be turned into a request that can be sent; absent when it could. A gun does not send such
   * ammo: it reports a sample with net code 999. Its id is 0 unless it failed after it had been given one.
   */
  readonly problem?: string;
}

/** True when the ammo is an HTTP request, which the HTTP guns require. */
export function isHttpAmmo(ammo: unknown): ammo is HttpAmmo {
  return typeof ammo === 'object' && ammo !== null && (ammo as Partial<HttpAmmo>).protocol === 'http';
}

/** What {@link toHttpAmmo} may be told beside method and target. */
export interface ToHttpAmmoOptions {
  /** Groups results. Default none. */
  readonly tag?: string;
  /** Default 0. */
  readonly id?: number;
  /** By name; a list repeats the header. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Text is sent as UTF-8. Default none. */
  readonly body?: string | Uint8Array;
  /** Overrules the target's host. */
  readonly host?: string;
  /** Close the connection afterwards. Default false. */
  readonly close?: boolean;
}

/**
 * An HTTP request as ammo, for providers of your own.
 *
 * @param target Path and query, as they stand on the request line: escaped, and starting with a slash.
 * @throws ElpisError `ELPIS_AMMO` for a target that doesn't start with a slash.
 * @example
 * toHttpAmmo('POST', '/orders?fast', { tag: 'order', headers: { 'Content-Type': 'application/json' }, body: '{"id":1}' });
 */
export function toHttpAmmo(method: string, target: string, options: ToHttpAmmoOptions = {}): HttpAmmo {
  const { tag = '', id = 0, headers = {}, body, host = '', close = false } = options;
  if (!target.startsWith('/')) {
    const hint = 'give path and query only; the host is that of the gun, or options.host';
    throw new ElpisError('ELPIS_AMMO', `${JSON.stringify(target)} is no target, expected a path such as /a?b`, {
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

/** What can't be decoded stays as it is: it is only used for tags. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** Refuses ammo that is no HTTP request. @throws ElpisError `ELPIS_SHOT` that names the kind of ammo. */
export function requireHttpAmmo(ammo: unknown, gun: string): void {
  if (isHttpAmmo(ammo)) return;
  const kind = (Object(ammo) as { protocol?: unknown }).protocol;
  const name = typeof kind === 'string' ? `${kind} ammo` : `ammo of type ${ammo === null ? 'null' : typeof ammo}`;
  throw new ElpisError('ELPIS_SHOT', `the ${gun} gun can not shoot ${name}`, {
    hint: 'use a provider of HTTP requests: uri, uripost, raw or http/json',
  });
}
