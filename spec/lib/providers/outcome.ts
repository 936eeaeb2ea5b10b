import type { DataSource } from '../../../lib/core/data.js';
import { sourceFromFunction } from '../../../lib/data/fromFunction.js';
import type { HttpAmmo } from '../../../lib/protocols/http.js';

export type Options = Readonly<Record<string, unknown>>;

export const targets = (ammo: readonly HttpAmmo[]): string =>
  ammo.map(({ request }) => request.target.slice(1)).join('');

/** A source that counts how often it was opened and closed. */
export function counted(chunks: readonly string[]): { source: DataSource; opened: number; closed: number } {
  const counts = {
    opened: 0,
    closed: 0,
    source: sourceFromFunction(
      async function* chunksOf() {
        counts.opened++;
        try {
          for (const chunk of chunks) {
            await new Promise(setImmediate);
            yield chunk;
          }
        } finally {
          counts.closed++;
        }
      },
      { name: 'ammo' },
    ),
  };
  return counts;
}
