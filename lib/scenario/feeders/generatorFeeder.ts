import type { Random } from '../../core/deps.js';
import type { Vars } from '../session/vars.js';
import type { Feeder } from './feeder.js';

/**
 * Feeds sessions with rows that are made for them.
 *
 * @param make Makes the row of a scenario start by its global index, which no other start of the run has, in any thread. `random`
 *   depends on the seed of the run and that index.
 * @example
 * const orders = generatorFeeder((index, random) => ({ order: `order-${index}`, amount: 1 + Math.floor(random() * 5) }));
 */
export function generatorFeeder<Row extends Vars>(make: (index: number, random: Random) => Row): Feeder<Row> {
  return { name: 'generator', take: ({ index, stage }) => make(index, stage.random) };
}
