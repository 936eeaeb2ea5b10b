import type { Middleware } from '../../core/component.js';
import type { HttpAmmo } from '../../protocols/httpAmmo.js';
import type { Troubles } from '../reading/troubles.js';
import type { HttpRow } from './httpRow.js';

function plain({ tag, request, problem }: HttpRow, id: number): HttpAmmo {
  return problem === undefined
    ? { protocol: 'http', id, tag, request }
    : { protocol: 'http', id, tag, request, problem };
}

/**
 * Makes the ammo of a row when it is taken, and passes it through the middlewares in order. When one throws, the ammo
 * has a problem instead.
 */
export function httpAmmoMaker(
  middlewares: readonly Middleware[],
  troubles: Troubles,
): (row: HttpRow, id: number) => HttpAmmo {
  if (middlewares.length === 0) return plain;
  const apply = middlewares as readonly unknown[] as readonly ((ammo: HttpAmmo) => HttpAmmo)[];
  return (row, id) => {
    let ammo = plain(row, id);
    if (row.problem !== undefined) return ammo;
    try {
      for (const middleware of apply) ammo = middleware(ammo);
    } catch (error) {
      const problem = `a middleware failed: ${error instanceof Error ? error.message : String(error)}`;
      troubles.unshootable(problem);
      return { ...ammo, problem };
    }
    return ammo;
  };
}
