import { ElpisError } from '../core/errors.js';
import type { HttpAmmo } from './httpAmmo.js';

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
