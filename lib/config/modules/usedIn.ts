import { isLeft } from 'fp-ts/lib/Either.js';
import { foldKey } from '../../codec/foldKey.js';
import { isMap } from '../../codec/isMap.js';
import { nonEmpty } from '../../codec/nonEmpty.js';

/** The values of a key of a map, spelled in any way. */
function under(value: unknown, key: string): readonly unknown[] {
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([written, inner]) => (foldKey(written) === key ? [inner] : []));
}

const items = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The modules that operators of a config's pools name by `use`; what is wrong with these keys is found when all is decoded. */
export function usedIn(config: unknown): readonly string[] {
  return under(config, 'pools')
    .flatMap(items)
    .flatMap((pool) => under(pool, 'operators'))
    .flatMap((points) => ['ticks', 'shots', 'samples'].flatMap((point) => under(points, point)))
    .flatMap(items)
    .flatMap((operator) => under(operator, 'use'))
    .flatMap((specifier) => {
      const decoded = nonEmpty.decode(specifier);
      return isLeft(decoded) ? [] : [decoded.right];
    });
}
