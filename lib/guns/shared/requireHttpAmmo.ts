import { ElpisError } from '../../core/errors.js';
import { isHttpAmmo } from '../../protocols/httpAmmo.js';

/** Refuses ammo that is no HTTP request. @throws ElpisError `ELPIS_SHOT` that names the kind of ammo. */
export function requireHttpAmmo(ammo: unknown, gun: string): void {
  if (isHttpAmmo(ammo)) return;
  const kind = (Object(ammo) as { protocol?: unknown }).protocol;
  const name = typeof kind === 'string' ? `${kind} ammo` : `ammo of type ${ammo === null ? 'null' : typeof ammo}`;
  throw new ElpisError('ELPIS_SHOT', `the ${gun} gun can not shoot ${name}`, {
    hint: 'use a provider of HTTP requests: uri, uripost, raw or http/json',
  });
}
