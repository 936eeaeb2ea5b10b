import { isHttpAmmo } from '../protocols/httpAmmo.js';

/** Bytes that are not valid UTF-8. */
export interface Base64 {
  readonly base64: string;
}

/** A decoded ammo as plain data; only `pool`, `id` and `tag` for ammo that is no HTTP request. */
export interface AmmoJson {
  readonly pool: string;
  readonly id: number;
  readonly tag: string;
  readonly method?: string;
  readonly requestTarget?: string;
  /** What the ammo itself fixes for the Host header; empty when the gun fills in its target's. */
  readonly host?: string;
  readonly headers?: Readonly<Record<string, readonly string[]>>;
  readonly body?: string | Base64 | null;
  /** Why the item can not be turned into a request. */
  readonly problem?: string;
  /** Ammo of another kind, as far as it is plain data. */
  readonly value?: unknown;
}

function bodyJson(body: Uint8Array | null): string | Base64 | null {
  if (body === null) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return { base64: Buffer.from(body).toString('base64') };
  }
}

/** Describes a decoded ammo as plain data. */
export function ammoJson(pool: string, ammo: unknown): AmmoJson {
  const { id = 0, tag = '' } = (ammo ?? {}) as { readonly id?: number; readonly tag?: string };
  if (!isHttpAmmo(ammo)) return { pool, id, tag, value: ammo };
  const { method, target, host, headers, body } = ammo.request;
  const byName: Record<string, string[]> = {};
  for (const [name, value] of headers) {
    byName[name] ??= [];
    byName[name].push(value);
  }
  const { problem } = ammo;
  const request = { pool, id, tag, method, requestTarget: target, host, headers: byName, body: bodyJson(body) };
  return problem === undefined ? request : { ...request, problem };
}
